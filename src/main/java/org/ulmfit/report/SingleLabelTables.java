package org.ulmfit.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.train.ConfusionMatrix;
import org.ulmfit.train.Scores;

/**
 * Documents with one label each. A class that is neither that of a row nor was predicted for one is
 * left out of the macro mean, as in scikit-learn.
 */
final class SingleLabelTables implements ScoreTables.Content {
  private static final int WIDEST_MATRIX = 30;

  private final Scores scores;
  private final List<String> labels;
  private final ConfusionMatrix matrix;

  SingleLabelTables(Scores scores) {
    this.scores = scores;
    this.labels = scores.labels();
    this.matrix = scores.confusion();
  }

  @Override
  public List<ScoreTables.Figure> figures() {
    return List.of(
        new ScoreTables.Figure("accuracy", matrix.accuracy(), true),
        new ScoreTables.Figure("balanced accuracy", matrix.balancedAccuracy(), false),
        new ScoreTables.Figure("macro F1", matrix.macroF1(), true),
        new ScoreTables.Figure("weighted F1", matrix.weightedF1(), false),
        new ScoreTables.Figure("Matthews correlation", matrix.matthews(), false),
        new ScoreTables.Figure("log loss", scores.loss(), true));
  }

  @Override
  public List<String> remarks() {
    List<String> lines = new ArrayList<>();
    lines.addAll(
        ScoreTables.never(
            scores,
            c -> untested(c) && !matrix.occurs(c),
            "no such rows, never an answer: left out of macro F1"));
    lines.addAll(
        ScoreTables.never(
            scores,
            c -> untested(c) && matrix.occurs(c),
            "no such rows, yet given as an answer: counts in macro F1 as 0"));
    return lines;
  }

  private boolean untested(int c) {
    return matrix.support(c) == 0;
  }

  @Override
  public List<ScoreTables.Captioned> tables() {
    ScoreTables.Captioned classes = new ScoreTables.Captioned("", perClass());
    long[][] counts = matrix.counts();
    return counts == null || labels.size() > WIDEST_MATRIX
        ? List.of(classes)
        : List.of(
            classes,
            new ScoreTables.Captioned(
                "Rows: true class; columns: predicted class.", confusion(counts)));
  }

  @Override
  public void put(ObjectNode node) {
    scores.figures().forEach(node::put);
    node.put("error", 1 - matrix.accuracy());
    ScoreTables.putNever(node, scores, this::untested);
    ArrayNode classes = node.putArray("classes");
    for (int c = 0; c < labels.size(); c++) {
      classes
          .addObject()
          .put("label", labels.get(c))
          .put("precision", precision(c))
          .put("recall", recall(c))
          .put("f1", f1(c))
          .put("rows", matrix.support(c))
          .put("predicted", matrix.predicted(c));
    }
    long[][] counts = matrix.counts();
    if (counts != null) {
      ArrayNode confusion = node.putArray("confusion");
      for (long[] row : counts) {
        ArrayNode cells = confusion.addArray();
        Arrays.stream(row).forEach(cells::add);
      }
    }
  }

  private @Nullable Double precision(int c) {
    return ScoreTables.ifAny(matrix.predicted(c), matrix.precision(c));
  }

  private @Nullable Double recall(int c) {
    return ScoreTables.ifAny(matrix.support(c), matrix.recall(c));
  }

  private @Nullable Double f1(int c) {
    return ScoreTables.ifAny(matrix.support(c) + matrix.predicted(c), matrix.f1(c));
  }

  private Table perClass() {
    Table table = new Table("class", "precision", "recall", "F1", "rows");
    List<String> names = Shown.names(labels);
    for (int c = 0; c < labels.size(); c++) {
      table.row(
          names.get(c),
          ScoreTables.four(precision(c)),
          ScoreTables.four(recall(c)),
          ScoreTables.four(f1(c)),
          Long.toString(matrix.support(c)));
    }
    return table;
  }

  private Table confusion(long[][] counts) {
    String[] head = new String[labels.size() + 1];
    head[0] = "true \\ predicted";
    List<String> names = Shown.names(labels);
    for (int c = 0; c < labels.size(); c++) {
      head[c + 1] = names.get(c);
    }
    Table table = new Table(head);
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
}
