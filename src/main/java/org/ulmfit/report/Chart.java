package org.ulmfit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.ulmfit.Shown;

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
  private static final double DECADES = 4; // of a logarithmic second axis at most
  private static final int LISTED = 25; // rows of the table

  private final String title;
  private final String xName;
  private final String yName;
  private final List<Series> all = new ArrayList<>();
  private boolean unit;
  private boolean diagonal;
  private boolean logarithmic;
  private boolean yLogarithmic;
  private boolean fromZero;

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

  /** Both axes from 0 to 1. */
  public Chart unit() {
    unit = true;
    return this;
  }

  /** The same with a line between the corners: what chance gives, or what is right. */
  public Chart diagonal() {
    diagonal = true;
    return unit();
  }

  /** The first axis is logarithmic; all its values are positive. */
  public Chart logarithmic() {
    logarithmic = true;
    return this;
  }

  /** The second axis is logarithmic, and no longer than the values can be told apart on. */
  public Chart yLogarithmic() {
    yLogarithmic = true;
    return this;
  }

  /** The second axis begins at zero. */
  public Chart fromZero() {
    fromZero = true;
    return this;
  }

  private Axis xAxis() {
    return unit
        ? new Axis(0, 1, false)
        : Axis.of(all.stream().flatMapToDouble(s -> DoubleStream.of(s.x)), logarithmic);
  }

  private Axis yAxis() {
    if (unit) {
      return new Axis(0, 1, false);
    }
    Axis axis = Axis.of(all.stream().flatMapToDouble(s -> DoubleStream.of(s.y)), yLogarithmic);
    if (yLogarithmic) {
      return axis.from(Math.max(axis.low(), axis.high() - DECADES));
    }
    return fromZero ? axis.from(0) : axis;
  }

  /** The chart as a figure. */
  public String html() {
    Axis x = xAxis();
    Axis y = yAxis();
    StringBuilder svg = new StringBuilder();
    svg.append(
        Shown.format(
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
            WIDTH, HEIGHT, Html.text(title + ": " + told())));
    axes(svg, x, y);
    if (diagonal) {
      svg.append(
          Shown.format(
              "<path class=\"grid\" d=\"M%s %sL%s %s\"/>\n",
              at(px(0, x)), at(py(0, y)), at(px(1, x)), at(py(1, y))));
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

  private String told() {
    List<String> parts = new ArrayList<>();
    for (Series series : all) {
      double[] told = DoubleStream.of(series.y).filter(Double::isFinite).toArray();
      if (told.length > 0) {
        String last = number(told[told.length - 1]);
        parts.add(series.name + " from " + number(told[0]) + " to " + last);
      }
    }
    return String.join(", ", parts);
  }

  private void axes(StringBuilder svg, Axis x, Axis y) {
    for (double tick : y.ticks()) {
      String at = at(py(tick, y));
      svg.append(
          Shown.format(
              "<path class=\"grid\" d=\"M%d %sH%d\"/><text x=\"%d\" y=\"%s\" text-anchor=\"end\" dy=\".32em\">%s</text>\n",
              LEFT, at, WIDTH - RIGHT, LEFT - 8, at, number(tick)));
    }
    for (double tick : x.ticks()) {
      svg.append(
          Shown.format(
              "<text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
              at(px(tick, x)),
              HEIGHT - BOTTOM + 18,
              number(Math.abs(tick) > 1 ? Math.rint(tick * 1e6) / 1e6 : tick)));
    }
    svg.append(
        Shown.format(
            "<path class=\"axis\" d=\"M%d %dV%dH%d\"/>\n",
            LEFT, TOP, HEIGHT - BOTTOM, WIDTH - RIGHT));
    svg.append(
        Shown.format(
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, Html.text(xName)));
    svg.append(
        Shown.format(
            "<text transform=\"translate(14 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
            (TOP + HEIGHT - BOTTOM) / 2, Html.text(yName)));
  }

  private void draw(StringBuilder svg, Series series, int s, Axis x, Axis y) {
    StringBuilder path = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    boolean pen = false;
    for (int i = 0; i < series.x.length; i++) {
      double share = y.share(series.y[i]);
      if (!Double.isFinite(share) || share < 0) {
        pen = false;
        continue;
      }
      String px = at(px(series.x[i], x));
      String py = at(py(series.y[i], y));
      path.append(pen ? 'L' : 'M').append(px).append(' ').append(py);
      pen = true;
      if (series.marked) {
        marks.append(
            Shown.format(
                "<circle cx=\"%s\" cy=\"%s\" r=\"3.5\" style=\"fill:var(--s%d)\"/>",
                px, py, s % COLOURS));
      }
    }
    svg.append("<path class=\"line\" ").append(stroke(s));
    svg.append(" d=\"").append(path).append("\"/>").append(marks).append('\n');
  }

  private static String stroke(int s) {
    String dash = DASHES.get(s % DASHES.size());
    return Shown.format(
        "style=\"stroke:var(--s%d)%s\"",
        s % COLOURS, dash.isEmpty() ? "" : ";stroke-dasharray:" + dash);
  }

  private String legend() {
    if (all.size() < 2) {
      return "";
    }
    StringBuilder html = new StringBuilder("<ul class=\"legend\">\n");
    for (int s = 0; s < all.size(); s++) {
      html.append(
          Shown.format(
              "<li><svg viewBox=\"0 0 36 12\" aria-hidden=\"true\"><path class=\"line\" %s d=\"M0 6H36\"/></svg>%s</li>\n",
              stroke(s), Html.text(all.get(s).name)));
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

  private static double px(double value, Axis x) {
    return LEFT + x.share(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double py(double value, Axis y) {
    return HEIGHT - BOTTOM - y.share(value) * (HEIGHT - TOP - BOTTOM);
  }

  private static String at(double pixel) {
    return Shown.format("%.1f", pixel);
  }

  /** Three significant digits, or all of a whole number. */
  public static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e9) {
      return Shown.format("%,d", (long) value);
    }
    double size = Math.abs(value);
    if (size < 1e-3) {
      return Shown.format("%.2e", value).replaceFirst("\\.?0+e", "e");
    }
    int digits = size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
    String text = Shown.format("%." + digits + "f", value);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }
}
