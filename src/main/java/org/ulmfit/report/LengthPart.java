package org.ulmfit.report;

import java.util.List;
import java.util.Locale;
import org.ulmfit.Shown;
import org.ulmfit.train.Interval;
import org.ulmfit.train.LengthBins;
import org.ulmfit.train.Scores;

/** How right answers depend on the length of a text. */
final class LengthPart {
  static final String HEADING = "Short and long texts";

  private final Scores scores;
  private final List<LengthBins.Bin> bins;

  LengthPart(Scores scores) {
    this.scores = scores;
    this.bins = LengthBins.of(scores);
  }

  /** Whether there is nothing to tell. */
  boolean isEmpty() {
    return bins.isEmpty();
  }

  /** What the table shows. */
  String caption() {
    String accuracy = scores.labelling().accuracyName();
    return accuracy.substring(0, 1).toUpperCase(Locale.ROOT)
        + accuracy.substring(1)
        + " by length in tokens, as the model reads a text, with 95% intervals";
  }

  Table table() {
    Table table = new Table("tokens", "rows", scores.labelling().accuracyName() + ", %", "95%");
    for (LengthBins.Bin bin : bins) {
      Interval range = bin.interval();
      table.row(
          tokens(bin),
          Shown.format("%,d", bin.rows()),
          percent(bin.accuracy()),
          percent(range.low()) + "-" + percent(range.high()));
    }
    return table;
  }

  /** The section of a page; empty if there is nothing to tell. */
  String section() {
    if (isEmpty()) {
      return "";
    }
    Bars bars = new Bars("Right answers by length", 1);
    for (LengthBins.Bin bin : bins) {
      bars.bar(
          tokens(bin) + " tokens: " + percent(bin.accuracy()) + "%",
          bin.accuracy(),
          bin.interval());
    }
    return Html.section(HEADING, bars.html() + table().html(caption()));
  }

  private static String tokens(LengthBins.Bin bin) {
    return bin.shortest() == bin.longest()
        ? Shown.format("%,d", bin.shortest())
        : Shown.format("%,d-%,d", bin.shortest(), bin.longest());
  }

  private static String percent(double share) {
    return Shown.format("%.1f", 100 * share);
  }
}
