package org.ulmfit.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Split;
import org.ulmfit.ngram.Documents;
import org.ulmfit.ngram.Figure;
import org.ulmfit.ngram.NgramClassifier;
import org.ulmfit.ngram.NgramLearner;
import org.ulmfit.ngram.Ngrams;
import org.ulmfit.ngram.SolverSettings;
import org.ulmfit.ngram.Strength;
import org.ulmfit.ngram.Truth;
import org.ulmfit.train.Metrics;

/**
 * Rows whose label a model of n-grams that was not trained on them is sure is wrong: logistic
 * regression on TF-IDF of words and pairs, fold by fold. Many are hard texts, some are wrong
 * labels.
 */
final class LabelNoise {
  /** Probability of another label from which on a row is told. */
  static final double SURE = 0.9;

  private static final double STRENGTH = 10;
  private static final int FEWEST = 2; // rows that an n-gram occurs in

  private final Map<String, Integer> numbers = new HashMap<>(); // of words
  private final List<int[]> documents = new ArrayList<>();
  private final List<Integer> rows = new ArrayList<>();

  /**
   * A row.
   *
   * @param answer what the model says
   * @param p how sure it is
   */
  record Doubt(String id, String label, String answer, double p) {}

  /**
   * Keeps a row that will be looked at, if it is labelled and trained on.
   *
   * @throws UlmfitException (usage) if it has not one label
   */
  void add(int row, Rows.Row read, List<String> words) {
    List<String> labels = read.labels();
    if (read.split() == Split.TRAIN && labels != null) {
      if (labels.size() != 1) {
        throw UlmfitException.usage(
            "--folds: labels in doubt are looked for where each row has one label; leave it out");
      }
      rows.add(row);
      documents.add(
          words.stream().mapToInt(w -> numbers.computeIfAbsent(w, k -> numbers.size())).toArray());
    }
  }

  /**
   * The rows in doubt, the surest first.
   *
   * @throws UlmfitException (usage) if no row is labelled; (bad data) if there are fewer rows than
   *     folds
   */
  List<Doubt> find(Rows all, int folds, long seed, Consumer<String> notes, Stop stop) {
    if (rows.isEmpty()) {
      throw UlmfitException.usage("--folds: no training row has a label; leave it out");
    }
    List<String> names =
        List.copyOf(new TreeSet<>(rows.stream().map(row -> label(all, row)).toList()));
    if (names.size() < 2) {
      return List.of();
    }
    Documents texts = new Documents(documents.size(), documents::get);
    Ngrams ngrams = Ngrams.count(texts, 1, 2, FEWEST, id -> false, stop);
    int[][] labels =
        rows.stream().map(row -> new int[] {names.indexOf(label(all, row))}).toArray(int[][]::new);
    Strength.Choice choice =
        Strength.choose(
            NgramLearner.regression(true, null, SolverSettings.seeded(seed)),
            ngrams.counts(texts, stop),
            new Truth(Labelling.SINGLE, names.size(), labels),
            new Strength.Plan(List.of(STRENGTH), folds, Figure.ACCURACY, seed),
            stop,
            notes);
    List<Doubt> doubts = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      double[] p =
          Metrics.softmax(NgramClassifier.logits(Labelling.SINGLE, choice.margins()[i], null));
      int best = 0;
      for (int label = 1; label < p.length; label++) {
        best = p[label] > p[best] ? label : best;
      }
      if (best != labels[i][0] && p[best] >= SURE) {
        doubts.add(
            new Doubt(all.id(rows.get(i)), names.get(labels[i][0]), names.get(best), p[best]));
      }
    }
    doubts.sort(Comparator.comparingDouble((Doubt doubt) -> -doubt.p).thenComparing(Doubt::id));
    return doubts;
  }

  private static String label(Rows all, int row) {
    List<String> labels = all.labels(row);
    return labels == null ? "" : labels.get(0);
  }
}
