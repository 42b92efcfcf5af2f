package org.ulmfit.text;

/**
 * Whether a range is an address; one instance per thread. {@link #begin} names the chunk, then any
 * sub-ranges of it may be asked for as the affixes come off.
 */
sealed interface UrlRule permits LooseUrl, StrictUrl {
  /** Takes a new chunk. */
  void begin(char[] text, int from, int to);

  /** Whether all of a sub-range of the chunk is an address. Both ends only ever move inwards. */
  boolean matches(int from, int to);

  static UrlRule of(WordProfile profile) {
    return profile.today() ? new StrictUrl(profile.classes()) : new LooseUrl();
  }

  /** Index of a character, or {@code to}. */
  static int indexOf(char[] text, char c, int from, int to) {
    int i = from;
    while (i < to && text[i] != c) {
      i++;
    }
    return i;
  }
}
