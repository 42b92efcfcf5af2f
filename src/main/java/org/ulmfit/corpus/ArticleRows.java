package org.ulmfit.corpus;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/**
 * Articles of many lines, each begun by its title as in WikiText; the title is part of the text.
 *
 * <pre>
 *  = Anarchism =
 *
 * Anarchism is a political philosophy that ...
 * </pre>
 */
final class ArticleRows implements RowReader {
  private static final int MAX_CHARS = 16_000_000;

  private final LineSource lines;
  private final String file;
  private @Nullable String title;
  private boolean ended;
  private long next = 1;

  ArticleRows(LineSource lines, String file) {
    this.lines = lines;
    this.file = file;
  }

  @Override
  public @Nullable Row next() throws IOException {
    while (!ended) {
      StringBuilder article = new StringBuilder(title == null ? "" : title + "\n");
      long first = next;
      collect(article);
      String text = article.toString().strip();
      if (!text.isEmpty()) {
        return Row.of(first, text);
      }
    }
    return null;
  }

  /** Up to the next title, which is kept. */
  private void collect(StringBuilder article) throws IOException {
    title = null;
    for (String line = lines.next(); line != null; line = lines.next()) {
      if (FormatFinder.ARTICLE_TITLE.matcher(line).matches()) {
        title = line;
        next = lines.number();
        return;
      }
      article.append(line).append('\n');
      if (article.length() > MAX_CHARS) {
        throw UlmfitException.badData(
            file
                + ": the article that ends at row "
                + lines.number()
                + " is longer than 16 million characters; split it");
      }
    }
    ended = true;
  }

  @Override
  public boolean ready() throws IOException {
    return lines.ready();
  }
}
