package org.ulmfit.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.train.Interval;

/** Parts that the cards of all models have. No text of the corpus stands in any. */
final class CardSections {
  private static final int NAMED = 200; // labels in a line; all are in labels.json
  private static final int ROWS = 100; // labels in a table

  /** Of provenance: what has its place in the table, and paths of the machine that read it. */
  private static final Set<String> LEFT_OUT =
      Set.of("input", "train", "valid", "test", "unknown words");

  /** What a model may have started from, by its name in provenance. */
  private static final List<String> STARTS =
      List.of("pretrained", "encoder", "classifier", "embedder", "word vectors", "imported from");

  private CardSections() {}

  /** A section under its heading. */
  static String section(String heading, String body) {
    return "\n## " + heading + "\n\n" + body;
  }

  static String bullet(String line) {
    return "- " + line + "\n";
  }

  /** A name of the data in Markdown. */
  static String name(String name) {
    return Shown.markdown(Shown.escaped(name));
  }

  /** One line of all labels. */
  static String labelLine(List<String> labels) {
    return "Labels: " + Shown.markdown(Shown.list(labels, NAMED)) + ".\n";
  }

  /** Where the data came from, and how much there was of each split. */
  static String data(Map<String, Object> origin, Evidence evidence) {
    StringBuilder body = new StringBuilder();
    origin.forEach(
        (key, value) -> {
          if (!LEFT_OUT.contains(key)) {
            body.append(bullet(name(key) + ": " + name("" + value)));
          }
        });
    if (!evidence.splits().isEmpty()) {
      List<List<String>> rows = new ArrayList<>();
      for (Evidence.Split split : evidence.splits()) {
        rows.add(
            List.of(
                split.name(),
                number(split.documents()),
                number(split.tokens()),
                number(split.median()),
                number(split.most()),
                number(split.longest()),
                split.unknown() == null ? "" : percent(split.unknown())));
      }
      List<String> head =
          List.of("split", "texts", "tokens", "median length", "95% up to", "longest", "unknown");
      body.append('\n').append(table(head, rows));
      body.append("\nLengths are in tokens; unknown: words that are not in the vocabulary.\n");
    }
    return body.isEmpty() ? "Not told.\n" : body.toString();
  }

  /**
   * Texts of each label, and how well it is found on the rows that were looked at most closely.
   *
   * @return empty where neither is known
   */
  static String labels(List<String> labels, Evidence evidence) {
    List<Evidence.Split> splits =
        evidence.splits().stream().filter(split -> !split.labels().isEmpty()).toList();
    Evidence.Result found =
        evidence.results().stream().filter(r -> !r.labels().isEmpty()).findFirst().orElse(null);
    if (splits.isEmpty() && found == null) {
      return "";
    }
    List<String> head = new ArrayList<>(List.of("label"));
    splits.forEach(split -> head.add(split.name()));
    if (found != null) {
      head.addAll(List.of("precision", "recall", "F1"));
    }
    List<String> shown = Shown.names(labels);
    List<List<String>> rows = new ArrayList<>();
    for (int label : commonest(labels.size(), splits)) {
      List<String> row = new ArrayList<>(List.of(Shown.markdown(shown.get(label))));
      splits.forEach(split -> row.add(number(split.labels().get(label))));
      if (found != null) {
        Evidence.LabelResult result = found.labels().get(label);
        Stream.of(result.precision(), result.recall(), result.f1())
            .forEach(figure -> row.add(ranged(figure)));
      }
      rows.add(row);
    }
    String left = labels.size() > ROWS ? "\nThe " + ROWS + " with most texts to train on.\n" : "";
    String on =
        found == null
            ? ""
            : "\nPrecision, recall and F1 are of the rows of "
                + found.split()
                + ", with 95% intervals in brackets.\n";
    return "\nTexts of each label:\n\n" + table(head, rows) + left + on;
  }

  /** Labels in their order, of very many those with most texts. */
  private static int[] commonest(int labels, List<Evidence.Split> splits) {
    if (labels <= ROWS || splits.isEmpty()) {
      return IntStream.range(0, Math.min(labels, ROWS)).toArray();
    }
    List<Long> counts = splits.get(0).labels();
    return IntStream.range(0, labels)
        .boxed()
        .sorted((a, b) -> Long.compare(counts.get(b), counts.get(a)))
        .limit(ROWS)
        .mapToInt(label -> label)
        .toArray();
  }

  /** All results in one table. */
  static String metrics(List<Evidence.Result> results, String unit) {
    List<List<String>> rows = new ArrayList<>();
    for (Evidence.Result result : results) {
      for (Figure figure : result.figures()) {
        Interval range = figure.interval();
        rows.add(
            List.of(
                name(result.split()),
                number(result.items()),
                figure.name(),
                four(figure.value()),
                range == null ? "" : four(range.low()) + " to " + four(range.high())));
      }
    }
    return table(List.of("split", unit, "figure", "value", "95% interval"), rows);
  }

  /** Who may use it. */
  static String licence(Map<String, Object> origin) {
    String starts =
        STARTS.stream()
            .filter(key -> origin.containsKey(key) && !origin.get(key).equals("none"))
            .map(key -> name("" + origin.get(key)))
            .collect(Collectors.joining(", "));
    return "Not stated. Before you pass the model on, look at the licence of the texts it was trained"
        + " on"
        + (starts.isEmpty() ? "" : "\nand of what it started from (" + starts + ")")
        + ", and write yours into the field\n`license` above. This file may be edited: the model is"
        + " valid all the same.\n";
  }

  /** Sizes of the files, the largest first. */
  static String files(Path dir) throws IOException {
    Map<String, Long> sizes;
    try (Stream<Path> files = Files.walk(dir)) {
      sizes =
          files
              .filter(Files::isRegularFile)
              .collect(
                  Collectors.toMap(
                      file -> Objects.requireNonNull(file.getFileName()).toString(),
                      file -> file.toFile().length(),
                      Long::sum));
    }
    long all = sizes.values().stream().mapToLong(size -> size).sum();
    String largest =
        sizes.entrySet().stream()
            .filter(file -> file.getValue() >= all / 100)
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .map(file -> "`" + file.getKey() + "` " + bytes(file.getValue()))
            .collect(Collectors.joining(", "));
    return bullet("files: " + bytes(all) + " (" + largest + ")");
  }

  private static String ranged(@Nullable Figure figure) {
    if (figure == null) {
      return "-";
    }
    String value = Shown.format("%.3f", figure.value());
    Interval range = figure.interval();
    return range == null ? value : Shown.format("%s (%.3f-%.3f)", value, range.low(), range.high());
  }

  static String table(List<String> head, List<List<String>> rows) {
    StringBuilder table = new StringBuilder();
    table.append("| ").append(String.join(" | ", head)).append(" |\n");
    table.append("|---".repeat(head.size())).append("|\n");
    rows.forEach(row -> table.append("| ").append(String.join(" | ", row)).append(" |\n"));
    return table.toString();
  }

  static String number(long number) {
    return Shown.format("%,d", number);
  }

  static String percent(double share) {
    return Shown.format("%.1f%%", 100 * share);
  }

  private static String four(double value) {
    return Shown.format("%.4f", value);
  }

  private static String bytes(long bytes) {
    return bytes < 1_000_000
        ? Shown.format("%.1f kB", bytes / 1e3)
        : Shown.format("%.1f MB", bytes / 1e6);
  }
}
