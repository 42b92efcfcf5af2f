package org.ulmfit.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.train.BootstrapF1;
import org.ulmfit.train.Calibration;
import org.ulmfit.train.Interval;
import org.ulmfit.train.LabelCounts;
import org.ulmfit.train.RankingCurves;
import org.ulmfit.train.Scores;

/** What a page says of a classifier's answers to labelled rows. */
final class ScorePage {
  private static final int WIDEST_MATRIX = 30;
  private static final int DRAWN = 8; // labels with curves of their own
  private static final int ERRORS = 20;

  private final Scores scores;
  private final List<Mistake> mistakes;
  private final List<String> names;
  private final LabelCounts counts;
  private final BootstrapF1 f1;
  private final boolean single;

  private ScorePage(Scores scores, List<Mistake> mistakes) {
    this.scores = scores;
    this.mistakes = mistakes;
    this.names = Shown.names(scores.labels());
    this.counts = scores.counts();
    this.single = scores.labelling() == Labelling.SINGLE;
    this.f1 = BootstrapF1.of(scores.labelling(), names.size(), scores.truth(), scores.predicted());
  }

  /** Of rows; null if there are none. */
  static @Nullable ScorePage of(@Nullable Scores scores, List<Mistake> mistakes) {
    return scores == null || scores.rows() == 0 ? null : new ScorePage(scores, mistakes);
  }

  /** The headline's figures with their intervals. */
  String facts() {
    long right = Math.round(scores.accuracy() * scores.rows());
    StringBuilder html = new StringBuilder("<dl class=\"facts\">\n");
    fact(
        html,
        scores.labelling().accuracyName(),
        percent(scores.accuracy()) + "%",
        range(Interval.wilson(right, scores.rows())) + "%");
    fact(html, "macro F1", percent(f1.macro()) + "%", range(f1.macroInterval()) + "%");
    fact(html, single ? "log loss" : "loss", four(scores.loss()), "nats");
    fact(html, "rows", Shown.format("%,d", scores.rows()), scores.split());
    html.append("</dl>\n");
    return html
        + Html.paragraph(
            "Ranges hold the figure with a confidence of 95%: Wilson's interval for shares, the middle"
                + " of 1,000 bootstrap draws of the rows for F1.");
  }

  private static void fact(StringBuilder html, String name, String value, String note) {
    html.append("<div><dt>").append(Html.text(name)).append("</dt><dd>").append(Html.text(value));
    html.append("<small>").append(Html.text(note)).append("</small></dd></div>\n");
  }

  /** Sections on labels, confusions, lengths, ranking, calibration and errors. */
  String sections() {
    StringBuilder html = new StringBuilder(Html.section("Label by label", labels()));
    long[][] matrix = single ? scores.confusion().counts() : null;
    if (matrix != null && names.size() <= WIDEST_MATRIX) {
      html.append(Html.section("What is taken for what", confusion(matrix)));
    }
    html.append(new LengthPart(scores).section());
    html.append(Html.section("Ranking", ranking()));
    html.append(Html.section("Are probabilities what they say?", calibration()));
    html.append(Html.section("The surest errors", errors() + told()));
    return html.toString();
  }

  private String labels() {
    List<List<String>> rows = new ArrayList<>();
    for (int label = 0; label < names.size(); label++) {
      long hits = counts.truePositives(label);
      Interval f1Range = f1.labelIntervals().get(label);
      long marked = counts.support(label) + counts.predicted(label);
      rows.add(
          List.of(
              names.get(label),
              share(hits, counts.predicted(label)),
              share(hits, counts.support(label)),
              marked == 0 ? "-" : percent(counts.f1(label)) + " (" + range(f1Range) + ")",
              Shown.format("%,d", counts.support(label)),
              Shown.format("%,d", counts.predicted(label))));
    }
    return Html.table(
        "Precision, recall and F1 in percent, with 95% intervals",
        List.of("label", "precision", "recall", "F1", "rows", "answers"), rows);
  }

  private static String share(long hits, long of) {
    return of == 0
        ? "-"
        : percent((double) hits / of) + " (" + range(Interval.wilson(hits, of)) + ")";
  }

  private String confusion(long[][] matrix) {
    List<String> head = new ArrayList<>(List.of("true label"));
    head.addAll(names);
    List<List<String>> rows = new ArrayList<>();
    for (int row = 0; row < matrix.length; row++) {
      List<String> cells = new ArrayList<>(List.of(names.get(row)));
      for (long cell : matrix[row]) {
        cells.add(Shown.format("%,d", cell));
      }
      rows.add(cells);
    }
    return Html.shaded(
        "Rows: true label; columns: answer. The shade is the share of its row.",
        head,
        rows,
        (row, column) ->
            0.3 * matrix[row][column - 1] / Math.max(1, LongStream.of(matrix[row]).sum()));
  }

  private String ranking() {
    int[] shown = shown();
    Chart roc =
        new Chart(
                "ROC: found of the label against false alarms",
                "false positive rate",
                "true positive rate")
            .diagonal();
    Chart precision = new Chart("Precision against recall", "recall", "precision").unit();
    List<List<String>> rows = new ArrayList<>();
    for (int label : shown) {
      RankingCurves curves = RankingCurves.of(scores, label);
      roc.line(names.get(label), xs(curves.roc()), ys(curves.roc()));
      precision.line(names.get(label), xs(curves.precision()), ys(curves.precision()));
      rows.add(
          List.of(names.get(label), four(curves.rocArea()), four(scores.averagePrecision(label))));
    }
    String left =
        shown.length < names.size() && !(single && names.size() == 2)
            ? Html.paragraph("Of the " + shown.length + " labels with most rows.")
            : "";
    return left
        + Html.table("Areas under the curves", List.of("label", "ROC", "average precision"), rows)
        + roc.html()
        + precision.html();
  }

  /** Of two labels the second, whose curve tells both; else those with most rows. */
  private int[] shown() {
    if (single && names.size() == 2) {
      return new int[] {1};
    }
    return IntStream.range(0, names.size())
        .boxed()
        .filter(label -> counts.support(label) > 0)
        .sorted((a, b) -> Long.compare(counts.support(b), counts.support(a)))
        .limit(DRAWN)
        .mapToInt(label -> label)
        .toArray();
  }

  private static double[] xs(List<RankingCurves.Point> points) {
    return points.stream().mapToDouble(RankingCurves.Point::x).toArray();
  }

  private static double[] ys(List<RankingCurves.Point> points) {
    return points.stream().mapToDouble(RankingCurves.Point::y).toArray();
  }

  private String calibration() {
    Calibration calibration = Calibration.of(scores);
    List<Calibration.Bin> bins = calibration.bins();
    Chart chart =
        new Chart(
                "Reliability: right answers against confidence",
                "confidence",
                "share that is right")
            .diagonal()
            .marked(
                "answers",
                bins.stream().mapToDouble(Calibration.Bin::confidence).toArray(),
                bins.stream().mapToDouble(Calibration.Bin::right).toArray());
    List<List<String>> rows =
        bins.stream()
            .map(
                bin ->
                    List.of(
                        Shown.format("%.2f-%.2f", bin.low(), bin.high()),
                        Shown.format("%,d", bin.rows()),
                        percent(bin.confidence()),
                        percent(bin.right())))
            .toList();
    return Html.paragraph(
            "Expected calibration error: "
                + percent(calibration.error())
                + "% in "
                + bins.size()
                + " bins. Points below the line are answers that are surer than they should be.")
        + chart.html()
        + Html.folded(
            "Rows by confidence",
            Html.table(
                "Confidence and right answers",
                List.of("confidence", "rows", "mean, %", "right, %"),
                rows));
  }

  private String errors() {
    List<List<String>> rows = new ArrayList<>();
    for (Scores.Miss error : scores.surestErrors(ERRORS)) {
      int row = error.row();
      float[] p = scores.probabilities()[row];
      int told = single ? scores.truth()[row][0] : error.label();
      rows.add(
          List.of(
              Shown.row(scores.ids().get(row)),
              named(scores.truth()[row]),
              named(scores.predicted()[row]),
              single ? four(p[error.label()]) : names.get(told),
              four(p[told])));
    }
    if (rows.isEmpty()) {
      return Html.paragraph("There is none.");
    }
    return single
        ? Html.table(
            "Wrong answers that gave the true label the least probability",
            List.of("row", "true label", "answer", "its probability", "the true one's"),
            rows)
        : Html.table(
            "Wrong answers with the label that they are most wrong about",
            List.of("row", "true labels", "answer", "most wrong about", "its probability"),
            rows);
  }

  private String named(int[] labels) {
    return labels.length == 0
        ? "none"
        : Arrays.stream(labels).mapToObj(names::get).collect(Collectors.joining(", "));
  }

  /** The texts of some of them, with what their words said. */
  private String told() {
    if (mistakes.isEmpty()) {
      return "";
    }
    StringBuilder html = new StringBuilder();
    html.append(
        Html.paragraph(
            "The first of them as they were given to the model, put together again of its tokens; the"
                + " label in question is the one it is most wrong about. \u25a1 is a word that it does"
                + " not know."));
    if (mistakes.stream().anyMatch(mistake -> !mistake.marks().isEmpty())) {
      html.append(
          Html.paragraph(
              "Marked are the words that weigh most: with a line those that speak for the label in"
                  + " question, dotted those that speak against it, the stronger the darker."));
    }
    for (Mistake mistake : mistakes) {
      int row = mistake.error().row();
      String heading =
          Shown.format(
              "Row %s is %s, answered %s; in question: %s",
              Shown.row(scores.ids().get(row)),
              named(scores.truth()[row]),
              named(scores.predicted()[row]),
              names.get(mistake.error().label()));
      html.append("<h3>").append(Html.text(heading)).append("</h3>\n");
      html.append(MarkedText.paragraph(mistake.text(), mistake.marks()));
      if (!mistake.marks().isEmpty()) {
        html.append(Html.list(MarkedText.strongest(mistake.text(), mistake.marks())));
      }
    }
    return html.toString();
  }

  private static String percent(double share) {
    return Shown.format("%.1f", 100 * share);
  }

  private static String range(Interval interval) {
    return percent(interval.low()) + "-" + percent(interval.high());
  }

  private static String four(double value) {
    return Double.isNaN(value) ? "-" : Shown.format("%.4f", value);
  }
}
