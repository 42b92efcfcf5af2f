package org.ulmfit.report;

import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
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
    String marked =
        marked(
            text,
            marks,
            strongest,
            Html::text,
            (word, level) ->
                Shown.format(
                    "<mark class=\"%s m%d\">%s</mark>",
                    level > 0 ? "for" : "against", Math.abs(level), Html.text(word)));
    return "<p class=\"marked\">" + marked + "</p>\n";
  }

  /** How a word is written that has a level. */
  public interface Marked {
    String of(String word, int level);
  }

  /**
   * The text with its marked words written otherwise than the rest.
   *
   * @param strongest the greatest weight there is, without its sign
   */
  public static String marked(
      String text, List<Mark> marks, double strongest, UnaryOperator<String> plain, Marked marked) {
    StringBuilder written = new StringBuilder();
    int at = 0;
    for (Mark mark : marks) {
      int level = level(mark.weight, strongest);
      if (level != 0) {
        written.append(plain.apply(text.substring(at, mark.start)));
        written.append(marked.of(text.substring(mark.start, mark.end), level));
        at = mark.end;
      }
    }
    return written.append(plain.apply(text.substring(at))).toString();
  }

  /** A word and its weight, as lists have them; what is against keeps its sign, however small. */
  public static String weighed(String word, double weight) {
    return Shown.format("%s %+.2f", Shown.name(word), weight);
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
            .map(mark -> weighed(text.substring(mark.start, mark.end), mark.weight))
            .collect(Collectors.joining("; "));
    return words.isEmpty() ? "-" : words;
  }
}
