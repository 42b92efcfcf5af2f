package org.ulmfit.predict;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Objective;
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
import org.ulmfit.vocab.TokenStore;

/** Learns how much each member of an ensemble counts, on rows that none was trained on. */
final class Stacking {

  private static final int FOLDS = 5;
  private static final int FEWEST = 10;

  private final List<Part> parts;
  private final List<String> labels;
  private final EvaluationListener listener;

  Stacking(List<Part> parts, List<String> labels, EvaluationListener listener) {
    this.parts = parts;
    this.labels = labels;
    this.listener = listener;
  }

  /** Weights, and how well they do. */
  record Learned(EnsembleConfig.Stacking weights, StackingFigures figures) {}

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
              listener)) {
        warn(corpus, rows);
        return new Rows(corpus, rows, Objective.of(members.get(0).config()))
            .learn(Members.measured(members, rows, listener));
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
    private final Objective objective;
    private final int[][] truth;

    Rows(Corpus corpus, EvaluationSet rows, Objective objective) {
      this.corpus = corpus;
      this.store = rows.stores().get(0);
      this.objective = objective;
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
    }

    /**
     * @param logits (members, rows, classes)
     */
    Learned learn(float[][][] logits) {
      int n = truth.length;
      EnsembleConfig.Stacking weights = fit(logits, IntStream.range(0, n).toArray());
      Map<String, Evaluation> alone = new LinkedHashMap<>();
      Map<String, Double> byName = new LinkedHashMap<>();
      for (int m = 0; m < logits.length; m++) {
        alone.put(parts.get(m).name(), evaluation(logits[m]));
        byName.put(parts.get(m).name(), weights.weights().get(m));
      }
      StackingFigures figures =
          new StackingFigures(
              String.format(Locale.ROOT, "%,d rows of %s", n, corpus.name()),
              alone,
              byName,
              evaluation(Members.combined(Combination.of(objective.labelling(), null), logits)),
              evaluation(combined(weights, logits)),
              evaluation(crossFitted(logits)),
              FOLDS);
      if (figures.crossFitted().loss() >= figures.mean().loss()) {
        listener.note(
            "WARNING: on rows they were not learned on, the weights do no better than the mean;"
                + " leave them out, or learn them on more rows");
      }
      return new Learned(weights, figures);
    }

    private EnsembleConfig.Stacking fit(float[][][] logits, int[] rows) {
      return StackingFit.weights(objective.labelling(), logits, truth, rows);
    }

    private float[][] combined(EnsembleConfig.Stacking weights, float[][][] logits) {
      return Members.combined(Combination.of(objective.labelling(), weights), logits);
    }

    /** Each row as weights learned on the other folds answer it; row i is of fold i modulo k. */
    private float[][] crossFitted(float[][][] logits) {
      int n = truth.length;
      float[][] answers = new float[n][];
      for (int fold = 0; fold < FOLDS; fold++) {
        int own = fold;
        int[] others = IntStream.range(0, n).filter(row -> row % FOLDS != own).toArray();
        float[][] all = combined(fit(logits, others), logits);
        for (int row = fold; row < n; row += FOLDS) {
          answers[row] = all[row];
        }
      }
      return answers;
    }

    private Evaluation evaluation(float[][] logits) {
      return Scorer.scores("", logits, store, labels, objective).evaluation();
    }
  }
}
