package org.ulmfit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * A chart of lines as SVG in a page, in the page's colours, with a legend that wraps and the
 * figures in a table for who cannot see it. Lines are told apart by their dashes too.
 */
public final class Chart {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 300;
  private static final int LEFT = 84;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 54;
  private static final int COLOURS = 8;
  private static final List<String> DASHES = List.of("", "7 4", "2 3", "9 3 2 3");
  private static final double SAME = 1e-9; // a range that rounding alone makes, of its size
  private static final int LISTED = 25; // rows of the table

  private final String title;
  private final String xName;
  private final String yName;
  private final List<Series> all = new ArrayList<>();
  private boolean diagonal;
  private boolean logarithmic;
  private double[] xBounds = {};
  private double[] yBounds = {};

  /** A line; where y is NaN it is broken. */
  private record Series(String name, double[] x, double[] y, boolean marked) {}

  public Chart(String title, String xName, String yName) {
    this.title = title;
    this.xName = xName;
    this.yName = yName;
  }

  public Chart line(String name, double[] x, double[] y) {
    all.add(new Series(name, x, y, false));
    return this;
  }

  /** A line with a mark at each point. */
  public Chart marked(String name, double[] x, double[] y) {
    all.add(new Series(name, x, y, true));
    return this;
  }

  /** Both axes from 0 to 1, with a line between the corners. */
  public Chart unit() {
    diagonal = true;
    xBounds = new double[] {0, 1};
    yBounds = new double[] {0, 1};
    return this;
  }

  /** The first axis is logarithmic; all its values are positive. */
  public Chart logarithmic() {
    logarithmic = true;
    return this;
  }

  /** The second axis begins at zero. */
  public Chart fromZero() {
    yBounds = new double[] {0, bounds(all.stream().map(Series::y).toList())[1]};
    return this;
  }

  private static double[] bounds(List<double[]> values) {
    double[] finite =
        values.stream()
            .flatMapToDouble(DoubleStream::of)
            .filter(v -> !Double.isNaN(v) && !Double.isInfinite(v))
            .toArray();
    double low = DoubleStream.of(finite).min().orElse(0);
    double high = DoubleStream.of(finite).max().orElse(1);
    if (high - low > SAME * Math.max(Math.abs(low), Math.abs(high))) {
      return new double[] {low, high};
    }
    return low > 0 ? new double[] {0, 2 * low} : new double[] {low - 0.5, low + 0.5};
  }

  /** The chart as a figure. */
  public String html() {
    double[] x =
        xBounds.length == 0
            ? bounds(
                all.stream()
                    .map(series -> DoubleStream.of(series.x).map(this::place).toArray())
                    .toList())
            : xBounds;
    double[] y = yBounds.length == 0 ? bounds(all.stream().map(Series::y).toList()) : yBounds;
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(WIDTH, HEIGHT, Html.text(title + ": " + told())));
    axes(svg, x, y);
    if (diagonal) {
      svg.append(
          "<path class=\"grid\" d=\"M%s %sL%s %s\"/>\n"
              .formatted(at(px(0, x)), at(py(0, y)), at(px(1, x)), at(py(1, y))));
    }
    for (int s = 0; s < all.size(); s++) {
      draw(svg, all.get(s), s, x, y);
    }
    svg.append("</svg>\n");
    return "<figure>\n<figcaption>"
        + Html.text(title)
        + "</figcaption>\n"
        + svg
        + legend()
        + Html.folded("The figures", table())
        + "</figure>\n";
  }

  /** Where a value stands on the first axis. */
  private double place(double x) {
    return logarithmic ? Math.log10(x) : x;
  }

  /** Values to be written at the first axis. */
  private List<Double> xTicks(double[] bounds) {
    if (!logarithmic) {
      return ticks(bounds);
    }
    List<Double> ticks = new ArrayList<>();
    for (double power = Math.floor(bounds[0]); power <= bounds[1]; power++) {
      for (double factor : new double[] {1, 2, 5}) {
        double tick = Math.log10(factor) + power;
        if (tick >= bounds[0] - 1e-9 && tick <= bounds[1] + 1e-9) {
          ticks.add(Math.pow(10, tick));
        }
      }
    }
    return ticks;
  }

  private String told() {
    List<String> parts = new ArrayList<>();
    for (Series series : all) {
      int n = series.y.length;
      if (n > 0) {
        parts.add(series.name + " from " + number(series.y[0]) + " to " + number(series.y[n - 1]));
      }
    }
    return String.join(", ", parts);
  }

  private void axes(StringBuilder svg, double[] x, double[] y) {
    for (double tick : ticks(y)) {
      String at = at(py(tick, y));
      svg.append(
          "<path class=\"grid\" d=\"M%d %sH%d\"/><text x=\"%d\" y=\"%s\" text-anchor=\"end\" dy=\".32em\">%s</text>\n"
              .formatted(LEFT, at, WIDTH - RIGHT, LEFT - 8, at, number(tick)));
    }
    for (double tick : xTicks(x)) {
      svg.append(
          "<text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>\n"
              .formatted(
                  at(px(place(tick), x)),
                  HEIGHT - BOTTOM + 18,
                  number(Math.abs(tick) > 1 ? Math.rint(tick * 1e6) / 1e6 : tick)));
    }
    svg.append(
        "<path class=\"axis\" d=\"M%d %dV%dH%d\"/>\n"
            .formatted(LEFT, TOP, HEIGHT - BOTTOM, WIDTH - RIGHT));
    svg.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n"
            .formatted((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, Html.text(xName)));
    svg.append(
        "<text transform=\"translate(14 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n"
            .formatted((TOP + HEIGHT - BOTTOM) / 2, Html.text(yName)));
  }

  private void draw(StringBuilder svg, Series series, int s, double[] x, double[] y) {
    StringBuilder path = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    boolean pen = false;
    for (int i = 0; i < series.x.length; i++) {
      if (Double.isNaN(series.y[i]) || Double.isInfinite(series.y[i])) {
        pen = false;
        continue;
      }
      String px = at(px(place(series.x[i]), x));
      String py = at(py(series.y[i], y));
      path.append(pen ? 'L' : 'M').append(px).append(' ').append(py);
      pen = true;
      if (series.marked) {
        marks.append(
            "<circle cx=\"%s\" cy=\"%s\" r=\"3.5\" style=\"fill:var(--s%d)\"/>"
                .formatted(px, py, s % COLOURS));
      }
    }
    svg.append("<path class=\"line\" ").append(stroke(s));
    svg.append(" d=\"").append(path).append("\"/>").append(marks).append('\n');
  }

  private static String stroke(int s) {
    String dash = DASHES.get(s % DASHES.size());
    return "style=\"stroke:var(--s%d)%s\""
        .formatted(s % COLOURS, dash.isEmpty() ? "" : ";stroke-dasharray:" + dash);
  }

  private String legend() {
    if (all.size() < 2) {
      return "";
    }
    StringBuilder html = new StringBuilder("<ul class=\"legend\">\n");
    for (int s = 0; s < all.size(); s++) {
      html.append(
          "<li><svg viewBox=\"0 0 36 12\" aria-hidden=\"true\"><path class=\"line\" %s d=\"M0 6H36\"/></svg>%s</li>\n"
              .formatted(stroke(s), Html.text(all.get(s).name)));
    }
    return html.append("</ul>\n").toString();
  }

  private String table() {
    StringBuilder html = new StringBuilder();
    for (Series series : all) {
      List<List<String>> rows = new ArrayList<>();
      int n = series.x.length;
      int shown = Math.min(LISTED, n);
      for (int i = 0; i < shown; i++) {
        int at = shown == 1 ? 0 : (int) ((long) i * (n - 1) / (shown - 1));
        rows.add(List.of(number(series.x[at]), number(series.y[at])));
      }
      html.append(Html.table(title + ": " + series.name, List.of(xName, yName), rows));
    }
    return html.toString();
  }

  private static double px(double value, double[] bounds) {
    return LEFT + (value - bounds[0]) / (bounds[1] - bounds[0]) * (WIDTH - LEFT - RIGHT);
  }

  private static double py(double value, double[] bounds) {
    double share = (value - bounds[0]) / (bounds[1] - bounds[0]);
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  private static String at(double pixel) {
    return String.format(Locale.ROOT, "%.1f", pixel);
  }

  /** Round numbers between the bounds, about five. */
  private static List<Double> ticks(double[] bounds) {
    double rough = (bounds[1] - bounds[0]) / 5;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = power;
    for (double factor : new double[] {1, 2, 2.5, 5, 10}) {
      step = factor * power;
      if (step >= rough) {
        break;
      }
    }
    List<Double> ticks = new ArrayList<>();
    for (double tick = Math.ceil(bounds[0] / step) * step;
        tick <= bounds[1] + 1e-9 * step;
        tick += step) {
      ticks.add(Math.abs(tick) < 1e-9 * step ? 0 : tick);
    }
    return ticks;
  }

  /** Three significant digits, or all of a whole number. */
  public static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e9) {
      return String.format(Locale.ROOT, "%,d", (long) value);
    }
    double size = Math.abs(value);
    if (size < 1e-3) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    int digits = size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
    String text = String.format(Locale.ROOT, "%." + digits + "f", value);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }
}
