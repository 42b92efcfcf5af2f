package org.ulmfit.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The results as Markdown: targets and ratios first, then what they come from; a column for each
 * kind of processor.
 *
 * @param kinds results by workload, by kind of processor
 */
record Report(Map<String, Map<String, WorkloadResult>> kinds) {

  /** Mark of results that are no figures. */
  static final String QUICK = "quick";

  private static final String BEGIN = "<!-- bench: written by scripts/bench, do not edit -->\n";
  private static final String END = "<!-- bench: end -->\n";

  /** Of one processor. */
  static Report of(Map<String, WorkloadResult> results) {
    return new Report(results.isEmpty() ? Map.of() : Map.of(Machine.kind(results), results));
  }

  /** With what was measured on other kinds before. */
  Report beside(Map<String, Map<String, WorkloadResult>> others) {
    Map<String, Map<String, WorkloadResult>> all = new LinkedHashMap<>(others);
    all.putAll(kinds);
    return new Report(all);
  }

  /** In place of what stands between the markers of a page; a page without them is replaced. */
  String into(String page) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      return markdown();
    }
    return page.substring(0, begin + BEGIN.length())
        + "\n"
        + markdown()
        + "\n"
        + page.substring(end);
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    boolean quick =
        kinds.values().stream()
            .flatMap(results -> results.values().stream())
            .anyMatch(r -> r.machine().containsKey(QUICK));
    if (quick) {
      text.append(
          "A quick run: tiny sizes and one round show that everything runs, nothing more.\n");
    } else {
      sideBySide(text, List.of("target", "wanted"), Report::targets);
    }
    sideBySide(text, List.of("ratio of speeds (medians of rounds)"), Report::ratios);
    sideBySide(text, List.of("workload", "side"), Report::absolutes);
    sideBySide(text, List.of("one document, p50, p95", "side", "tokens"), Report::singles);
    sideBySide(text, List.of("matrix product, median (best)"), Report::peaks);
    sideBySide(text, List.of("measured with"), Report::machine);
    return text.toString().stripLeading();
  }

  /** A table of one processor: what each row is, and what was measured. */
  private interface Section {
    Map<List<String>, String> of(Map<String, WorkloadResult> results);
  }

  private void sideBySide(StringBuilder text, List<String> head, Section section) {
    Map<List<String>, Map<String, String>> rows = new LinkedHashMap<>();
    kinds.forEach(
        (kind, results) ->
            section
                .of(results)
                .forEach(
                    (key, value) ->
                        rows.computeIfAbsent(key, k -> new LinkedHashMap<>()).put(kind, value)));
    if (rows.isEmpty()) {
      return;
    }
    text.append('\n');
    line(text, Stream.concat(head.stream(), kinds.keySet().stream()));
    text.append("|---".repeat(head.size() + kinds.size())).append("|\n");
    rows.forEach(
        (key, values) ->
            line(
                text,
                Stream.concat(
                    key.stream(), kinds.keySet().stream().map(k -> values.getOrDefault(k, "")))));
  }

  private static Map<List<String>, String> targets(Map<String, WorkloadResult> results) {
    Map<List<String>, String> rows = new LinkedHashMap<>();
    for (Targets.Row row : Targets.of(results)) {
      rows.put(List.of(row.what(), row.target()), row.value() + ": " + row.verdict());
    }
    return rows;
  }

  /** Each of ours over each peer and over our float32, by the workload's main series. */
  private static Map<List<String>, String> ratios(Map<String, WorkloadResult> results) {
    Map<List<String>, String> rows = new LinkedHashMap<>();
    for (WorkloadResult r : results.values()) {
      String series = main(r.name());
      if (series == null) {
        continue;
      }
      for (WorkloadResult.Side ours : r.sides()) {
        for (WorkloadResult.Side other : r.sides()) {
          if (ours.name().startsWith("ulmfit ") && !ours.equals(other) && compared(ours, other)) {
            String what = r.name() + ": " + ours.name() + " over " + other.name();
            rows.put(List.of(what), format("%.2f", ours.rate(series) / other.rate(series)));
          }
        }
      }
    }
    return rows;
  }

  private static boolean compared(WorkloadResult.Side ours, WorkloadResult.Side other) {
    boolean extended = ours.name().startsWith(other.name() + ",");
    boolean fp32 = other.name().equals("ulmfit fp32") && ours.name().equals("ulmfit bf16");
    return extended || fp32 || !other.name().startsWith("ulmfit ");
  }

  private static String main(String workload) {
    return switch (workload.replaceFirst("-.*", "")) {
      case "lm", "classifier" -> "step";
      case "predict" -> "batch";
      default -> null;
    };
  }

  /** Median and best of the rounds, share of the matmul peak, resident memory. */
  private static Map<List<String>, String> absolutes(Map<String, WorkloadResult> results) {
    Map<List<String>, String> rows = new LinkedHashMap<>();
    for (WorkloadResult r : results.values()) {
      if (r.skipped() != null) {
        rows.put(List.of(r.name(), ""), "skipped: " + r.skipped());
      }
      for (WorkloadResult.Side side : r.sides()) {
        for (String series : side.rounds().get(0).series().keySet()) {
          if (!r.name().equals("peaks") && !series.startsWith("single ")) {
            String what = side.name() + (series.equals("step") ? "" : ", " + series);
            rows.put(List.of(r.name(), what), absolute(r, side, series, results.get("peaks")));
          }
        }
      }
    }
    return rows;
  }

  private static String absolute(
      WorkloadResult r, WorkloadResult.Side side, String series, WorkloadResult peaks) {
    String median = rate(series, side.rate(series));
    String best = rate(series, side.bestRate(series));
    StringBuilder cell = new StringBuilder(median);
    if (!best.equals(median)) {
      cell.append(" (").append(best.replaceFirst(" .*", "")).append(')');
    }
    if (series.equals("step") || series.equals("batch")) {
      double share = Targets.fraction(r, side.name(), series, peaks, false);
      cell.append(Double.isNaN(share) ? "" : format(", %.0f%%", 100 * share));
    }
    cell.append(side.peakBytes() == 0 ? "" : format(", %.2f GB", side.peakBytes() / 1e9));
    return cell.toString();
  }

  private static String rate(String series, double perSecond) {
    return switch (series) {
      case "step" -> format("%,.0f tokens/s", perSecond);
      case "batch", "batch from texts" -> format("%.1f documents/s", perSecond);
      case "open", "whole", "first answer" -> format("%.2f s", 1 / perSecond);
      case "equal characters" -> format("%.1f ms", 1e5 * 1e3 / perSecond);
      default -> format("%.2f MB/s", perSecond / 1e6);
    };
  }

  private static Map<List<String>, String> singles(Map<String, WorkloadResult> results) {
    Map<List<String>, String> rows = new LinkedHashMap<>();
    for (WorkloadResult r : results.values()) {
      for (WorkloadResult.Side side : r.sides()) {
        for (String series : side.rounds().get(0).series().keySet()) {
          if (series.startsWith("single ")) {
            double[] seconds = side.seconds(series);
            rows.put(
                List.of(r.name(), side.name(), series.substring(7)),
                format(
                    "%.1f, %.1f ms",
                    1e3 * Measurement.percentile(seconds, .5),
                    1e3 * Measurement.percentile(seconds, .95)));
          }
        }
      }
    }
    return rows;
  }

  private static Map<List<String>, String> peaks(Map<String, WorkloadResult> results) {
    Map<List<String>, String> rows = new LinkedHashMap<>();
    WorkloadResult r = results.get("peaks");
    if (r != null && !r.sides().isEmpty()) {
      WorkloadResult.Side side = r.sides().get(0);
      for (String series : side.rounds().get(0).series().keySet()) {
        rows.put(
            List.of(series),
            format("%,.0f (%,.0f) GFLOP/s", side.rate(series), side.bestRate(series)));
      }
    }
    return rows;
  }

  private static Map<List<String>, String> machine(Map<String, WorkloadResult> results) {
    Map<String, String> facts = new LinkedHashMap<>();
    for (WorkloadResult r : results.values()) {
      r.machine().forEach((key, value) -> facts.merge(key, value, Report::both));
      for (WorkloadResult.Side side : r.sides()) {
        if (!side.name().startsWith("ulmfit")
            && side.rounds().get(0).facts().containsKey("python")) {
          side.rounds().get(0).facts().forEach((k, v) -> facts.put("peers: " + k, v));
        }
        if (!side.note().isEmpty()) {
          facts.put(r.name() + ", " + side.name(), side.note());
        }
      }
      facts.put(r.name(), sizes(r));
    }
    Map<List<String>, String> rows = new LinkedHashMap<>();
    facts.forEach((key, value) -> rows.put(List.of(key), value));
    return rows;
  }

  private static String both(String one, String other) {
    TreeSet<String> all = new TreeSet<>(List.of(one.split("; ")));
    all.addAll(List.of(other.split("; ")));
    return String.join("; ", all);
  }

  private static String sizes(WorkloadResult r) {
    List<String> parts = new ArrayList<>();
    r.sizes().forEach((key, value) -> parts.add(key + " " + value));
    r.sides().stream()
        .map(
            s ->
                s.name()
                    + ": "
                    + s.rounds().size()
                    + (s.rounds().size() == 1 ? " round" : " rounds"))
        .forEach(parts::add);
    return String.join(", ", parts);
  }

  /** A measurement in a few words, for the progress on stderr. */
  static String brief(Measurement m) {
    List<String> parts = new ArrayList<>();
    m.series()
        .keySet()
        .forEach(
            s ->
                parts.add(
                    format("%s %.3f s", s, Measurement.median(m.seconds(s)))
                        + (m.series().get(s).get(0)[1] == 1
                            ? ""
                            : format(" (%.4g/s)", m.rate(s)))));
    if (m.peakBytes() > 0) {
      parts.add(format("%.2f GB", m.peakBytes() / 1e9));
    }
    return String.join(", ", parts);
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  private static void line(StringBuilder text, Stream<String> cells) {
    text.append("| ").append(cells.collect(Collectors.joining(" | "))).append(" |\n");
  }
}
