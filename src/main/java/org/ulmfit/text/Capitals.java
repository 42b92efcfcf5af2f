package org.ulmfit.text;

import java.util.ArrayList;
import java.util.List;

/** The rules that lower-case the text and leave a marker where capitals meant something. */
final class Capitals {
  private Capitals() {}

  /**
   * Over maximal runs of word and of other characters: a run in upper case of more than two
   * characters becomes {@code " t_up "} and the run in lower case; everything else is lower-cased.
   *
   * <p>fastai 0.7 do_caps
   */
  static String markRuns(String text) {
    StringBuilder out = new StringBuilder(text.length() + text.length() / 8);
    int length = text.length();
    for (int from = 0; from < length; ) {
      int c = text.codePointAt(from);
      boolean word = PythonText.isWord(c);
      int to = from;
      int characters = 0;
      while (to < length && PythonText.isWord(c = text.codePointAt(to)) == word) {
        to += Character.charCount(c);
        characters++;
      }
      if (characters > 2 && PythonText.isUpper(text, from, to)) {
        out.append(" t_up ");
      }
      PythonText.appendLower(out, text, from, to);
      from = to;
    }
    return out.toString();
  }

  /**
   * A token in upper case of more than one character becomes {@code xxup} and the token in lower
   * case.
   *
   * <p>fastai 1 replace_all_caps
   */
  static List<String> markUpperTokens(List<String> tokens) {
    List<String> out = new ArrayList<>(tokens.size() + 16);
    for (String token : tokens) {
      boolean upper =
          token.length() > 1
              && token.codePointCount(0, token.length()) > 1
              && PythonText.isUpper(token, 0, token.length());
      if (upper) {
        out.add("xxup");
      }
      out.add(upper ? PythonText.lower(token) : token);
    }
    return out;
  }

  /**
   * {@code xxmaj} before a token whose first character alone is a capital; every token in lower
   * case, empty ones dropped.
   *
   * <p>fastai 1 deal_caps
   */
  static List<String> markTitleTokens(List<String> tokens) {
    List<String> out = new ArrayList<>(tokens.size() + tokens.size() / 8);
    for (String token : tokens) {
      if (token.isEmpty()) {
        continue;
      }
      int first = token.codePointAt(0);
      int rest = Character.charCount(first);
      if (Character.isUpperCase(first) && PythonText.isLower(token, rest, token.length())) {
        out.add("xxmaj");
      }
      out.add(PythonText.lower(token));
    }
    return out;
  }

  /**
   * Words (between white space) that begin with A to Z and hold no a to z are lower-cased, {@code
   * xxup} before those of more than one character.
   *
   * <p>fastai 2 replace_all_caps
   */
  static String markUpperWords(String text) {
    return markWords(text, "xxup ", 'a', 'z');
  }

  /**
   * Words (between white space) that begin with A to Z and hold no other A to Z are lower-cased,
   * {@code xxmaj} before those of more than one character.
   *
   * <p>fastai 2 replace_maj
   */
  static String markTitleWords(String text) {
    return markWords(text, "xxmaj ", 'A', 'Z');
  }

  /** Words whose first character is A to Z and whose others lie outside a range. */
  private static String markWords(String text, String marker, char low, char high) {
    StringBuilder out = null;
    int copied = 0;
    int length = text.length();
    int i = 0;
    while (i < length) {
      char first = text.charAt(i);
      if (PythonText.isSpace(first)) {
        i++;
        continue;
      }
      int end = i + 1;
      boolean fits = first >= 'A' && first <= 'Z';
      char c;
      while (end < length && !PythonText.isSpace(c = text.charAt(end))) {
        fits &= c < low || c > high;
        end++;
      }
      if (fits) {
        out = out == null ? new StringBuilder(length + 32) : out;
        out.append(text, copied, i).append(end - i > 1 ? marker : "");
        PythonText.appendLower(out, text, i, end);
        copied = end;
      }
      i = end + 1;
    }
    return out == null ? text : out.append(text, copied, length).toString();
  }

  /**
   * The whole text in lower case without white space at its ends, {@code xxbos} before it.
   *
   * <p>fastai 2 lowercase
   */
  static String lowerWithStart(String text) {
    return "xxbos " + PythonText.strip(PythonText.lower(text));
  }
}
