package org.ulmfit.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** The results as Markdown: targets and ratios first, then what they come from. */
record Report(Map<String, WorkloadResult> results) {

  /** Mark of results that are no figures. */
  static final String QUICK = "quick";

  private static final String BEGIN = "<!-- bench: written by scripts/bench, do not edit -->\n";
  private static final String END = "<!-- bench: end -->\n";

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
    if (results.values().stream().anyMatch(r -> r.machine().containsKey(QUICK))) {
      text.append(
          "A quick run: tiny sizes and one round show that everything runs, nothing more.\n");
    } else {
      targets(text);
    }
    ratios(text);
    absolutes(text);
    singles(text);
    peaks(text);
    machine(text);
    return text.toString();
  }

  private void targets(StringBuilder text) {
    text.append("| target | wanted | measured | met |\n|---|---|---|---|\n");
    for (Targets.Row row : Targets.of(results)) {
      line(text, row.what(), row.target(), row.value(), row.verdict());
    }
  }

  /** Each of ours over each peer and over our float32, by the workload's main series. */
  private void ratios(StringBuilder text) {
    text.append("\n| ratio of speeds (medians of rounds) | |\n|---|---|\n");
    for (WorkloadResult r : results.values()) {
      String series = main(r.name());
      if (series == null) {
        continue;
      }
      for (WorkloadResult.Side ours : r.sides()) {
        for (WorkloadResult.Side other : r.sides()) {
          if (ours.name().startsWith("ulmfit ") && ours != other && compared(ours, other)) {
            String what = r.name() + ": " + ours.name() + " over " + other.name();
            line(text, what, format("%.2f", ours.rate(series) / other.rate(series)));
          }
        }
      }
    }
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

  private void absolutes(StringBuilder text) {
    text.append("\n| workload | side | median | best | of the peak | resident |\n");
    text.append("|---|---|---|---|---|---|\n");
    for (WorkloadResult r : results.values()) {
      if (r.skipped() != null) {
        line(text, r.name(), "skipped: " + r.skipped(), "", "", "", "");
      }
      for (WorkloadResult.Side side : r.sides()) {
        for (String series : side.rounds().get(0).series().keySet()) {
          if (!r.name().equals("peaks") && !series.startsWith("single ")) {
            absolute(text, r, side, series);
          }
        }
      }
    }
  }

  private void absolute(
      StringBuilder text, WorkloadResult r, WorkloadResult.Side side, String series) {
    double share = Double.NaN;
    if (series.equals("step") || series.equals("batch")) {
      share = Targets.fraction(r, side.name(), series, results.get("peaks"), false);
    }
    boolean steps = series.equals("step");
    line(
        text,
        r.name(),
        side.name() + (steps ? "" : ", " + series),
        rate(r.name(), series, side.rate(series)),
        rate(r.name(), series, side.bestRate(series)),
        Double.isNaN(share) ? "" : format("%.0f%%", 100 * share),
        side.peakBytes() == 0 ? "" : format("%.2f GB", side.peakBytes() / 1e9));
  }

  private static String rate(String workload, String series, double perSecond) {
    return switch (series) {
      case "step" -> format("%,.0f tokens/s", perSecond);
      case "batch", "batch from texts" -> format("%.1f documents/s", perSecond);
      case "open", "whole", "first answer" -> format("%.2f s", 1 / perSecond);
      case "equal characters" -> format("%.1f ms", 1e5 * 1e3 / perSecond);
      default -> format("%.2f MB/s", perSecond / 1e6);
    };
  }

  private void singles(StringBuilder text) {
    text.append("\n| one document | side | tokens | p50 | p95 |\n|---|---|---|---|---|\n");
    for (WorkloadResult r : results.values()) {
      for (WorkloadResult.Side side : r.sides()) {
        for (String series : side.rounds().get(0).series().keySet()) {
          if (series.startsWith("single ")) {
            double[] seconds = side.seconds(series);
            line(
                text,
                r.name(),
                side.name(),
                series.substring(7),
                format("%.1f ms", 1e3 * Measurement.percentile(seconds, .5)),
                format("%.1f ms", 1e3 * Measurement.percentile(seconds, .95)));
          }
        }
      }
    }
  }

  private void peaks(StringBuilder text) {
    WorkloadResult r = results.get("peaks");
    if (r == null || r.sides().isEmpty()) {
      return;
    }
    text.append("\n| matrix product | median | best |\n|---|---|---|\n");
    WorkloadResult.Side side = r.sides().get(0);
    for (String series : side.rounds().get(0).series().keySet()) {
      line(
          text,
          series,
          format("%,.0f GFLOP/s", side.rate(series)),
          format("%,.0f GFLOP/s", side.bestRate(series)));
    }
  }

  private void machine(StringBuilder text) {
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
    text.append("\n| measured with | |\n|---|---|\n");
    facts.forEach((key, value) -> line(text, key, value));
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

  private static void line(StringBuilder text, String... cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
