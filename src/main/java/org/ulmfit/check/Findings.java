package org.ulmfit.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.check.DataReport.Finding;
import org.ulmfit.corpus.Split;
import org.ulmfit.vocab.Coverage;

/** What a reader should know before training, the gravest first. */
final class Findings {
  /** Samples over median words below which Google's guide takes n-grams. */
  static final double GUIDE = 1500;

  private static final int FEW = 10; // training rows of a label
  private static final double MOST = 0.9; // of the rows, of one label
  private static final int NAMED = 10;
  private static final double NOTED = 0.01; // of the rows

  private final DataReport report;
  private final List<Finding> wasted = new ArrayList<>();
  private final List<Finding> others = new ArrayList<>();

  private Findings(DataReport report) {
    this.report = report;
  }

  static List<Finding> of(DataReport report, int longest) {
    Findings all = new Findings(report);
    all.rows();
    all.labels();
    all.repeats();
    all.texts(longest);
    all.vocabulary();
    all.wasted.addAll(all.others);
    return all.wasted;
  }

  private void waste(String line, Object... what) {
    wasted.add(new Finding(true, Shown.format(line, what)));
  }

  private void tell(String line, Object... what) {
    others.add(new Finding(false, Shown.format(line, what)));
  }

  private void rows() {
    long rejected = report.counts().rejected();
    if (rejected * 2 > report.counts().rows()) {
      waste(
          "rows rejected: %,d of %,d; mend the file, or its options",
          rejected, report.counts().rows());
    }
    int trained = report.rows().getOrDefault(Split.TRAIN, 0);
    if (trained == 0 && !report.rows().containsKey(Split.UNSUP)) {
      waste("no row to train on");
    }
    if (trained == 0 && report.rows().containsKey(Split.UNSUP)) {
      tell(
          "no labelled row to train on: a language model can be fine-tuned, no classifier trained");
    }
  }

  private void labels() {
    Map<String, Integer> train = report.trainLabels();
    if (train.isEmpty()) {
      return;
    }
    if (train.size() == 1 && report.labelling() == Labelling.SINGLE) {
      waste(
          "one label only, %s: there is nothing to tell apart",
          Shown.name(train.keySet().iterator().next()));
    }
    List<String> few =
        train.entrySet().stream().filter(e -> e.getValue() < FEW).map(Map.Entry::getKey).toList();
    if (!few.isEmpty()) {
      tell(
          "labels with fewer than %2$d training rows: %1$d, %3$s",
          few.size(), FEW, Shown.list(few, NAMED));
    }
    int all = report.labelled();
    train.forEach(
        (label, n) -> {
          if (n > MOST * all && train.size() > 1) {
            tell(
                "%.1f%% of the training rows are %s: watch macro F1, not accuracy, and see"
                    + " classifier.classWeights",
                100.0 * n / all, Shown.name(label));
          }
        });
    for (Split split : List.of(Split.VALID, Split.TEST)) {
      TreeSet<String> unknown =
          new TreeSet<>(report.labels().getOrDefault(split, Map.of()).keySet());
      unknown.removeAll(train.keySet());
      if (!unknown.isEmpty()) {
        tell(
            "labels of %s that no training row has: %s",
            word(split), Shown.list(List.copyOf(unknown), NAMED));
      }
    }
  }

  private void repeats() {
    report
        .repeats()
        .across()
        .forEach(
            both ->
                tell(
                    "texts in both %2$s and %3$s: %1$,d%4$s",
                    both.texts(),
                    word(both.first()),
                    word(both.second()),
                    both.second() == Split.UNSUP || both.second() == Split.VALID
                        ? ""
                        : "; figures on " + word(both.second()) + " flatter"));
    report
        .repeats()
        .within()
        .forEach(
            (split, n) ->
                tell(
                    "rows of %s that repeat an earlier one: %,d%s",
                    word(split),
                    n,
                    split == Split.TRAIN && !report.rows().containsKey(Split.TEST)
                        ? "; rows are held out of these, so that copies stand on both sides and figures"
                            + " flatter"
                        : ""));
    if (!report.near().isEmpty()) {
      tell(
          "pairs of texts that are nearly the same: %,d (four fifths of their runs of five words are,"
              + " estimated)",
          report.near().size());
    }
    if (!report.doubts().isEmpty()) {
      tell(
          "training rows whose label n-grams of the others speak against with %2$.0f%% or more: %1$,d",
          report.doubts().size(), 100 * LabelNoise.SURE);
    }
    if (report.repeats().conflicting() > 0) {
      tell("texts with different labels: %,d", report.repeats().conflicting());
    }
  }

  private void texts(int longest) {
    long all = report.rows().values().stream().mapToLong(Integer::longValue).sum();
    report
        .suspects()
        .forEach(
            (suspect, n) -> {
              if (suspect == Suspect.EMPTY && n == all) {
                waste("no text has a word in it");
              } else if (suspect != Suspect.LONG) {
                tell("texts that are %s: %,d", suspect.words(), n);
              } else if (n > NOTED * all) {
                tell(
                    "texts of more than %2$,d tokens, of which the classifier reads the last"
                        + " (classifier.maxLength): %1$,d",
                    n, longest);
              }
            });
    ChiSquare lengths = report.sameLengths();
    if (lengths != null && lengths.differ()) {
      tell(
          "test texts are not as long as training texts (chi-square %.2f, critical value %.2f, p %.2g)",
          lengths.statistic(), lengths.critical(), lengths.p());
    }
  }

  private void vocabulary() {
    Coverage coverage = report.coverage();
    if (coverage != null && coverage.isMuchUnknown()) {
      tell(
          "unknown to the pretrained model: %.1f%% of the words: %s",
          100 * coverage.share(), coverage.why());
    }
  }

  static String word(Split split) {
    return split.name().toLowerCase(Locale.ROOT);
  }
}
