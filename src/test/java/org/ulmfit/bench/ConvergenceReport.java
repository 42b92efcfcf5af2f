package org.ulmfit.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.ulmfit.Version;
import org.ulmfit.io.AtomicFiles;

/**
 * What the arms of {@link Convergence} came to: a table, {@code convergence.json} and a picture.
 */
record ConvergenceReport(Map<String, String> settings, List<Convergence.Curve> curves) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The curve that a log tells.
   *
   * @param slice tokens between two validations
   */
  static Convergence.Curve read(Path log, String name, long slice) throws IOException {
    List<Convergence.Point> points = new ArrayList<>();
    List<Double> speeds = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      JsonNode node = JSON.readTree(line);
      if (node.path("type").asText().equals("step")) {
        speeds.add(node.get("tokens").asLong() / node.get("seconds").asDouble());
      } else if (node.path("type").asText().equals("epoch")) {
        JsonNode valid = node.get("validation");
        points.add(
            new Convergence.Point(
                (node.get("epoch").asLong() + 1) * slice,
                valid.get("loss").asDouble(),
                node.get("perplexity").asDouble(),
                valid.get("accuracy").asDouble(),
                node.get("trainLoss").asDouble()));
      }
    }
    speeds.sort(null);
    return new Convergence.Curve(name, speeds.get(speeds.size() / 2), points);
  }

  /** One line per arm: where it ended, against the first arm, and how fast it was. */
  String text() {
    Convergence.Curve first = curves.get(0);
    StringBuilder text = new StringBuilder();
    text.append("| arm | tokens | valid loss | against ").append(first.name());
    text.append(" | perplexity | against ").append(first.name()).append(" | tokens/s |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    for (Convergence.Curve curve : curves) {
      Convergence.Point end = curve.last();
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %,d | %.4f | %+.2f%% | %.2f | %+.2f%% | %,.0f |%n",
              curve.name(),
              end.tokens(),
              end.loss(),
              100 * (end.loss() / first.last().loss() - 1),
              end.perplexity(),
              100 * (end.perplexity() / first.last().perplexity() - 1),
              curve.tokensPerSecond()));
    }
    return text.toString();
  }

  /** Writes {@code convergence.json} and {@code convergence.png} into a folder. */
  void write(Path dir) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("ulmfit", Version.version());
    node.put("libtorch", Version.libtorch());
    ObjectNode given = node.putObject("settings");
    settings.forEach(
        (name, value) -> {
          if (!List.of("out", "docs", "corpus").contains(name)) {
            given.put(name, value);
          }
        });
    node.set("curves", JSON.valueToTree(curves));
    AtomicFiles.writeString(dir.resolve("convergence.json"), node.toPrettyString() + "\n");
    System.setProperty("java.awt.headless", "true");
    BitmapEncoder.saveBitmap(
        chart(), dir.resolve("convergence").toString(), BitmapEncoder.BitmapFormat.PNG);
  }

  private XYChart chart() {
    XYChart chart =
        new XYChartBuilder()
            .width(800)
            .height(400)
            .title("Validation loss, full softmax")
            .xAxisTitle("thousand tokens")
            .yAxisTitle("cross-entropy, nats")
            .build();
    chart.getStyler().setChartBackgroundColor(java.awt.Color.WHITE);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    for (Convergence.Curve curve : curves) {
      chart
          .addSeries(
              curve.name(),
              curve.points().stream().mapToDouble(p -> p.tokens() / 1e3).toArray(),
              curve.points().stream().mapToDouble(Convergence.Point::loss).toArray())
          .setMarker(SeriesMarkers.CIRCLE);
    }
    return chart;
  }
}
