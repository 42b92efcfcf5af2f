package org.ulmfit.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** "Did you mean" for recipe keys. */
final class Suggestions {

  /**
   * The end of a message about an unknown key.
   *
   * @param prefix dotted path before the key, empty or ending in a dot
   * @param siblings the keys that exist there
   */
  static String forKey(String prefix, String key, Collection<String> siblings) {
    String near = nearest(key, siblings);
    if (near != null) {
      return "did you mean " + prefix + near + "?";
    }
    List<String> elsewhere =
        Key.all().stream()
            .map(Key::path)
            .filter(path -> path.equalsIgnoreCase(key) || path.endsWith("." + key))
            .toList();
    if (!elsewhere.isEmpty()) {
      return "did you mean " + String.join(" or ", elsewhere) + "?";
    }
    return "known here: " + String.join(", ", siblings);
  }

  /** The closest word within a third of its length, or null. */
  static String nearest(String word, Collection<String> known) {
    return known.stream()
        .filter(k -> distance(word, k) <= Math.max(1, Math.max(word.length(), k.length()) / 3))
        .min(Comparator.comparingInt(k -> distance(word, k)))
        .orElse(null);
  }

  /** Levenshtein distance, ignoring case, hyphens and underscores. */
  private static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
    String b = right.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private Suggestions() {}
}
