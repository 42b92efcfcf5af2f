package org.ulmfit.config;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.ulmfit.Suggestion;

/** What was meant by a recipe key that does not exist. */
final class Suggestions {

  /**
   * The end of a message about an unknown key.
   *
   * @param prefix dotted path before the key, empty or ending in a dot
   * @param siblings the keys that exist there
   */
  static String forKey(String prefix, String key, Collection<String> siblings) {
    Optional<String> near = Suggestion.nearest(key, siblings);
    if (near.isPresent()) {
      return Suggestion.question(prefix + near.get());
    }
    List<String> elsewhere =
        Key.all().stream()
            .map(Key::path)
            .filter(path -> path.equalsIgnoreCase(key) || path.endsWith("." + key))
            .toList();
    return elsewhere.isEmpty()
        ? "; known here: " + String.join(", ", siblings)
        : Suggestion.question(String.join("' or '", elsewhere));
  }

  private Suggestions() {}
}
