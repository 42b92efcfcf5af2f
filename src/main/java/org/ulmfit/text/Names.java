package org.ulmfit.text;

import java.util.List;

/** Help for a mistyped name. */
final class Names {
  private Names() {}

  /** The end of an error line: the nearest name if one is near, and all that may be used. */
  static String hint(String given, List<String> known) {
    String best = null;
    int bestDistance = 4;
    for (String name : known) {
      int distance = distance(given, name);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = name;
      }
    }
    String use = String.join(" | ", known);
    return best == null ? "; use " + use : "; did you mean '" + best + "'? (" + use + ")";
  }

  /** Levenshtein distance. */
  private static int distance(String a, String b) {
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
}
