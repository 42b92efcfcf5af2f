package org.ulmfit.classifier;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.ModelWriter;
import org.ulmfit.model.NgramSizes;
import org.ulmfit.ngram.Figure;
import org.ulmfit.ngram.NgramClassifier;
import org.ulmfit.ngram.NgramLearner;
import org.ulmfit.ngram.NgramModel;
import org.ulmfit.ngram.Ngrams;
import org.ulmfit.ngram.PlattScaling;
import org.ulmfit.ngram.SolverSettings;
import org.ulmfit.ngram.SparseMatrix;
import org.ulmfit.ngram.Strength;
import org.ulmfit.ngram.Truth;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.prepare.PreparedClassifier;
import org.ulmfit.run.Fitting;

/**
 * Fits a linear classifier on n-grams of the training rows; its strength is chosen by folds of
 * them, thresholds of several labels on the validation rows.
 */
public final class NgramFitting extends ClassifierWork
    implements Fitting<PreparedClassifier, NgramWeights, ClassifierResult> {
  private final Recipe recipe;

  /**
   * @param limit documents per split at most, every class kept; 0 = all
   * @throws UlmfitException (usage) if the recipe's shortest n-grams are longer than its longest
   */
  public NgramFitting(Corpus corpus, int limit, Recipe recipe) {
    super(corpus, limit);
    this.recipe = recipe;
    checkLengths(recipe.ngrams());
  }

  /**
   * @throws UlmfitException (usage) if the shortest n-grams are longer than the longest
   */
  static void checkLengths(Recipe.Ngrams n) {
    if (n.low() > n.high()) {
      throw UlmfitException.usage("ngrams.low " + n.low() + " is above ngrams.high " + n.high());
    }
  }

  @Override
  public Map<String, Path> inputs() {
    return Map.of();
  }

  @Override
  public Recipe recipe() {
    return recipe;
  }

  @Override
  public PreparedClassifier prepare(Recipe wanted, Path dir, Consumer<String> notes, Stop stop) {
    return new Prepare(wanted, notes, stop).classifier(corpus, null, dir, limit);
  }

  @Override
  public NgramWeights fit(
      Recipe settled, PreparedClassifier data, Path kept, Consumer<String> notes, Stop stop) {
    Recipe.Ngrams sizes = settled.ngrams();
    NgramRows rows = NgramRows.of(settled, data, stop);
    Ngrams ngrams = rows.ngrams();
    SparseMatrix counts = ngrams.counts(rows.documents(), stop);
    notes.accept(
        Shown.format(
            "n-grams of %d to %d tokens: %,d, in at least %,d of %,d documents",
            sizes.low(),
            sizes.high(),
            ngrams.columns(),
            sizes.minDocuments(),
            data.train().size()));
    Truth truth = rows.truth();
    NgramLearner learner = learner(settled, ClassWeights.of(settled, data));
    Strength.Choice choice =
        Strength.choose(
            learner,
            counts,
            truth,
            plan(sizes.strengths(), sizes.folds(), settled, data),
            stop,
            notes);
    notes.accept(
        "strength: C = "
            + choice.strength()
            + (choice.atEdge() ? ", at the edge of those tried; ngrams.strengths has more" : ""));
    int[] all = IntStream.range(0, data.train().size()).toArray();
    NgramModel model = learner.on(counts, truth, all).at(choice.strength(), stop);
    if (!model.settled()) {
      notes.accept("WARNING: the solver ended before it settled; try smaller ngrams.strengths");
    }
    return new NgramWeights(
        new NgramClassifier(data.labelling(), ngrams, model, scalings(settled, choice, truth)),
        rows.marks());
  }

  private static NgramLearner learner(Recipe settled, float @Nullable [] weights) {
    SolverSettings settings = SolverSettings.seeded(settled.seed());
    Recipe.Ngrams n = settled.ngrams();
    return settled.classifier().family() == Recipe.Family.NGRAM_LR
        ? NgramLearner.regression(n.sublinear(), weights, settings)
        : NgramLearner.naiveBayesSvm(n.interpolation(), weights, settings);
  }

  /** Strengths are judged by answers as the model will give them, thresholds and all. */
  static Strength.Plan plan(
      List<Double> strengths, int folds, Recipe settled, PreparedClassifier data) {
    Figure figure = figure(settled, data);
    return data.labelling() == Labelling.SINGLE
        ? new Strength.Plan(strengths, folds, figure, settled.seed())
        : new Strength.Plan(strengths, folds, figure, settled.seed(), NgramFitting::thresholds);
  }

  /** Thresholds (outputs) of margins (rows, outputs), as if these were logits. */
  private static double[] thresholds(double[][] margins, int[][] labels) {
    Output output = Output.of(Labelling.MULTI, margins[0].length);
    float[][] probabilities =
        Arrays.stream(margins)
            .map(row -> NgramClassifier.logits(Labelling.MULTI, row, null))
            .map(output::probabilities)
            .toArray(float[][]::new);
    return Arrays.stream(output.fitted(probabilities, labels).thresholds())
        .map(p -> Math.log(p / (1 - p)))
        .toArray();
  }

  private static Figure figure(Recipe settled, PreparedClassifier data) {
    return settled.checkpoint().bestBy() == Recipe.BestBy.MACRO_F1
        ? Figure.MACRO_F1
        : data.labelling() == Labelling.SINGLE ? Figure.ACCURACY : Figure.MICRO_F1;
  }

  /** Of margins that are no logits. */
  private static PlattScaling @Nullable [] scalings(
      Recipe settled, Strength.Choice choice, Truth truth) {
    return settled.classifier().family() == Recipe.Family.NGRAM_LR
        ? null
        : PlattScaling.learn(choice.margins(), truth);
  }

  @Override
  public ClassifierResult result(
      Recipe settled, PreparedClassifier data, NgramWeights model, Path run) {
    try (Inference inference = new NgramInference(model)) {
      return ClassifierResult.measured(
          run.resolve(kind()), inference, data, settled.classifier(), Optional.empty());
    }
  }

  @Override
  public void save(
      Recipe settled, PreparedClassifier data, NgramWeights model, ClassifierResult result) {
    Recipe.Ngrams n = settled.ngrams();
    ModelConfig config =
        config(
                Recipes.word(settled.classifier().family()),
                new NgramSizes(n.low(), n.high(), data.labels().size(), n.sublinear(), null),
                settled,
                data,
                result.output())
            .withTemperature(result.temperature());
    new ModelWriter(
            config,
            data.vocab(),
            settled,
            null,
            origin(data),
            result.metrics(true),
            evidence(data, result, true, !NeuralTraining.isByTest(settled.classifier())),
            data.tokenizer())
        .write(result.model(), true, model.entries(), data.labels());
  }
}
