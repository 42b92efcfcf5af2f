package org.ulmfit.corpus;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/**
 * Lines of a text. They end with LF or CRLF and nothing else, or where there is no line feed at all
 * with CR.
 */
final class LineSource {
  private static final int MAX_LINE = 16_000_000;

  private final Reader in;
  private final String file;
  private final char lineEnd;
  private final char[] buffer = new char[1 << 16];
  private final StringBuilder line = new StringBuilder();
  private int position;
  private int limit;
  private long number;

  LineSource(Reader in, String file, boolean carriageReturns) {
    this.in = in;
    this.file = file;
    this.lineEnd = carriageReturns ? '\r' : '\n';
  }

  /** Number of the line read last, from 1. */
  long number() {
    return number;
  }

  /** The next line without its end; null at the end of the text. */
  @Nullable String next() throws IOException {
    line.setLength(0);
    while (true) {
      if (position == limit && !fill()) {
        if (line.length() == 0) {
          return null;
        }
        number++;
        return done();
      }
      int end = position;
      while (end < limit && buffer[end] != lineEnd) {
        end++;
      }
      line.append(buffer, position, end - position);
      if (line.length() > MAX_LINE) {
        throw UlmfitException.badData(
            file + ": row " + (number + 1) + " is longer than 16 million characters; split it");
      }
      position = Math.min(end + 1, limit);
      if (end < limit) {
        number++;
        return done();
      }
    }
  }

  /** Whether a line, or a part of one, can be had without waiting. */
  boolean ready() throws IOException {
    return position < limit || in.ready();
  }

  private String done() {
    int length = line.length();
    boolean crlf = lineEnd == '\n' && length > 0 && line.charAt(length - 1) == '\r';
    return line.substring(0, crlf ? length - 1 : length);
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    return limit > 0;
  }
}
