package org.ulmfit.text;

import java.util.Set;

/** Where words go on, for what was cut into parts of them. */
public final class WordParts {
  /** Scripts that put no space between words: a part is as good as a word. */
  private static final Set<Character.UnicodeScript> UNSPACED =
      Set.of(
          Character.UnicodeScript.HAN,
          Character.UnicodeScript.HIRAGANA,
          Character.UnicodeScript.KATAKANA,
          Character.UnicodeScript.THAI,
          Character.UnicodeScript.LAO,
          Character.UnicodeScript.KHMER,
          Character.UnicodeScript.MYANMAR,
          Character.UnicodeScript.TIBETAN);

  private WordParts() {}

  /** Whether two characters that stand side by side are of one word. */
  public static boolean isInside(int before, int after) {
    return isSpacedLetter(before) && isSpacedLetter(after);
  }

  private static boolean isSpacedLetter(int character) {
    int type = Character.getType(character);
    boolean letter =
        Character.isLetterOrDigit(character)
            || type == Character.NON_SPACING_MARK
            || type == Character.COMBINING_SPACING_MARK;
    return letter && !UNSPACED.contains(Character.UnicodeScript.of(character));
  }
}
