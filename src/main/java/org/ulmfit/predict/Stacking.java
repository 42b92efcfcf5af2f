package org.ulmfit.predict;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Output;
import org.ulmfit.classifier.Scorer;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Split;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.io.StrictJson;
import org.ulmfit.model.EnsembleConfig;
import org.ulmfit.model.EnsembleWriter.Part;
import org.ulmfit.nn.Torch;
import org.ulmfit.prepare.EvaluationSet;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Scores;
import org.ulmfit.vocab.TokenStore;

/** Learns how much each member of an ensemble counts, on rows that none was trained on. */
final class Stacking {

  private static final int FOLDS = 5;
  private static final int FEWEST = 10;
  private static final int NAMED = 20; // labels in a line

  private final List<Part> parts;
  private final List<String> labels;
  private final EvaluationListener listener;
  private final Stop stop;

  Stacking(List<Part> parts, List<String> labels, EvaluationListener listener, Stop stop) {
    this.parts = parts;
    this.labels = labels;
    this.listener = listener;
    this.stop = stop;
  }

  /**
   * Weights, and how well they do.
   *
   * @param thresholds chosen on the same rows; null: one label a document
   */
  record Learned(
      EnsembleConfig.Stacking weights,
      @Nullable List<Double> thresholds,
      StackingFigures figures) {}

  /**
   * Learns on a corpus's validation split, or on all of a corpus that has no splits.
   *
   * @throws UlmfitException (bad data) if these cannot be used
   */
  Learned learn(Corpus corpus, EnsembleJob job) {
    Torch.startAside();
    List<Member> members = new ArrayList<>();
    try (ScratchFolder scratch = ScratchFolder.make()) {
      for (Part part : parts) {
        members.add(Member.open(part.folder(), labels, job.device(), job.precision()));
      }
      try (EvaluationSet rows =
          Members.rows(
              members,
              Members.readers(members),
              labels,
              corpus,
              EvaluationSet.Rows.VALID,
              job.limit(),
              scratch.path(),
              listener,
              stop)) {
        warn(corpus, rows);
        float[][][] logits = Members.measured(members, rows, listener, stop);
        return new Rows(corpus, rows, members).learn(logits);
      }
    } finally {
      members.forEach(Member::close);
    }
  }

  /** Rows that a member was trained on speak for it more than others will. */
  private void warn(Corpus corpus, EvaluationSet rows) {
    if (rows.split() != Split.TRAIN || corpus.path() == null || corpus.isStandardInput()) {
      return;
    }
    for (Part part : parts) {
      if (trainedOn(part.folder()).equals(corpus.name())) {
        listener.note(
            "WARNING: %s was trained on a corpus of the same name, %s; weights learned on rows that a member was trained on favour it: give rows that none has seen"
                .formatted(part.name(), corpus.name()));
      }
    }
  }

  private static String trainedOn(ModelFolder folder) {
    if (!folder.has("provenance.json")) {
      return "";
    }
    return StrictJson.read(
            folder.file("provenance.json"),
            JsonNode.class,
            UlmfitException.Kind.BAD_MODEL,
            "copy the folder again")
        .path("data")
        .path("corpus")
        .asText();
  }

  /** The rows to learn on. */
  private final class Rows {
    private final Corpus corpus;
    private final TokenStore store; // the rows' labels and ids are those of every store
    private final List<Output> outputs; // of the members
    private final Labelling labelling;
    private final int[][] truth;

    Rows(Corpus corpus, EvaluationSet rows, List<Member> members) {
      this.corpus = corpus;
      this.store = rows.stores().get(0);
      this.outputs = members.stream().map(Member::output).toList();
      this.labelling = outputs.get(0).labelling();
      this.truth = IntStream.range(0, store.size()).mapToObj(store::labels).toArray(int[][]::new);
      if (truth.length < FEWEST) {
        throw UlmfitException.badData(
            corpus
                + ": "
                + truth.length
                + " rows to learn weights on; give at least "
                + FEWEST
                + ", better hundreds");
      }
      List<String> never =
          IntStream.range(0, labels.size())
              .filter(label -> Arrays.stream(truth).noneMatch(own -> holds(own, label)))
              .mapToObj(labels::get)
              .toList();
      if (labelling == Labelling.SINGLE && never.size() > labels.size() - 2) {
        throw UlmfitException.badData(
            corpus + ": rows of one label; weights are learned on rows of all");
      }
      if (!never.isEmpty()) {
        listener.note(
            "WARNING: no rows of "
                + Shown.list(never, NAMED)
                + " to learn weights on: such labels will hardly be answered; add rows of them");
      }
    }

    private static boolean holds(int[] own, int label) {
      return Arrays.stream(own).anyMatch(l -> l == label);
    }

    /** What is learned on some of the rows. */
    private record Fit(EnsembleConfig.Stacking weights, float[][] logits, Output output) {}

    /**
     * @param logits (members, rows, classes)
     */
    Learned learn(float[][][] logits) {
      int n = truth.length;
      Map<String, Evaluation> alone = new LinkedHashMap<>();
      for (int m = 0; m < logits.length; m++) {
        alone.put(parts.get(m).name(), scores(logits[m], outputs.get(m)).evaluation());
      }
      Fit all = fit(logits, IntStream.range(0, n).toArray());
      Map<String, Double> byName = new LinkedHashMap<>();
      for (int m = 0; m < logits.length; m++) {
        byName.put(parts.get(m).name(), all.weights().weights().get(m));
      }
      StackingFigures figures =
          new StackingFigures(
              labelling,
              String.format(Locale.ROOT, "%,d rows of %s", n, corpus.name()),
              alone,
              byName,
              mean(logits),
              scores(all.logits(), all.output()).evaluation(),
              crossFitted(logits),
              FOLDS);
      if (figures.crossFitted().loss() >= figures.mean().loss()) {
        listener.note(
            "WARNING: on rows they were not learned on, the weights do no better than the mean;"
                + " leave them out, or learn them on more rows");
      }
      return new Learned(all.weights(), thresholds(all.output()), figures);
    }

    private Evaluation mean(float[][][] logits) {
      List<Double> thresholds =
          Members.thresholds(parts.stream().map(Part::folder).toList(), labels);
      float[][] mean = Members.combined(Combination.of(labelling, null), logits);
      return scores(mean, Output.of(thresholds)).evaluation();
    }

    /**
     * Learns weights on some rows, and thresholds where there are any.
     *
     * @return with the logits of all rows
     */
    private Fit fit(float[][][] logits, int[] rows) {
      EnsembleConfig.Stacking weights = StackingFit.weights(labelling, logits, truth, rows);
      float[][] combined = Members.combined(Combination.of(labelling, weights), logits);
      Output output = Output.of(labelling, labels.size());
      float[][] known =
          Arrays.stream(rows)
              .mapToObj(r -> output.probabilities(combined[r]))
              .toArray(float[][]::new);
      int[][] own = Arrays.stream(rows).mapToObj(r -> truth[r]).toArray(int[][]::new);
      return new Fit(weights, combined, output.fitted(known, own));
    }

    /** Each row as the other folds teach to answer it; row i is of fold i modulo k. */
    private Evaluation crossFitted(float[][][] logits) {
      int n = truth.length;
      float[][] all = new float[n][];
      int[][] answers = new int[n][];
      for (int fold = 0; fold < FOLDS; fold++) {
        int own = fold;
        Fit fit = fit(logits, IntStream.range(0, n).filter(r -> r % FOLDS != own).toArray());
        for (int row = fold; row < n; row += FOLDS) {
          all[row] = fit.logits()[row];
          answers[row] = fit.output().decide(fit.output().probabilities(all[row]));
        }
      }
      return scores(all, Output.of(labelling, labels.size())).answering(answers).evaluation();
    }

    private Scores scores(float[][] logits, Output output) {
      return Scorer.scores("", logits, store, labels, output);
    }

    private @Nullable List<Double> thresholds(Output output) {
      return labelling == Labelling.SINGLE
          ? null
          : Arrays.stream(output.thresholds()).boxed().toList();
    }
  }
}
