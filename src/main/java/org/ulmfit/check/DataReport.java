package org.ulmfit.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Split;
import org.ulmfit.vocab.Coverage;
import org.ulmfit.vocab.Scripts;

/**
 * What was found in a corpus.
 *
 * @param labelling how many labels a row has
 * @param labelled training rows that have labels
 * @param rows of each split that has any
 * @param labels rows of each label, by split
 * @param lengths in words, by split
 * @param sameLengths whether training and test texts are of the same lengths; null: one is missing
 * @param repeats texts that are there more than once
 * @param near pairs that are nearly the same
 * @param nearIds ids and splits of these pairs, the first few
 * @param doubts rows whose label a model of n-grams is sure is wrong, the surest first
 * @param suspects rows that may be wrong, by what
 * @param suspectIds ids of the first few of each
 * @param ratio training rows over the median of their words; 0 without training rows
 * @param coverage of a pretrained vocabulary; null: none was asked
 */
public record DataReport(
    String corpus,
    CorpusReader.Counts counts,
    Labelling labelling,
    int labelled,
    Map<Split, Integer> rows,
    Map<Split, Map<String, Integer>> labels,
    Map<Split, Lengths> lengths,
    @Nullable ChiSquare sameLengths,
    Repeats repeats,
    List<NearDuplicates.Pair> near,
    List<NearPair> nearIds,
    List<LabelNoise.Doubt> doubts,
    Map<Suspect, Integer> suspects,
    Map<Suspect, List<String>> suspectIds,
    Words words,
    String script,
    double ratio,
    @Nullable Coverage coverage,
    List<Finding> findings) {
  static final int SHOWN = 10;

  /** Two rows that are nearly the same. */
  record NearPair(String first, Split firstSplit, String second, Split secondSplit, double share) {}

  /**
   * Something to know before training.
   *
   * @param wasted whether training would be wasted
   */
  public record Finding(boolean wasted, String line) {}

  static DataReport of(
      String corpus,
      CorpusReader.Counts counts,
      Labelling labelling,
      Rows rows,
      List<LabelNoise.Doubt> doubts,
      Map<Split, Map<String, Integer>> labels,
      Words words,
      Scripts scripts,
      @Nullable Coverage coverage,
      int longest) {
    Map<Split, Integer> perSplit = new EnumMap<>(Split.class);
    Map<Split, Lengths> lengths = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      int[] own =
          IntStream.range(0, rows.size())
              .filter(row -> rows.split(row) == split)
              .map(rows::words)
              .toArray();
      if (own.length > 0) {
        perSplit.put(split, own.length);
        lengths.put(split, Lengths.of(own));
      }
    }
    int labelled =
        (int)
            IntStream.range(0, rows.size())
                .filter(row -> rows.split(row) == Split.TRAIN && rows.labels(row) != null)
                .count();
    Map<Suspect, Integer> suspects = new EnumMap<>(Suspect.class);
    Map<Suspect, List<String>> suspectIds = new EnumMap<>(Suspect.class);
    for (int row = 0; row < rows.size(); row++) {
      for (Suspect suspect : Suspect.values()) {
        if (suspect.isIn(rows.suspects(row))) {
          suspects.merge(suspect, 1, Integer::sum);
          List<String> ids = suspectIds.computeIfAbsent(suspect, s -> new ArrayList<>());
          if (ids.size() < SHOWN) {
            ids.add(rows.id(row));
          }
        }
      }
    }
    Lengths train = lengths.get(Split.TRAIN);
    Lengths test = lengths.get(Split.TEST);
    List<NearDuplicates.Pair> near =
        NearDuplicates.of(rows.signatures(), rows.hashes(), rows::split);
    DataReport report =
        new DataReport(
            corpus,
            counts,
            labelling,
            labelled,
            perSplit,
            labels,
            lengths,
            train == null || test == null ? null : ChiSquare.of(train.bins(), test.bins()),
            Repeats.of(rows),
            near,
            near.stream().limit(SHOWN).map(pair -> named(rows, pair)).toList(),
            doubts,
            suspects,
            suspectIds,
            words,
            scripts.letters() == 0 ? "none" : scripts.name(),
            train == null ? 0 : train.size() / Math.max(1, train.median()),
            coverage,
            new ArrayList<>());
    report.findings.addAll(Findings.of(report, longest));
    return report;
  }

  private static NearPair named(Rows rows, NearDuplicates.Pair pair) {
    return new NearPair(
        rows.id(pair.first()),
        rows.split(pair.first()),
        rows.id(pair.second()),
        rows.split(pair.second()),
        pair.similarity());
  }

  /** Whether training would be wasted. */
  public boolean wasted() {
    return findings.stream().anyMatch(Finding::wasted);
  }

  /** Rows of each label among those that are trained on. */
  Map<String, Integer> trainLabels() {
    return labels.getOrDefault(Split.TRAIN, new TreeMap<>());
  }
}
