package org.ulmfit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ulmfit.train.Interval;

/**
 * A chart of bars as SVG in a page, one below the other, each under its name and its figure. What
 * they show stands in a table beside it.
 */
final class Bars {
  private static final int WIDTH = 760;
  private static final int ROW = 50; // pixels of a bar with its line of text
  private static final int TEXT = 20; // where that line stands
  private static final int TOP = 27; // of the bar in its row
  private static final int THICK = 14;
  private static final int CAP = 4; // of the ends of an interval above and below the bar

  private final String title;
  private final double most;
  private final List<Bar> bars = new ArrayList<>();

  private record Bar(String text, double value, @Nullable Interval range) {}

  /**
   * @param most value of a bar that is as wide as the page
   */
  Bars(String title, double most) {
    this.title = title;
    this.most = most;
  }

  /**
   * Adds a bar.
   *
   * @param text name and figure, as they are read
   * @param range where the figure may lie; null: it is no estimate
   */
  Bars bar(String text, double value, @Nullable Interval range) {
    bars.add(new Bar(text, value, range));
    return this;
  }

  /** The chart as a figure. */
  String html() {
    StringBuilder svg = new StringBuilder();
    String told = String.join(", ", bars.stream().map(Bar::text).toList());
    svg.append(
        "<svg class=\"bars\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(WIDTH, ROW * bars.size(), Html.text(title + ": " + told)));
    for (int i = 0; i < bars.size(); i++) {
      draw(svg, bars.get(i), i * ROW);
    }
    return "<figure>\n<figcaption>"
        + Html.text(title)
        + "</figcaption>\n"
        + svg
        + "</svg>\n</figure>\n";
  }

  private void draw(StringBuilder svg, Bar bar, int y) {
    int top = y + TOP;
    svg.append("<text x=\"0\" y=\"%d\">%s</text>".formatted(y + TEXT, Html.text(bar.text)));
    svg.append(
        "<rect class=\"track\" x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\"/>"
            .formatted(top, WIDTH, THICK));
    svg.append(
        "<rect class=\"bar\" x=\"0\" y=\"%d\" width=\"%s\" height=\"%d\"/>"
            .formatted(top, px(bar.value), THICK));
    if (bar.range != null) {
      String low = px(bar.range.low());
      String high = px(bar.range.high());
      int middle = top + THICK / 2;
      svg.append(
          "<path class=\"range\" d=\"M%s %dV%dM%s %dH%sM%s %dV%d\"/>"
              .formatted(
                  low,
                  top - CAP,
                  top + THICK + CAP,
                  low,
                  middle,
                  high,
                  high,
                  top - CAP,
                  top + THICK + CAP));
    }
    svg.append('\n');
  }

  private String px(double value) {
    double share = most > 0 ? Math.max(0, Math.min(1, value / most)) : 0;
    return String.format(Locale.ROOT, "%.1f", share * WIDTH);
  }
}
