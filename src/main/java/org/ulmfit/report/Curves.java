package org.ulmfit.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.ulmfit.UlmfitException;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.TrainingListener;

/** Loss, accuracy and learning rate over the steps of a run, as PNG and SVG. */
final class Curves {
  private Curves() {}

  /**
   * Writes {@code loss.png, loss.svg, learning-rate.png, learning-rate.svg}, and {@code
   * accuracy.png, accuracy.svg} of a classifier.
   */
  static void write(RunHistory history, Path dir) {
    save(loss(history), dir.resolve("loss"));
    save(rate(history), dir.resolve("learning-rate"));
    if (!history.languageModel()) {
      save(accuracy(history), dir.resolve("accuracy"));
    }
  }

  static XYChart accuracy(RunHistory history) {
    String name = history.accuracyName();
    XYChart chart = chart("Validation: " + name + " and macro F1", "share");
    atEpochs(chart, history, name, Evaluation::accuracy);
    atEpochs(chart, history, "macro F1", e -> Objects.requireNonNullElse(e.macroF1(), Double.NaN));
    return chart;
  }

  static XYChart loss(RunHistory history) {
    List<TrainingListener.Step> steps = history.steps();
    XYChart chart = chart("Loss", "nats");
    add(
        chart,
        history.trainLoss(),
        steps(history),
        RunHistory.means(steps.stream().mapToDouble(s -> s.loss()).toArray()));
    atEpochs(chart, history, "valid loss", Evaluation::loss);
    return chart;
  }

  /** A point where each epoch ended. */
  private static void atEpochs(
      XYChart chart, RunHistory history, String name, ToDoubleFunction<Evaluation> figure) {
    double[] steps = history.marks().stream().mapToDouble(Long::doubleValue).toArray();
    double[] values =
        history.epochs().stream().mapToDouble(e -> figure.applyAsDouble(e.validation())).toArray();
    chart.addSeries(name, steps, values).setMarker(SeriesMarkers.CIRCLE);
  }

  private static XYChart rate(RunHistory history) {
    XYChart chart = chart("Learning rate of the last layer group", "rate");
    double[] rates = history.steps().stream().mapToDouble(s -> s.rate()).toArray();
    add(chart, "rate", steps(history), RunHistory.means(rates));
    chart.getStyler().setLegendVisible(false);
    return chart;
  }

  private static double[] steps(RunHistory history) {
    return RunHistory.means(history.steps().stream().mapToDouble(s -> s.globalStep()).toArray());
  }

  static XYChart chart(String title, String y) {
    System.setProperty("java.awt.headless", "true");
    XYChart chart =
        new XYChartBuilder()
            .width(900)
            .height(420)
            .title(title)
            .xAxisTitle("step")
            .yAxisTitle(y)
            .build();
    chart.getStyler().setChartBackgroundColor(java.awt.Color.WHITE);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    return chart;
  }

  private static void add(XYChart chart, String name, double[] x, double[] y) {
    chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE);
  }

  /** Writes {@code stem.png} and {@code stem.svg}. */
  static void save(XYChart chart, Path stem) {
    try {
      BitmapEncoder.saveBitmap(chart, stem.toString(), BitmapEncoder.BitmapFormat.PNG);
      VectorGraphicsEncoder.saveVectorGraphic(
          chart, stem.toString(), VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(stem, e);
    }
  }
}
