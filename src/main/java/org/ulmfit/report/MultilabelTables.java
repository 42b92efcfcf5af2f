package org.ulmfit.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.train.LabelCounts;
import org.ulmfit.train.Scores;

/** Documents with any number of labels. Every label counts in the means, as in scikit-learn. */
final class MultilabelTables implements ScoreTables.Content {
  private final Scores scores;
  private final List<String> labels;
  private final LabelCounts counts;
  private final Map<String, Double> figures;

  MultilabelTables(Scores scores) {
    this.scores = scores;
    this.labels = scores.labels();
    this.counts = scores.counts();
    this.figures = scores.figures();
  }

  private double figure(String name) {
    return Objects.requireNonNull(figures.get(name));
  }

  @Override
  public List<ScoreTables.Figure> figures() {
    return List.of(
        new ScoreTables.Figure("rows with no label", "" + counts.rowsWithNone(), false),
        new ScoreTables.Figure("answers with no label", "" + counts.answersWithNone(), false),
        new ScoreTables.Figure(Labelling.MULTI.accuracyName(), figure("subsetAccuracy"), true),
        new ScoreTables.Figure("micro F1", figure("microF1"), true),
        new ScoreTables.Figure("macro F1", figure("macroF1"), true),
        new ScoreTables.Figure("mean average precision", figure("meanAveragePrecision"), true),
        new ScoreTables.Figure("micro average precision", figure("microAveragePrecision"), false),
        new ScoreTables.Figure("Hamming loss", figure("hammingLoss"), false),
        new ScoreTables.Figure("loss", scores.loss(), true));
  }

  @Override
  public List<String> remarks() {
    return ScoreTables.never(
        scores,
        this::untested,
        "no such rows: counts as 0 in macro figures and mean average precision");
  }

  private boolean untested(int label) {
    return counts.support(label) == 0;
  }

  @Override
  public List<ScoreTables.Captioned> tables() {
    return List.of(
        new ScoreTables.Captioned("", averages()), new ScoreTables.Captioned("", perLabel()));
  }

  @Override
  public void put(ObjectNode node) {
    figures.forEach(node::put);
    node.put("rowsWithNone", counts.rowsWithNone());
    node.put("answersWithNone", counts.answersWithNone());
    ScoreTables.putNever(node, scores, this::untested);
    ArrayNode classes = node.putArray("classes");
    for (int l = 0; l < labels.size(); l++) {
      classes
          .addObject()
          .put("label", labels.get(l))
          .put("precision", precision(l))
          .put("recall", recall(l))
          .put("f1", f1(l))
          .put("averagePrecision", averagePrecision(l))
          .put("rows", counts.support(l))
          .put("predicted", counts.predicted(l))
          .put("truePositives", counts.truePositives(l))
          .put("falsePositives", counts.falsePositives(l))
          .put("falseNegatives", counts.falseNegatives(l));
    }
  }

  private @Nullable Double precision(int label) {
    return ScoreTables.ifAny(counts.predicted(label), counts.precision(label));
  }

  private @Nullable Double recall(int label) {
    return ScoreTables.ifAny(counts.support(label), counts.recall(label));
  }

  private @Nullable Double f1(int label) {
    long marked = counts.support(label) + counts.predicted(label);
    return ScoreTables.ifAny(marked, counts.f1(label));
  }

  private @Nullable Double averagePrecision(int label) {
    return ScoreTables.ifAny(counts.support(label), scores.averagePrecision(label));
  }

  private Table averages() {
    Table table = new Table("average", "precision", "recall", "F1");
    average(table, "micro", counts.micro());
    average(table, "macro", counts.macro());
    average(table, "weighted", counts.weighted());
    average(table, "samples", counts.samples());
    return table;
  }

  private static void average(Table table, String name, LabelCounts.Average average) {
    table.row(
        name,
        ScoreTables.four(average.precision()),
        ScoreTables.four(average.recall()),
        ScoreTables.four(average.f1()));
  }

  private Table perLabel() {
    Table table =
        new Table("label", "precision", "recall", "F1", "average precision", "rows", "predicted");
    List<String> names = Shown.names(labels);
    for (int l = 0; l < labels.size(); l++) {
      table.row(
          names.get(l),
          ScoreTables.four(precision(l)),
          ScoreTables.four(recall(l)),
          ScoreTables.four(f1(l)),
          ScoreTables.four(averagePrecision(l)),
          Long.toString(counts.support(l)),
          Long.toString(counts.predicted(l)));
    }
    return table;
  }
}
