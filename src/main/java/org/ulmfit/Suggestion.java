package org.ulmfit;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the known name that a mistyped one probably stands for, and how messages end. */
public final class Suggestion {
  private Suggestion() {}

  /**
   * The nearest known name within a third of the longer word's length, at least one edit; of
   * equally near ones the first. Case, hyphens and underscores do not count.
   */
  public static Optional<String> nearest(String given, Collection<String> known) {
    String wanted = plain(given);
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String name : known) {
      String other = plain(name);
      int distance = distance(wanted, other);
      int longer = Math.max(wanted.length(), other.length());
      boolean near = distance <= Math.max(1, longer / 3) && distance < longer;
      if (near && distance < bestDistance) {
        bestDistance = distance;
        best = name;
      }
    }
    return Optional.ofNullable(best);
  }

  /** {@code ; did you mean 'x'?}, or nothing. */
  public static String hint(String given, Collection<String> known) {
    return nearest(given, known).map(Suggestion::question).orElse("");
  }

  /** {@code ; did you mean 'x'? (x | y)}, or {@code ; use x | y}: for names that are few. */
  public static String choice(String given, Collection<String> known) {
    String all = String.join(" | ", known);
    return nearest(given, known)
        .map(name -> question(name) + " (" + all + ")")
        .orElse("; use " + all);
  }

  /** {@code ; did you mean 'x'?} */
  public static String question(String name) {
    return "; did you mean '" + name + "'?";
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
  }

  /** Levenshtein distance; two neighbours swapped count as one edit. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1);
        best = Math.min(best, cost[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        cost[i][j] = swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
      }
    }
    return cost[a.length()][b.length()];
  }
}
