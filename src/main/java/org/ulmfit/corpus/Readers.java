package org.ulmfit.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Opens the reader that a layout asks for. */
final class Readers {
  private Readers() {}

  /**
   * @param answering whether each text gets an answer: a blank line is a text then, and labels do
   *     not matter
   */
  static RowReader open(InputStream in, Layout layout, CorpusOptions options, boolean answering)
      throws IOException {
    return open(in, layout, options, answering, null);
  }

  /**
   * @param watch that sees each row; null: none
   */
  static RowReader open(
      InputStream in,
      Layout layout,
      CorpusOptions options,
      boolean answering,
      @Nullable SplitWatch watch)
      throws IOException {
    Reader text =
        new StrictReader(
            in, Objects.requireNonNull(layout.charset()), layout.name()); // a file has one
    if (layout.format().isTable()) {
      return new TableRows(text, layout, answering, watch);
    }
    LineSource lines = new LineSource(text, layout.name(), layout.carriageReturns());
    return switch (layout.format()) {
      case JSONL -> JsonRows.lines(lines, layout, options, answering, watch);
      case JSON -> JsonRows.array(text, layout, options, answering, watch);
      case FASTTEXT -> LineRows.fastText(lines, answering, layout.labels());
      case ARTICLES -> new ArticleRows(lines, layout.name());
      default ->
          options.linePattern() == null
              ? LineRows.plain(lines, answering)
              : LineRows.byPattern(lines, options.linePattern(), answering, layout.labels());
    };
  }
}
