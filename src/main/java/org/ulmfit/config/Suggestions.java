package org.ulmfit.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.ulmfit.EditDistance;

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
    return EditDistance.of(plain(left), plain(right));
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
  }

  private Suggestions() {}
}
