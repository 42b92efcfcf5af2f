package org.ulmfit.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The speeds the project set itself, and what was measured. */
final class Targets {

  /**
   * A row of the table.
   *
   * @param measured NaN if it was not
   * @param format of the measured value
   */
  record Row(String what, String target, double measured, String format, boolean met) {

    boolean known() {
      return !Double.isNaN(measured);
    }

    String verdict() {
      return known() ? met ? "yes" : "no" : "not measured";
    }

    String value() {
      return known() ? String.format(Locale.ROOT, format, measured) : "–";
    }
  }

  private final Map<String, WorkloadResult> results;
  private final List<Row> rows = new ArrayList<>();

  private Targets(Map<String, WorkloadResult> results) {
    this.results = results;
  }

  static List<Row> of(Map<String, WorkloadResult> results) {
    Targets targets = new Targets(results);
    targets.training();
    targets.prediction();
    targets.text();
    return targets.rows;
  }

  private void training() {
    String bf16 = Workload.ours("bf16");
    String best = present("lm-full", bf16) ? bf16 : Workload.ours("fp32");
    String lm = "LM training, full size, " + best.replace("ulmfit ", "") + ": ";
    atLeast(lm + "against fastai", 3, ratio("lm-full", best, Workload.FASTAI, "step"), "%.2f ×");
    atLeast(
        lm + "share of the matmul peak (median step)",
        .65,
        fraction(results.get("lm-full"), best, "step", results.get("peaks"), false),
        "%.2f");
    atMost(lm + "resident memory", 4, peak("lm-full", best).orElse(Double.NaN) / 1e9, "%.2f GB");
    atLeast(
        "sampled softmax against our full one, full size",
        1.6,
        ratio("lm-full", best + Workload.SAMPLED, best, "step"),
        "%.2f ×");
    for (String name : List.of("classifier-full", "classifier-small")) {
      atLeast(
          name.substring(11) + "-size classifier training, unfrozen, against fastai",
          2.5,
          ratio(name, best, Workload.FASTAI, "step"),
          "%.2f ×");
      atMost(
          name.substring(11) + "-size classifier training: resident memory",
          4,
          peak(name, best).orElse(Double.NaN) / 1e9,
          "%.2f GB");
    }
  }

  private void prediction() {
    String best = Workload.ours(present("predict-full", "ulmfit bf16") ? "bf16" : "fp32");
    for (String name : List.of("predict-full", "predict-small")) {
      String size = name.substring(8) + " size: ";
      atLeast(
          size + "batches of 250-token documents against get_preds",
          4,
          ratio(name, best, Workload.FASTAI, "batch"),
          "%.2f ×");
      double ours = percentile(name, best, "single 250", .5);
      double theirs = percentile(name, Workload.FASTAI, "single 250", .5);
      atMost(size + "one 250-token document, time against predict", .5, ours / theirs, "%.2f ×");
      double p95 = percentile(name, best, "single 250", .95);
      atMost(size + "one 250-token document, p95 against p50", 2, p95 / ours, "%.2f ×");
    }
  }

  private void text() {
    double warm = rate("text", Workload.COMMAND, "warm") / 1e6;
    double cold = rate("text", Workload.COMMAND, "cold") / 1e6;
    double single = rate("text", Workload.COMMAND, "warm 1 thread");
    atLeast("tokenizing with rules, warm", 20, warm, "%.1f MB/s");
    atLeast("tokenizing with rules, cold", 10, cold, "%.1f MB/s");
    atLeast(
        "tokenizing against spaCy with fastai's rules, one thread each",
        10,
        single / rate("text", Workload.SPACY, "tokens"),
        "%.1f ×");
    double equal = percentile("text", Workload.COMMAND, "equal characters", .5);
    below("10⁵ equal characters", 50, 1e3 * equal, "%.1f ms");
    atMost(
        "prepare, all of IMDb, -Xmx1g", 45, percentile("prepare", "ulmfit", "whole", .5), "%.1f s");
    atMost(
        "start to first prediction, small model",
        2,
        percentile("start", "ulmfit", "first answer", .5),
        "%.2f s");
  }

  private void atLeast(String what, double target, double measured, String format) {
    String text = "≥ " + String.format(Locale.ROOT, format, target);
    rows.add(new Row(what, text, measured, format, measured >= target));
  }

  private void atMost(String what, double target, double measured, String format) {
    String text = "≤ " + String.format(Locale.ROOT, format, target);
    rows.add(new Row(what, text, measured, format, measured <= target));
  }

  private void below(String what, double target, double measured, String format) {
    String text = "< " + String.format(Locale.ROOT, format, target);
    rows.add(new Row(what, text, measured, format, measured < target));
  }

  private boolean present(String workload, String side) {
    return results.containsKey(workload) && results.get(workload).side(side).isPresent();
  }

  private double rate(String workload, String side, String series) {
    return present(workload, side)
        ? results.get(workload).side(side).orElseThrow().rate(series)
        : Double.NaN;
  }

  private double ratio(String workload, String ours, String theirs, String series) {
    return rate(workload, ours, series) / rate(workload, theirs, series);
  }

  private OptionalDouble peak(String workload, String side) {
    return present(workload, side)
        ? OptionalDouble.of((double) results.get(workload).side(side).orElseThrow().peakBytes())
        : OptionalDouble.empty();
  }

  private double percentile(String workload, String side, String series, double p) {
    return present(workload, side)
        ? Measurement.percentile(results.get(workload).side(side).orElseThrow().seconds(series), p)
        : Double.NaN;
  }

  /** GFLOP/s of the fastest product in this precision. */
  static double matmulPeak(WorkloadResult peaks, String precision) {
    if (peaks == null || peaks.skipped() != null) {
      return Double.NaN;
    }
    WorkloadResult.Side side = peaks.side(Workload.COMMAND).orElseThrow();
    return side.rounds().get(0).series().keySet().stream()
        .filter(series -> series.startsWith(precision + " "))
        .mapToDouble(side::bestRate)
        .max()
        .orElse(Double.NaN);
  }

  /** Share of the best product's rate that a side of ours reaches; NaN if it is not known. */
  static double fraction(
      WorkloadResult r, String side, String series, WorkloadResult peaks, boolean best) {
    if (r == null || r.side(side).isEmpty() || !side.startsWith("ulmfit ")) {
      return Double.NaN;
    }
    String precision = side.substring(7).replaceFirst(",.*", "");
    WorkloadResult.Side measured = r.side(side).orElseThrow();
    double units = best ? measured.bestRate(series) : measured.rate(series);
    return units * Flops.perUnit(r, side, series) / 1e9 / matmulPeak(peaks, precision);
  }
}
