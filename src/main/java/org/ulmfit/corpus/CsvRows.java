package org.ulmfit.corpus;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of CSV (RFC 4180) or TSV, one at a time, strict:
 *
 * <pre>
 * label,text
 * 0,plain text
 * 1,"quoted, with ""quotes"" and
 * a line end"
 * </pre>
 *
 * A quote opens a field only as its first character and is doubled inside; rows end with LF or
 * CRLF; empty lines are no rows. Ours because a file that is broken must be refused at the row it
 * breaks: FastCSV 4.0.0 takes an unclosed quote for the rest of the file and drops text after a
 * lone carriage return in quotes.
 */
public final class CsvRows {
  /** Longest field, so that an unclosed quote ends in a message and not in a full heap. */
  private static final int MAX_FIELD = 16_000_000;

  private static final int END = -1;

  private final Reader in;
  private final char separator;
  private final boolean quoting;
  private final char[] buffer = new char[1 << 16];
  private int position;
  private int limit;
  private long line = 1;
  private long startLine = 1;

  public CsvRows(Reader in, char separator, boolean quoting) {
    this.in = in;
    this.separator = separator;
    this.quoting = quoting;
  }

  /** A row that breaks the rules; reading can go on behind it unless {@link #fatal}. */
  public static final class BadRow extends Exception {
    final boolean fatal;

    BadRow(String what, boolean fatal) {
      super(what);
      this.fatal = fatal;
    }
  }

  /** Line where the last row began, from 1. */
  public long startLine() {
    return startLine;
  }

  /** The fields of the next row, null at the end. */
  public List<String> next() throws IOException, BadRow {
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
      position++;
    }
  }

  private String plain(int column) throws IOException, BadRow {
    StringBuilder field = new StringBuilder();
    for (int c = peek(); c != END && c != separator && c != '\n'; c = peek()) {
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
      if (c == '"') {
        if (peek() != '"') {
          break;
        }
        position++;
      } else if (c == '\n') {
        line++;
      }
      append(field, (char) c, column);
    }
    int c = peek();
    if (c != END && c != separator && c != '\n' && c != '\r') {
      throw broken("text after the closing quote of column " + column);
    }
    return field.toString();
  }

  private void append(StringBuilder field, char c, int column) throws BadRow {
    if (field.length() == MAX_FIELD) {
      throw new BadRow("column " + column + " is longer than 16 million characters", true);
    }
    field.append(c);
  }

  private BadRow broken(String what) throws IOException {
    for (int c = peek(); c != END && c != '\n'; c = peek()) {
      position++;
    }
    endOfLine();
    return new BadRow(what, false);
  }

  /** Passes CRLF or LF; a lone CR counts as a line end before a row only. */
  private void endOfLine() throws IOException {
    if (peek() == '\r') {
      position++;
    }
    if (peek() == '\n') {
      position++;
      line++;
    }
  }

  private int peek() throws IOException {
    if (position == limit) {
      position = 0;
      limit = Math.max(0, in.read(buffer, 0, buffer.length));
    }
    return position == limit ? END : buffer[position];
  }
}
