package org.ulmfit.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The text of a document while the rules rewrite it, one after the other; one per thread, used
 * again for the next document.
 *
 * <p>A rule reads {@link #chars} up to {@link #length}. Where something has to change it calls,
 * from left to right, {@code keepTo(from)}, any {@code add}, {@code skipTo(to)}: what is added
 * replaces the range. {@link #end} makes the outcome the text; without any call before, it is free.
 *
 * <p>A {@link #traced} buffer also tells of each character what it stands for in the original.
 */
final class TextBuffer {
  // What a text may hold, so that a rule knows without a look of its own that it has nothing to do.
  static final int AMPERSAND = 1;
  static final int SEMICOLON = 1 << 1;
  static final int BACKSLASH = 1 << 2;
  static final int LESS = 1 << 3;
  static final int AT = 1 << 4;
  static final int SLASH = 1 << 5;
  static final int HASH = 1 << 6;
  static final int NEWLINE = 1 << 7;
  static final int CAPITAL = 1 << 8; // A to Z
  static final int NOT_ASCII = 1 << 9;
  static final int RUN = 1 << 10; // a character three times
  static final int SPACES = 1 << 11; // two spaces

  private static final int[] KINDS = kinds();
  private static final int LASTING = 1 << 18; // characters kept for the next document

  private char[] chars = new char[1 << 12];
  private int length;
  private int kinds; // of chars
  private boolean seen; // whether kinds is up to date
  private char[] edited = new char[1 << 12];
  private int size; // of edited
  private int taken; // up to where chars has been copied or skipped
  private boolean editing;
  private final @Nullable Origins origins; // null: not traced

  TextBuffer() {
    origins = null;
  }

  private TextBuffer(String text) {
    origins = new Origins(text.length());
    set(text);
  }

  /** A buffer for one text, whose characters' origins it follows. */
  static TextBuffer traced(String text) {
    return new TextBuffer(text);
  }

  private static int[] kinds() {
    int[] kinds = new int[128];
    String marks = "&;\\<@/#\n"; // in the order of the bits
    for (int i = 0; i < marks.length(); i++) {
      kinds[marks.charAt(i)] = 1 << i;
    }
    Arrays.fill(kinds, 'A', 'Z' + 1, CAPITAL);
    return kinds;
  }

  /** Takes a new text. */
  void set(String text) {
    length = text.length();
    if (length > chars.length || chars.length > LASTING) {
      chars = new char[Math.max(length, 1 << 12)];
    }
    if (edited.length > LASTING) {
      edited = new char[1 << 12];
    }
    text.getChars(0, length, chars, 0);
    seen = false;
    editing = false;
  }

  /** The kind of a character, 0 for those of none. */
  static int kind(char c) {
    return c < 128 ? KINDS[c] : NOT_ASCII;
  }

  private static int kinds(char[] text, int length) {
    int found = 0;
    char before = 0;
    char earlier = 0;
    for (int i = 0; i < length; i++) {
      char c = text[i];
      found |= kind(c);
      if (c == before) {
        found |= c == earlier ? RUN : 0;
        found |= c == ' ' ? SPACES : 0;
      }
      earlier = before;
      before = c;
    }
    return found;
  }

  char[] chars() {
    return chars;
  }

  int length() {
    return length;
  }

  /** What the characters stand for in the original; null if the buffer is not traced. */
  @Nullable Origins origins() {
    return origins;
  }

  /** Whether the text holds something of any of these kinds. */
  boolean holds(int anyOf) {
    if (!seen) {
      kinds = kinds(chars, length);
      seen = true;
    }
    return (kinds & anyOf) != 0;
  }

  /** Keeps what stands before {@code i} and was not skipped. */
  void keepTo(int i) {
    if (!editing) {
      editing = true;
      size = 0;
      taken = 0;
      if (origins != null) {
        origins.begin();
      }
    }
    if (origins != null) {
      origins.settle(taken, taken);
      origins.copy(taken, i);
    }
    int n = i - taken;
    reserve(n);
    System.arraycopy(chars, taken, edited, size, n);
    size += n;
    taken = i;
  }

  void skipTo(int i) {
    if (origins != null) {
      origins.settle(taken, i);
    }
    taken = i;
  }

  void add(char c) {
    reserve(1);
    edited[size++] = c;
    if (origins != null) {
      origins.add(1);
    }
  }

  void addCodePoint(int codePoint) {
    if (codePoint >>> 16 == 0) {
      add((char) codePoint);
    } else {
      add(Character.highSurrogate(codePoint));
      add(Character.lowSurrogate(codePoint));
    }
  }

  void add(String text) {
    int n = text.length();
    reserve(n);
    text.getChars(0, n, edited, size);
    size += n;
    if (origins != null) {
      origins.add(n);
    }
  }

  /** Adds a range of the text itself. */
  void add(int from, int to) {
    reserve(to - from);
    System.arraycopy(chars, from, edited, size, to - from);
    size += to - from;
    if (origins != null) {
      origins.copy(from, to);
    }
  }

  private void reserve(int more) {
    if (size + more > edited.length) {
      edited = Arrays.copyOf(edited, Math.max(size + more, edited.length + edited.length / 2));
    }
  }

  /** The rule is done. */
  void end() {
    if (!editing) {
      return;
    }
    keepTo(length);
    char[] before = chars;
    chars = edited;
    length = size;
    edited = before;
    editing = false;
    seen = false;
    if (origins != null) {
      origins.end();
    }
  }

  /**
   * Characters behind the text's end, out of the rules' sight: a token that does not stand in the
   * text, and for nothing in it; where its origin is asked for, it marks the token that follows it.
   *
   * @return where they begin
   */
  int append(String more) {
    if (origins != null) {
      origins.append(more.length());
    }
    return put(more);
  }

  /** The same for a token that stands for a range of the text. */
  int appendFor(String more, int from, int to) {
    if (origins != null) {
      origins.appendFor(more.length(), from, to);
    }
    return put(more);
  }

  private int put(String more) {
    int at = length;
    length += more.length();
    if (length > chars.length) {
      chars = Arrays.copyOf(chars, Math.max(length, chars.length + chars.length / 2));
    }
    more.getChars(0, more.length(), chars, at);
    return at;
  }

  @Override
  public String toString() {
    return new String(chars, 0, length);
  }
}
