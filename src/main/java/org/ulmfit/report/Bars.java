package org.ulmfit.report;

import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.train.Interval;

/** Bars in a page, one below the other, each under its name and its figure. */
final class Bars {
  private final String title;
  private final double most;
  private final StringBuilder bars = new StringBuilder();

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
    bars.append("<li>").append(Html.text(text));
    bars.append("<span class=\"track\" aria-hidden=\"true\"><span class=\"bar\" style=\"width:");
    bars.append(percent(value)).append("\"></span>");
    if (range != null) {
      bars.append("<span class=\"range\" style=\"left:").append(percent(range.low()));
      bars.append(";width:").append(percent(range.high() - range.low())).append("\"></span>");
    }
    bars.append("</span></li>\n");
    return this;
  }

  /** The bars as a figure. */
  String html() {
    return "<figure>\n<figcaption>"
        + Html.text(title)
        + "</figcaption>\n<ul class=\"bars\">\n"
        + bars
        + "</ul>\n</figure>\n";
  }

  private String percent(double value) {
    double share = most > 0 ? Math.max(0, Math.min(1, value / most)) : 0;
    return Shown.format("%.1f%%", 100 * share);
  }
}
