package org.ulmfit.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.ulmfit.Shown;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.TrainingListener;

/** What a run's page says of its course: losses, rates, time. */
final class CoursePage {
  private final RunHistory history;
  private final RunTables tables;
  private final double[] steps; // at which the curves have points

  CoursePage(RunHistory history) {
    this.history = history;
    this.tables = new RunTables(history);
    this.steps = each(step -> (double) step.globalStep());
  }

  /** All sections; none of what the log does not tell. */
  String sections() {
    StringBuilder html = new StringBuilder();
    if (!history.steps().isEmpty()) {
      html.append(Html.section("Training", training()));
      html.append(Html.section("Rates and layer groups", rates()));
    }
    if (!tables.seconds().isEmpty()) {
      html.append(Html.section("What was slow", time()));
    }
    return html.toString();
  }

  private double[] each(ToDoubleFunction<TrainingListener.Step> value) {
    return RunHistory.means(history.steps().stream().mapToDouble(value).toArray());
  }

  private String training() {
    Chart loss =
        new Chart("Loss", "step", "nats")
            .line(
                history.trainLoss() + ", smoothed",
                steps,
                each(TrainingListener.Step::smoothedLoss))
            .marked("validation loss", marks(), atEpochs(Evaluation::loss));
    StringBuilder html = new StringBuilder(tables.epochs().html("Epochs")).append(loss.html());
    if (!history.languageModel()) {
      Chart accuracy =
          new Chart("Validation", "step", "share")
              .marked(history.accuracyName(), marks(), atEpochs(Evaluation::accuracy))
              .marked(
                  "macro F1",
                  marks(),
                  atEpochs(e -> Objects.requireNonNullElse(e.macroF1(), Double.NaN)));
      html.append(accuracy.html());
    }
    return html.toString();
  }

  private double[] marks() {
    return history.marks().stream().mapToDouble(Long::doubleValue).toArray();
  }

  private double[] atEpochs(ToDoubleFunction<Evaluation> figure) {
    return history.epochs().stream()
        .mapToDouble(epoch -> figure.applyAsDouble(epoch.validation()))
        .toArray();
  }

  private String rates() {
    String groups =
        tables.hasGroups()
            ? tables
                .groups()
                .shaded(
                    "Which layer groups were trained when, and their highest rates",
                    (column, cell) -> RunTables.saysTrained(column, cell) ? 0.3 : 0)
            : "";
    Chart momentum =
        new Chart("Momentum of all groups (Adam's beta1)", "step", "beta1")
            .line("beta1", steps, each(TrainingListener.Step::beta1));
    return tables.phases().html("Phases") + groups + rateChart().html() + momentum.html();
  }

  private Chart rateChart() {
    if (!tables.hasGroups()) {
      return new Chart("Learning rate of the last layer group", "step", "rate")
          .line("rate", steps, each(TrainingListener.Step::rate))
          .fromZero();
    }
    Map<List<Double>, String> lines = lines();
    Chart chart = new Chart("Learning rate of each layer group", "step", "rate");
    lines.forEach((shares, names) -> chart.line(names, steps, each(step -> rate(step, shares))));
    long different =
        lines.keySet().stream().flatMap(List::stream).filter(s -> !s.isNaN()).distinct().count();
    return different > 1 ? chart.yLogarithmic() : chart.fromZero();
  }

  /**
   * Names of the groups by their shares of the last one's rate in each phase, NaN where they were
   * frozen; those that went together share a line.
   */
  private Map<List<Double>, String> lines() {
    Map<List<Double>, String> lines = new LinkedHashMap<>();
    int groups = history.phases().stream().mapToInt(phase -> phase.groups().size()).max().orElse(0);
    for (int g = 0; g < groups; g++) {
      List<Double> shares = new ArrayList<>();
      String name = "";
      for (TrainingListener.PhaseStart phase : history.phases()) {
        boolean there = g < phase.groups().size();
        name = there ? phase.groups().get(g).name() : name;
        shares.add(there && g >= phase.firstTrained() ? phase.groups().get(g).share() : Double.NaN);
      }
      lines.merge(shares, name, (all, another) -> all + ", " + another);
    }
    return lines;
  }

  private static double rate(TrainingListener.Step step, List<Double> shares) {
    return step.phase() < shares.size() ? step.rate() * shares.get(step.phase()) : Double.NaN;
  }

  private String time() {
    Map<String, Double> seconds = tables.seconds();
    double all = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    Bars bars = new Bars("Where the time went", all);
    seconds.forEach(
        (part, its) ->
            bars.bar(part + ": " + duration(its) + ", " + RunTables.share(its, all), its, null));
    StringBuilder html = new StringBuilder(bars.html());
    html.append(Html.folded("The figures", tables.time().html("Seconds of each part")));
    if (!history.epochs().isEmpty()) {
      html.append(epochTimes().html("Seconds of each epoch"));
    }
    stepTimes().forEach(line -> html.append(Html.paragraph(line)));
    return html.toString();
  }

  private Table epochTimes() {
    Table table = new Table("phase", "epoch", "training", "validation", "tokens/s");
    for (TrainingListener.Epoch epoch : history.epochs()) {
      double seconds = Math.max(1e-9, epoch.seconds());
      table.row(
          Integer.toString(epoch.phase() + 1),
          Integer.toString(epoch.epoch() + 1),
          RunTables.fixed(epoch.seconds(), 1),
          RunTables.fixed(epoch.validationSeconds(), 1),
          Shown.format("%,.0f", epoch.tokens() / seconds));
    }
    return table;
  }

  private List<String> stepTimes() {
    List<String> lines = new ArrayList<>();
    double[] times =
        history.steps().stream().mapToDouble(TrainingListener.Step::seconds).sorted().toArray();
    if (times.length > 0) {
      lines.add(
          "A step took "
              + duration(times[times.length / 2])
              + " in the median, the slowest "
              + duration(times[times.length - 1])
              + ".");
    }
    String others = history.told(RunHistory.Fact.LOAD, "others");
    if (!others.isEmpty()) {
      lines.add(
          Shown.format(
              "While it trained, other processes kept %.1f of %s cores busy.",
              Double.parseDouble(others), history.told(RunHistory.Fact.LOAD, "processors")));
    }
    return lines;
  }

  private static String duration(double seconds) {
    return seconds < 120
        ? Chart.number(Double.parseDouble(RunTables.fixed(seconds, seconds < 1 ? 3 : 1))) + " s"
        : Shown.format("%d min %d s", (long) seconds / 60, (long) Math.floor(seconds) % 60);
  }
}
