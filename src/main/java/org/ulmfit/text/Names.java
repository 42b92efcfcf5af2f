package org.ulmfit.text;

import java.util.List;
import org.ulmfit.EditDistance;

/** Help for a mistyped name. */
final class Names {
  private Names() {}

  /** The end of an error line: the nearest name if one is near, and all that may be used. */
  static String hint(String given, List<String> known) {
    String best = null;
    int bestDistance = 4;
    for (String name : known) {
      int distance = EditDistance.of(given, name);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = name;
      }
    }
    String use = String.join(" | ", known);
    return best == null ? "; use " + use : "; did you mean '" + best + "'? (" + use + ")";
  }
}
