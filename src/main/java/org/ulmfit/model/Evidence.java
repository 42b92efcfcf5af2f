package org.ulmfit.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.train.BootstrapF1;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Interval;
import org.ulmfit.train.LabelCounts;
import org.ulmfit.train.Metrics;
import org.ulmfit.train.Scores;
import org.ulmfit.vocab.TokenStore;

/**
 * What a model was made of and how well it does, for its card.
 *
 * @param splits of the data, those to train on first
 * @param results what was measured, on the most telling rows first
 */
public record Evidence(List<Split> splits, List<Result> results) {
  /** Of weights that were not trained here. */
  public static final Evidence NONE = new Evidence(List.of(), List.of());

  public Evidence {
    splits = List.copyOf(splits);
    results = List.copyOf(results);
  }

  /**
   * Documents of one kind.
   *
   * @param name train, valid or test
   * @param labels documents of each, by index; none of a language model
   * @param median tokens of a document
   * @param most tokens of 95 documents in 100, or fewer
   * @param longest tokens of the longest document
   * @param unknown share of the words that the vocabulary lacks; null: not counted
   */
  public record Split(
      String name,
      int documents,
      long tokens,
      List<Long> labels,
      int median,
      int most,
      int longest,
      @Nullable Double unknown) {

    /**
     * Looks at what was prepared.
     *
     * @param classes how many labels there are
     */
    public static Split of(
        String name, TokenStore store, int classes, @Nullable Double unknownShare) {
      int[] lengths = new int[store.size()];
      Arrays.setAll(lengths, store::length);
      Arrays.sort(lengths);
      return new Split(
          name,
          lengths.length,
          store.tokens(),
          Arrays.stream(store.labelCounts(classes)).boxed().toList(),
          at(lengths, 0.5),
          at(lengths, 0.95),
          at(lengths, 1),
          unknownShare);
    }

    /** The shortest length that so many of the documents do not exceed. */
    private static int at(int[] sorted, double share) {
      return sorted.length == 0
          ? 0
          : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
  }

  /**
   * How well one label is found; a share of nothing is null.
   *
   * @param rows that have it
   */
  public record LabelResult(
      long rows, @Nullable Figure precision, @Nullable Figure recall, @Nullable Figure f1) {}

  /**
   * Figures of one set of rows.
   *
   * @param split what it is called
   * @param labels by index; none where labels were not looked at one by one
   */
  public record Result(String split, long items, List<Figure> figures, List<LabelResult> labels) {

    /** Of a classifier's answers, with intervals. */
    public static Result of(Scores scores) {
      BootstrapF1 f1 =
          BootstrapF1.of(
              scores.labelling(), scores.labels().size(), scores.truth(), scores.predicted());
      List<Figure> figures = new ArrayList<>();
      scores
          .figures()
          .forEach(
              (key, value) ->
                  figures.add(
                      Figure.of(
                          key,
                          value,
                          switch (key) {
                            case "accuracy", "subsetAccuracy" -> wilson(value, scores.rows());
                            case "macroF1" -> f1.macroInterval();
                            default -> null;
                          })));
      LabelCounts counts = scores.counts();
      List<LabelResult> labels = new ArrayList<>();
      for (int label = 0; label < counts.labels(); label++) {
        long hits = counts.truePositives(label);
        long told = counts.predicted(label);
        long rows = counts.support(label);
        Interval range = f1.labelIntervals().get(label);
        labels.add(
            new LabelResult(
                rows,
                told == 0 ? null : Figure.share("precision", hits, told),
                rows == 0 ? null : Figure.share("recall", hits, rows),
                told + rows == 0 ? null : Figure.of("F1", counts.f1(label), range)));
      }
      return new Result(scores.split(), scores.rows(), figures, labels);
    }

    /** Of a classifier of which only these figures are known. */
    public static Result of(String split, Labelling labelling, Evaluation e) {
      boolean single = labelling == Labelling.SINGLE;
      List<Figure> figures =
          List.of(
              Figure.of(
                  single ? "accuracy" : "subsetAccuracy",
                  e.accuracy(),
                  e.items() == 0 ? null : wilson(e.accuracy(), e.items())),
              Figure.of("macroF1", Objects.requireNonNull(e.macroF1()), null),
              Figure.of(single ? "logLoss" : "loss", e.loss(), null));
      return new Result(split, e.items(), figures, List.of());
    }

    /** Of a language model. Words of a text depend on each other, so there are no intervals. */
    public static Result ofWords(String split, Evaluation e) {
      List<Figure> figures =
          List.of(
              Figure.of("perplexity", Metrics.perplexity(e.loss()), null),
              Figure.of("loss", e.loss(), null),
              Figure.of("accuracy", e.accuracy(), null));
      return new Result(split, e.items(), figures, List.of());
    }

    private static Interval wilson(double share, long rows) {
      return Interval.wilson(Math.round(share * rows), rows);
    }
  }
}
