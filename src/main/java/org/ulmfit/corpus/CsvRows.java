package org.ulmfit.corpus;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.corpus.Dialect.Quotes;

/**
 * Rows of a table, one at a time, strict (RFC 4180 in any {@link Dialect}):
 *
 * <pre>
 * label,text
 * 0,plain text
 * 1,"quoted, with ""quotes"" and
 * a line end"
 * </pre>
 *
 * A quote opens a field only as its first character; rows end with LF or CRLF; empty lines are no
 * rows. Ours because a file that is broken must be refused at the row it breaks, and because a
 * dialect is found by reading in several.
 */
final class CsvRows {
  /** Longest field, so that an unclosed quote ends in a message and not in a full heap. */
  private static final int MAX_FIELD = 16_000_000;

  /** Most columns of a row: with long fields they would fill the heap. */
  private static final int MAX_COLUMNS = 100_000;

  private static final int END = -1;

  private final Reader in;
  private final Dialect dialect;
  private final char separator;
  private final boolean quoting;
  private final char lineEnd;
  private final char[] buffer = new char[1 << 16];
  private int position;
  private int limit;
  private long line = 1;
  private long startLine = 1;

  CsvRows(Reader in, Dialect dialect) throws IOException {
    this.in = in;
    this.dialect = dialect;
    this.separator = dialect.separator();
    this.quoting = dialect.quotes() != Quotes.NONE;
    this.lineEnd = dialect.carriageReturns() ? '\r' : '\n';
    if (dialect.named()) {
      skipLine();
    }
  }

  /** A row that breaks the rules; reading can go on behind it unless {@link #fatal}. */
  static final class BadRow extends Exception {
    private static final long serialVersionUID = 1;

    final String what;
    final boolean fatal;

    BadRow(String what, boolean fatal) {
      super(what);
      this.what = what;
      this.fatal = fatal;
    }
  }

  /** Line where the last row began, from 1. */
  long startLine() {
    return startLine;
  }

  /** Whether more can be had without waiting. */
  boolean ready() throws IOException {
    return position < limit || in.ready();
  }

  /** The fields of the next row, null at the end. */
  @Nullable List<String> next() throws IOException, BadRow {
    while (peek() == '\n' || peek() == '\r') {
      endOfLine();
    }
    startLine = line;
    if (peek() == END) {
      return null;
    }
    List<String> fields = new ArrayList<>();
    while (true) {
      fields.add(quoting && peek() == '"' ? quoted(fields.size() + 1) : plain(fields.size() + 1));
      int c = peek();
      if (c == END) {
        return fields;
      }
      if (c != separator) {
        endOfLine();
        return fields;
      }
      if (fields.size() == MAX_COLUMNS) {
        throw broken("more than 100,000 columns");
      }
      position++;
    }
  }

  private String plain(int column) throws IOException, BadRow {
    StringBuilder field = new StringBuilder();
    for (int c = peek(); c != END && c != separator && c != lineEnd; c = peek()) {
      position++;
      if (c == '\r' && peek() == '\n') {
        return field.toString();
      }
      if (c == '\r' && quoting) {
        throw broken("a carriage return without line feed in column " + column);
      }
      if (c == '"' && quoting) {
        throw broken("a quote inside unquoted column " + column);
      }
      append(field, (char) c, column);
    }
    return field.toString();
  }

  private String quoted(int column) throws IOException, BadRow {
    StringBuilder field = new StringBuilder();
    position++;
    while (true) {
      int c = peek();
      if (c == END) {
        throw new BadRow("the quote opened in column " + column + " is never closed", true);
      }
      position++;
      if (c == '\\' && dialect.quotes() == Quotes.BACKSLASH) {
        backslashes(field, column);
        continue;
      }
      if (c == '"') {
        if (peek() != '"') {
          break;
        }
        position++;
      } else if (c == lineEnd) {
        line++;
      }
      append(field, (char) c, column);
    }
    int c = peek();
    if (c != END && c != separator && c != '\n' && c != '\r') {
      throw broken(
          "text after the closing quote of column "
              + column
              + (field.toString().endsWith("\\") ? " (write \\\" as \"\")" : ""));
    }
    return field.toString();
  }

  /** Those before a quote escape it and one another; others stand for themselves. */
  private void backslashes(StringBuilder field, int column) throws IOException, BadRow {
    int n = 1;
    while (peek() == '\\') {
      position++;
      if (++n > MAX_FIELD) {
        throw tooLong(column);
      }
    }
    boolean escaping = peek() == '"';
    for (int i = escaping ? n / 2 : n; i > 0; i--) {
      append(field, '\\', column);
    }
    if (escaping && n % 2 == 1) {
      position++;
      append(field, '"', column);
    }
  }

  private void append(StringBuilder field, char c, int column) throws BadRow {
    if (field.length() == MAX_FIELD) {
      throw tooLong(column);
    }
    field.append(c);
  }

  private static BadRow tooLong(int column) {
    return new BadRow("column " + column + " is longer than 16 million characters", true);
  }

  private BadRow broken(String what) throws IOException {
    skipLine();
    return new BadRow(what, false);
  }

  private void skipLine() throws IOException {
    for (int c = peek(); c != END && c != lineEnd; c = peek()) {
      position++;
    }
    endOfLine();
  }

  /** Passes CRLF or LF; a lone CR counts as a line end before a row, or where the dialect says. */
  private void endOfLine() throws IOException {
    boolean ended = false;
    if (peek() == '\r') {
      position++;
      ended = dialect.carriageReturns();
    }
    if (peek() == '\n') {
      position++;
      ended = true;
    }
    line += ended ? 1 : 0;
  }

  private int peek() throws IOException {
    if (position == limit) {
      position = 0;
      limit = Math.max(0, in.read(buffer, 0, buffer.length));
    }
    return position == limit ? END : buffer[position];
  }
}
