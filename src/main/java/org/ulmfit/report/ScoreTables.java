package org.ulmfit.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.train.ConfusionMatrix;
import org.ulmfit.train.Scores;

/**
 * A classifier's hits and misses on labelled rows, and the tables people read them in. A class
 * without rows is named as never tested; one that was not predicted either is left out of the macro
 * mean, as in scikit-learn. Where there is nothing to divide by, tables show {@code -} and the JSON
 * {@code null}; the macro mean takes such a figure of a class that occurs for 0, as scikit-learn
 * does.
 */
public final class ScoreTables {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int WIDEST_MATRIX = 30;
  private static final int NAMED = 20;
  private static final String NOTHING = "-";

  private final String split;
  private final List<String> labels;
  private final double loss;
  private final ConfusionMatrix matrix;

  public ScoreTables(Scores scores) {
    this.split = scores.split();
    this.labels = scores.labels();
    this.loss = scores.loss();
    this.matrix = scores.confusion();
  }

  /** Everything, as one JSON object. */
  public ObjectNode node() {
    ObjectNode node = JSON.createObjectNode();
    if (!split.isEmpty()) {
      node.put("split", split);
    }
    node.put("rows", matrix.total());
    node.put("accuracy", matrix.accuracy());
    node.put("error", 1 - matrix.accuracy());
    node.put("macroF1", matrix.macroF1());
    node.put("loss", loss);
    ArrayNode never = node.putArray("neverTested");
    neverTested().forEach(c -> never.add(labels.get(c)));
    ArrayNode classes = node.putArray("classes");
    for (int c = 0; c < labels.size(); c++) {
      classes
          .addObject()
          .put("label", labels.get(c))
          .put("precision", precision(c))
          .put("recall", recall(c))
          .put("f1", f1(c))
          .put("rows", matrix.support(c));
    }
    ArrayNode confusion = node.putArray("confusion");
    for (long[] row : matrix.counts()) {
      ArrayNode cells = confusion.addArray();
      for (long cell : row) {
        cells.add(cell);
      }
    }
    return node;
  }

  /** {@link #node()} in one line. */
  public String json() {
    return node().toString();
  }

  /** Plain text for a terminal; no line end. */
  public String text() {
    StringBuilder text = new StringBuilder();
    String of = split.isEmpty() ? "" : split + " ";
    text.append(of).append("rows: ").append(matrix.total()).append('\n');
    text.append(of).append("accuracy: ").append(four(matrix.accuracy())).append('\n');
    text.append(of).append("macro F1: ").append(four(matrix.macroF1())).append('\n');
    text.append(of).append("loss: ").append(four(loss)).append('\n');
    never().forEach(line -> text.append(line).append('\n'));
    text.append('\n').append(perClass().text());
    if (labels.size() <= WIDEST_MATRIX) {
      text.append("\n\n").append(confusion().text());
    }
    return text.toString();
  }

  /** The same as Markdown. */
  public String markdown() {
    String head =
        "%s: %d rows, accuracy %s, macro F1 %s, loss %s%n%n"
            .formatted(
                split, matrix.total(), four(matrix.accuracy()), four(matrix.macroF1()), four(loss));
    head +=
        never().stream().map(line -> Shown.markdown(line) + "\n\n").collect(Collectors.joining());
    String tables = perClass().markdown();
    return labels.size() <= WIDEST_MATRIX
        ? head
            + tables
            + "\nRows: true class; columns: predicted class.\n\n"
            + confusion().markdown()
        : head + tables;
  }

  private List<Integer> neverTested() {
    return IntStream.range(0, labels.size()).filter(c -> matrix.support(c) == 0).boxed().toList();
  }

  /**
   * One line each for the classes without rows that do not count in the macro mean, and that do.
   */
  private List<String> never() {
    if (matrix.total() == 0) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    for (boolean predicted : new boolean[] {false, true}) {
      List<String> names =
          neverTested().stream()
              .filter(c -> matrix.occurs(c) == predicted)
              .map(labels::get)
              .toList();
      if (!names.isEmpty()) {
        lines.add(
            "never tested: "
                + Shown.list(names, NAMED)
                + (predicted
                    ? " (no such rows, yet given as an answer: counts in macro F1 as 0)"
                    : " (no such rows, never an answer: left out of macro F1)"));
      }
    }
    return lines;
  }

  /** Null where nothing was predicted as the class. */
  private @Nullable Double precision(int c) {
    return matrix.predicted(c) == 0 ? null : Double.valueOf(matrix.precision(c));
  }

  /** Null where there are no rows of the class. */
  private @Nullable Double recall(int c) {
    return matrix.support(c) == 0 ? null : Double.valueOf(matrix.recall(c));
  }

  private @Nullable Double f1(int c) {
    return matrix.occurs(c) ? Double.valueOf(matrix.f1(c)) : null;
  }

  private Table perClass() {
    Table table = new Table("class", "precision", "recall", "F1", "rows");
    List<String> names = Shown.names(labels);
    for (int c = 0; c < labels.size(); c++) {
      table.row(
          names.get(c),
          four(precision(c)),
          four(recall(c)),
          four(f1(c)),
          Long.toString(matrix.support(c)));
    }
    return table;
  }

  private Table confusion() {
    String[] head = new String[labels.size() + 1];
    head[0] = "true \\ predicted";
    List<String> names = Shown.names(labels);
    for (int c = 0; c < labels.size(); c++) {
      head[c + 1] = names.get(c);
    }
    Table table = new Table(head);
    long[][] counts = matrix.counts();
    for (int c = 0; c < labels.size(); c++) {
      String[] cells = new String[head.length];
      cells[0] = names.get(c);
      for (int p = 0; p < labels.size(); p++) {
        cells[p + 1] = Long.toString(counts[c][p]);
      }
      table.row(cells);
    }
    return table;
  }

  private static String four(@Nullable Double value) {
    return value == null ? NOTHING : String.format(Locale.ROOT, "%.4f", value);
  }
}
