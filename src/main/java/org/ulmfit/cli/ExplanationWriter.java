package org.ulmfit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ulmfit.Shown;
import org.ulmfit.corpus.TextReader.Text;
import org.ulmfit.predict.Explanation;
import org.ulmfit.predict.Explanation.Word;
import org.ulmfit.report.Html;
import org.ulmfit.report.MarkedText;

/** Explanations as people and programs read them. */
final class ExplanationWriter {
  /** Words in the lists beside a text. */
  private static final int TOLD = 6;

  private static final String[] FOR = {"", "194", "157", "120", "83"}; // xterm's greens
  private static final String[] AGAINST = {"", "224", "217", "210", "203"}; // and reds

  private ExplanationWriter() {}

  /**
   * A block of lines for people.
   *
   * @param colour whether the words of the text are coloured, which is then shown
   */
  static List<String> lines(Text row, Explanation explanation, boolean colour) {
    List<String> lines = new ArrayList<>();
    lines.add(
        Shown.format(
            "%s  %s  p %s",
            Shown.name(row.id()),
            Shown.name(explanation.label()),
            Figures.fixed(explanation.probability(), 3)));
    lines.add("  " + sum(explanation));
    if (colour) {
      for (int field = 0; field < row.fields().size(); field++) {
        lines.add("  " + coloured(row.fields().get(field), of(explanation, field), explanation));
      }
    }
    lines.add("  for:     " + listed(explanation.most(TOLD), "  "));
    lines.add("  against: " + listed(explanation.least(TOLD), "  "));
    return lines;
  }

  /** {@code log-odds +3.90 = -0.10 without the words, +4.05 by words, -0.05 not accounted for}. */
  private static String sum(Explanation explanation) {
    double words = explanation.words().stream().mapToDouble(Word::weight).sum();
    return Shown.format(
        "log-odds %s = %s without the words %s by words %s not accounted for",
        signed(explanation.logOdds()),
        signed(explanation.baseline()),
        signed(words),
        signed(explanation.rest() + explanation.gap()));
  }

  private static String signed(double value) {
    String text = Shown.format("%+.2f", value);
    return text.equals("-0.00") ? "+0.00" : text;
  }

  private static String listed(List<Word> words, String between) {
    return words.isEmpty()
        ? "-"
        : words.stream()
            .map(word -> MarkedText.weighed(word.text(), word.weight()))
            .collect(Collectors.joining(between));
  }

  private static List<MarkedText.Mark> of(Explanation explanation, int field) {
    return explanation.words().stream()
        .filter(word -> word.field() == field)
        .map(word -> new MarkedText.Mark(word.start(), word.end(), word.weight()))
        .toList();
  }

  private static double strongest(Explanation explanation) {
    return explanation.words().stream().mapToDouble(w -> Math.abs(w.weight())).max().orElse(0);
  }

  private static String coloured(
      String text, List<MarkedText.Mark> marks, Explanation explanation) {
    return MarkedText.marked(
        text,
        marks,
        strongest(explanation),
        Shown::escaped,
        (word, level) ->
            Shown.format(
                "\u001b[30;48;5;%sm%s\u001b[0m",
                (level > 0 ? FOR : AGAINST)[Math.abs(level)], Shown.escaped(word)));
  }

  /** A section of a page. */
  static String section(Text row, Explanation explanation) {
    StringBuilder html = new StringBuilder();
    html.append(Html.paragraph(sum(explanation)));
    double strongest = strongest(explanation);
    IntStream.range(0, row.fields().size())
        .mapToObj(
            field ->
                MarkedText.paragraph(row.fields().get(field), of(explanation, field), strongest))
        .forEach(html::append);
    html.append(
        Html.list(
            List.of(
                "for "
                    + Shown.name(explanation.label())
                    + ": "
                    + listed(explanation.most(TOLD), "; "),
                "against it: " + listed(explanation.least(TOLD), "; "))));
    String heading =
        Shown.format(
            "%s: %s, p %s",
            Shown.name(row.id()),
            Shown.name(explanation.label()),
            Figures.fixed(explanation.probability(), 3));
    return Html.section(heading, html.toString());
  }

  /** What a page says before its first text. */
  static String head(String method) {
    return Html.paragraph(
        "Marked are the words that weigh most: with a line below those that speak for the label,"
            + " dotted those that speak against it, the stronger the darker. Weights are what a word"
            + " adds to the label's log-odds; +0.7 doubles the odds. How: "
            + method
            + ".");
  }
}
