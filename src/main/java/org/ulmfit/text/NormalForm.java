package org.ulmfit.text;

import java.text.Normalizer;

/**
 * Brings a text to a Unicode normal form, stretch by stretch, so that it stays known what each
 * character stands for: a stretch is a character with all behind it that may join it (combining
 * marks, Hangul vowels and trailing letters). Stretches never change each other. Thread-safe.
 */
final class NormalForm {
  private static final int MARKS =
      1 << Character.NON_SPACING_MARK
          | 1 << Character.COMBINING_SPACING_MARK
          | 1 << Character.ENCLOSING_MARK;
  private static final byte STAYS = 1; // alone
  private static final byte CHANGES = 2; // alone
  private static final byte JOINS = 3; // may join what stands before it

  /** Code points in a stretch at most: putting marks in order takes longer than linear time. */
  private static final int LONGEST = 256;

  private final Normalizer.Form form;
  private final byte[] kinds = new byte[0x20000]; // 0: not known yet; threads find the same

  NormalForm(Normalizer.Form form) {
    this.form = form;
  }

  void apply(TextBuffer text) {
    if (!text.holds(TextBuffer.NOT_ASCII)) {
      return;
    }
    char[] chars = text.chars();
    int length = text.length();
    int i = 0;
    while (i < length) {
      int c = Character.codePointAt(chars, i, length);
      int end = i + Character.charCount(c);
      boolean stays = c < 128 || kind(c) == STAYS;
      for (int n = 1; end < length && chars[end] >= 128 && n < LONGEST; n++) {
        int next = Character.codePointAt(chars, end, length);
        if (kind(next) != JOINS) {
          break;
        }
        stays = false;
        end += Character.charCount(next);
      }
      if (!stays) {
        replace(text, i, end);
      }
      i = end;
    }
    text.end();
  }

  private void replace(TextBuffer text, int from, int to) {
    String is = new String(text.chars(), from, to - from);
    String normal = Normalizer.normalize(is, form);
    if (!normal.equals(is)) {
      text.keepTo(from);
      text.add(normal);
      text.skipTo(to);
    }
  }

  private byte kind(int codePoint) {
    if (codePoint >= kinds.length) {
      return find(codePoint);
    }
    if (kinds[codePoint] == 0) {
      kinds[codePoint] = find(codePoint);
    }
    return kinds[codePoint];
  }

  private byte find(int codePoint) {
    String is = Character.toString(codePoint);
    String normal = Normalizer.normalize(is, form);
    int first = normal.codePointAt(0);
    boolean joins =
        (MARKS >> Character.getType(first) & 1) != 0
            || first >= 0x1160 && first <= 0x11FF // Hangul vowels and trailing letters
            || first >= 0x16D63 && first <= 0x16D6A; // vowels of Kirat Rai
    return joins ? JOINS : normal.equals(is) ? STAYS : CHANGES;
  }
}
