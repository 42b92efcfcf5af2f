package org.ulmfit.cli;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The name that was probably meant. */
final class Nearest {
  private Nearest() {}

  /** The nearest known name, if it is near enough for its length. */
  static Optional<String> to(String given, Collection<String> known) {
    String wanted = given.toLowerCase(Locale.ROOT);
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String name : known) {
      int distance = distance(wanted, name.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        bestDistance = distance;
        best = name;
      }
    }
    boolean near = best != null && bestDistance <= Math.max(1, wanted.length() / 3);
    return near ? Optional.of(best) : Optional.empty();
  }

  /** {@code ; did you mean 'x'?}, or nothing. */
  static String hint(String given, Collection<String> known) {
    return to(given, known).map(name -> "; did you mean '" + name + "'?").orElse("");
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
