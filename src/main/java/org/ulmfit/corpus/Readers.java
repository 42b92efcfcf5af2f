package org.ulmfit.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;

/** Opens the reader that a layout asks for. */
final class Readers {
  private Readers() {}

  /**
   * @param blank whether blank lines are rows, where a line is a text
   */
  static RowReader open(InputStream in, Layout layout, CorpusOptions options, boolean blank)
      throws IOException {
    Reader text = new StrictReader(in, layout.charset(), layout.name());
    if (layout.format().isTable()) {
      return new TableRows(text, layout);
    }
    LineSource lines = new LineSource(text, layout.name(), layout.carriageReturns());
    return switch (layout.format()) {
      case JSONL -> JsonRows.lines(lines, layout, options);
      case JSON -> JsonRows.array(text, layout, options);
      case FASTTEXT -> LineRows.fastText(lines, blank);
      case ARTICLES -> new ArticleRows(lines, layout.name());
      default ->
          options.linePattern() == null
              ? LineRows.plain(lines, blank)
              : LineRows.byPattern(lines, options.linePattern());
    };
  }
}
