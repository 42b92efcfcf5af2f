package org.ulmfit.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.ulmfit.Shown;

/**
 * A text with marks behind its words: the stronger, the more a word says for something, or, with a
 * dotted line, against it.
 */
public final class MarkedText {
  private static final int LEVELS = 4;
  private static final int LISTED = 6;
  private static final double FAINT = .08; // of the strongest: below, a word has no mark

  private MarkedText() {}

  /**
   * A word that is marked.
   *
   * @param start offset in the text, in UTF-16 units
   * @param end offset behind its last unit
   * @param weight greater than 0: for, less: against
   */
  public record Mark(int start, int end, double weight) {}

  /**
   * How strong a mark is among others.
   *
   * @param strongest the greatest weight there is, without its sign
   * @return 0: none; up to 4 for, down to -4 against
   */
  public static int level(double weight, double strongest) {
    double share = strongest > 0 ? Math.abs(weight) / strongest : 0;
    int level = share < FAINT ? 0 : (int) Math.min(LEVELS, 1 + Math.floor(share * LEVELS));
    return weight < 0 ? -level : level;
  }

  /**
   * A paragraph of it.
   *
   * @param marks in the order of the text, none over another
   */
  public static String paragraph(String text, List<Mark> marks) {
    return paragraph(text, marks, strongest(marks));
  }

  /**
   * A paragraph of it, one of several.
   *
   * @param strongest the greatest weight in all of them, without its sign
   */
  public static String paragraph(String text, List<Mark> marks, double strongest) {
    StringBuilder html = new StringBuilder("<p class=\"marked\">");
    int at = 0;
    for (Mark mark : marks) {
      int level = level(mark.weight, strongest);
      if (level != 0) {
        html.append(Html.text(text.substring(at, mark.start)));
        html.append("<mark class=\"").append(level > 0 ? "for" : "against");
        html.append(" m").append(Math.abs(level)).append("\">");
        html.append(Html.text(text.substring(mark.start, mark.end))).append("</mark>");
        at = mark.end;
      }
    }
    return html.append(Html.text(text.substring(at))).append("</p>\n").toString();
  }

  /** The greatest weight, without its sign. */
  public static double strongest(List<Mark> marks) {
    return marks.stream().mapToDouble(mark -> Math.abs(mark.weight)).max().orElse(0);
  }

  /** The strongest words in a line each for and against, as those read it who see no marks. */
  static List<String> strongest(String text, List<Mark> marks) {
    return List.of("for it: " + listed(text, marks, 1), "against it: " + listed(text, marks, -1));
  }

  private static String listed(String text, List<Mark> marks, int sign) {
    String words =
        marks.stream()
            .filter(mark -> sign * mark.weight > 0)
            .sorted(Comparator.comparingDouble(mark -> -sign * mark.weight))
            .limit(LISTED)
            .map(
                mark ->
                    String.format(
                        Locale.ROOT,
                        "%s %+.2f",
                        Shown.name(text.substring(mark.start, mark.end)),
                        mark.weight))
            .collect(Collectors.joining("; "));
    return words.isEmpty() ? "-" : words;
  }
}
