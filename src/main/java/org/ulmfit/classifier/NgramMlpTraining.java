package org.ulmfit.classifier;

import java.util.function.Consumer;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.NgramSizes;
import org.ulmfit.ngram.NgramFeatures;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.FeatureNetwork;
import org.ulmfit.nn.Weights;
import org.ulmfit.prepare.PreparedClassifier;
import org.ulmfit.run.Trained;

/** Trains dense layers on chosen n-grams of the training rows. */
final class NgramMlpTraining extends FreshTraining<NgramMlpModel> {
  /**
   * @throws UlmfitException (usage) if the recipe's keys contradict each other
   */
  NgramMlpTraining(Corpus corpus, int limit, Recipe recipe) {
    super(corpus, limit, recipe);
    NgramFitting.checkLengths(recipe.ngrams());
    if (recipe.network().hidden().isEmpty()) {
      throw UlmfitException.usage(
          "network.hidden=[] leaves ngram-mlp no layer; give it widths, such as [256], or take"
              + " --family ngram-lr");
    }
  }

  @Override
  public long weightsStream() {
    return -4;
  }

  @Override
  public NgramMlpModel model(Recipe settled, PreparedClassifier data, Backend backend) {
    NgramRows rows = NgramRows.of(settled, data, new Stop());
    NgramFeatures features = features(settled, rows);
    FeatureNetwork network =
        new FeatureNetwork(
            backend.manager(),
            backend.kernels(),
            NgramMlpFamily.sizes(mlp(settled, features), data.labels().size()),
            settled.ngrams().dropout(),
            settled.network().dropout(),
            Weights.RANDOM);
    return new NgramMlpModel(network, features, rows.marks(), data.train());
  }

  private static NgramFeatures features(Recipe settled, NgramRows rows) {
    Recipe.Ngrams n = settled.ngrams();
    return NgramFeatures.choose(
        rows.ngrams(),
        rows.documents(),
        rows.truth(),
        NgramFeatures.Weighting.valueOf(n.weighting().name()),
        n.sublinear(),
        NgramFeatures.Selection.valueOf(n.selection().name()),
        n.features(),
        new Stop());
  }

  private static NgramSizes.Mlp mlp(Recipe settled, NgramFeatures features) {
    return new NgramSizes.Mlp(features.size(), features.counted(), settled.network().hidden());
  }

  @Override
  public boolean begin(
      Recipe settled, PreparedClassifier data, NgramMlpModel model, Consumer<String> notes) {
    NgramFeatures features = model.features();
    notes.accept(
        Shown.format(
            "n-grams of %d to %d tokens: %,d chosen of %,d",
            settled.ngrams().low(),
            settled.ngrams().high(),
            features.size(),
            features.ngrams().columns()));
    return false;
  }

  @Override
  ModelConfig config(Trained<PreparedClassifier, NgramMlpModel> trained, ClassifierResult result) {
    Recipe settled = trained.recipe();
    PreparedClassifier data = trained.data();
    Recipe.Ngrams n = settled.ngrams();
    return config(
        Recipes.word(Recipe.Family.NGRAM_MLP),
        new NgramSizes(
            n.low(),
            n.high(),
            data.labels().size(),
            n.sublinear(),
            mlp(settled, trained.model().features())),
        settled,
        data,
        result.output());
  }
}
