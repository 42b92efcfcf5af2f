package org.ulmfit.predict;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Output;
import org.ulmfit.classifier.SavedModel;
import org.ulmfit.classifier.Scorer;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.model.EnsembleConfig;
import org.ulmfit.model.EnsembleWriter.Part;
import org.ulmfit.model.ModelConfig;
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
    List<SavedModel> members = new ArrayList<>();
    try (ScratchFolder scratch = ScratchFolder.make()) {
      for (Part part : parts) {
        members.add(SavedModel.open(part.folder(), labels, job.device(), job.precision(), null));
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
        TokenStore store = rows.stores().get(0); // labels and ids are those of every store
        int n = store.size();
        return new Rows(
                corpus.toString(),
                corpus.name(),
                IntStream.range(0, n).mapToObj(store::id).toList(),
                IntStream.range(0, n).mapToObj(store::labels).toArray(int[][]::new),
                members.stream().map(SavedModel::output).toList())
            .learn(logits);
      }
    } finally {
      members.forEach(SavedModel::close);
    }
  }

  /**
   * Learns on answers to rows that were held out, fold by fold.
   *
   * @param files of each model, in their order
   * @throws UlmfitException (usage) if there is not one for each; (bad data) if they are not of the
   *     same rows and the models' labels
   */
  Learned learn(List<Path> files) {
    if (files.size() != parts.size()) {
      throw UlmfitException.usage(
          Shown.format(
              "--answers: %d files for %d models; give one for each, in their order",
              files.size(), parts.size()));
    }
    List<HeldOutAnswers> answers = files.stream().map(HeldOutAnswers::read).toList();
    List<HeldOutAnswers.Row> first = answers.get(0).rows();
    List<String> ids = first.stream().map(HeldOutAnswers.Row::id).toList();
    float[][][] logits = new float[files.size()][][];
    for (int m = 0; m < logits.length; m++) {
      logits[m] = answers.get(m).logits(labels, files.get(m));
      List<HeldOutAnswers.Row> own = answers.get(m).rows();
      boolean same =
          own.size() == ids.size()
              && IntStream.range(0, ids.size())
                  .allMatch(
                      r ->
                          own.get(r).id().equals(ids.get(r))
                              && own.get(r).labels().equals(first.get(r).labels()));
      if (!same) {
        throw UlmfitException.badData(
            files.get(m) + ": its rows are not those of " + files.get(0) + ", in their order");
      }
    }
    int[][] truth =
        first.stream()
            .map(row -> row.labels().stream().mapToInt(labels::indexOf).sorted().toArray())
            .toArray(int[][]::new);
    if (Arrays.stream(truth).flatMapToInt(Arrays::stream).anyMatch(label -> label < 0)) {
      throw UlmfitException.badData(files.get(0) + ": its labels are not those of the models");
    }
    return new Rows(
            files.get(0).toString(), "the training, held out fold by fold", ids, truth, outputs())
        .learn(logits);
  }

  private List<Output> outputs() {
    return parts.stream()
        .map(
            part -> {
              List<String> own = part.folder().labels();
              int[] order = labels.stream().mapToInt(own::indexOf).toArray();
              return Output.of(SavedModel.thresholds(ModelConfig.of(part.folder()), order));
            })
        .toList();
  }

  /** Rows that a member was trained on speak for it more than others will. */
  private void warn(Corpus corpus, EvaluationSet rows) {
    for (Part part : parts) {
      if (Members.mayHaveSeen(part.folder().trainedOn(), corpus, rows)) {
        listener.note(
            Shown.format(
                "WARNING: %s was trained on a corpus of the same name, %s; weights learned on rows that a member was trained on favour it: give rows that none has seen",
                part.name(), corpus.name()));
      }
    }
  }

  /** The rows to learn on. */
  private final class Rows {
    private final String name; // of the source, in a model's provenance
    private final List<String> ids;
    private final int[][] truth;
    private final List<Output> outputs; // of the members
    private final Labelling labelling;

    Rows(String source, String name, List<String> ids, int[][] truth, List<Output> outputs) {
      this.name = name;
      this.ids = ids;
      this.truth = truth;
      this.outputs = outputs;
      this.labelling = outputs.get(0).labelling();
      if (truth.length < FEWEST) {
        throw UlmfitException.badData(
            source
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
            source + ": rows of one label; weights are learned on rows of all");
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
              Shown.format("%,d rows of %s", n, name),
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
      return Scorer.scores("", logits, truth, ids, new int[0], labels, output);
    }

    private @Nullable List<Double> thresholds(Output output) {
      return labelling == Labelling.SINGLE
          ? null
          : Arrays.stream(output.thresholds()).boxed().toList();
    }
  }
}
