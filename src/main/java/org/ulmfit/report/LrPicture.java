package org.ulmfit.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.BasicStroke;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.train.LrCurve;
import org.ulmfit.train.RateSweep;

/**
 * The curve of a sweep of learning rates, as a picture with the suggestions marked, and as JSON.
 */
public final class LrPicture {
  /** Names of the files. */
  public static final List<String> NAMES = List.of("lr-find.svg", "lr-find.png", "lr-find.json");

  private static final double ABOVE = 0.25; // shown above the first loss, of the depth of the curve

  private LrPicture() {}

  /**
   * Writes the files.
   *
   * @return which were written: without the library that draws, or fonts, the JSON alone
   * @throws UlmfitException if they cannot be written
   */
  public static List<Path> write(LrCurve curve, Path dir) {
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(dir, e);
    }
    AtomicFiles.writeString(dir.resolve(NAMES.get(2)), json(curve).toPrettyString() + "\n");
    try {
      Curves.save(chart(curve), dir.resolve("lr-find"));
    } catch (UlmfitException e) {
      throw e;
    } catch (LinkageError | InternalError | RuntimeException e) { // Java may find no fonts
      return List.of(dir.resolve(NAMES.get(2)));
    }
    return NAMES.stream().map(dir::resolve).toList();
  }

  private static ObjectNode json(LrCurve curve) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("shape", curve.sweep().shape().name().toLowerCase(Locale.ROOT));
    node.put("steps", curve.sweep().steps());
    node.put("blewUp", curve.blewUp());
    ObjectNode suggestions = node.putObject("suggestions");
    curve.suggestions().forEach(one -> suggestions.put(one.method().word(), one.rate()));
    ArrayNode points = node.putArray("points");
    curve.points().forEach(p -> points.addObject().put("rate", p.rate()).put("loss", p.loss()));
    return node;
  }

  static XYChart chart(LrCurve curve) {
    boolean linear = curve.sweep().shape() == RateSweep.Shape.LINEAR;
    List<LrCurve.Point> points =
        curve.points().stream().filter(point -> linear || point.rate() > 0).toList();
    XYChart chart = Curves.chart("Loss as the learning rate rises", "smoothed loss");
    chart.setXAxisTitle("learning rate of the last layer group");
    chart.getStyler().setXAxisLogarithmic(!linear);
    double low = points.stream().mapToDouble(LrCurve.Point::loss).min().orElse(0);
    double first = points.get(0).loss();
    double top = first + ABOVE * Math.max(first - low, 0.1 * Math.abs(first));
    List<LrCurve.Point> shown = points.stream().filter(point -> point.loss() <= top).toList();
    chart
        .addSeries(
            "loss",
            shown.stream().map(LrCurve.Point::rate).toList(),
            shown.stream().map(LrCurve.Point::loss).toList())
        .setMarker(SeriesMarkers.NONE);
    for (LrCurve.Suggestion one : curve.suggestions()) {
      XYSeries mark =
          chart.addSeries(
              Shown.format("%s %.2e", one.method().word(), one.rate()),
              new double[] {one.rate()},
              new double[] {lossAt(points, one.rate())});
      mark.setMarker(SeriesMarkers.CIRCLE);
      mark.setLineStyle(new BasicStroke(0));
    }
    return chart;
  }

  /** What the curve has at the nearest rate that was tried. */
  private static double lossAt(List<LrCurve.Point> points, double rate) {
    LrCurve.Point nearest = points.get(0);
    for (LrCurve.Point point : points) {
      if (Math.abs(point.rate() - rate) < Math.abs(nearest.rate() - rate)) {
        nearest = point;
      }
    }
    return nearest.loss();
  }
}
