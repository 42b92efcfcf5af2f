package org.ulmfit.classifier;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.NgramSizes;
import org.ulmfit.ngram.NgramFeatures;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.FeatureNetwork;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.Weights;

/** Dense layers on chosen n-grams. Source: Google's text classification guide. */
final class NgramMlpFamily implements Family {

  @Override
  public String name() {
    return Recipes.word(Recipe.Family.NGRAM_MLP);
  }

  @Override
  public boolean onEngine() {
    return true;
  }

  @Override
  public boolean startsFromEncoder() {
    return false;
  }

  @Override
  public List<String> keys() {
    return Stream.concat(
            FamilyKeys.TRAINED.stream(),
            Stream.of(
                "ngrams.low",
                "ngrams.high",
                "ngrams.minDocuments",
                "ngrams.sublinear",
                "ngrams.weighting",
                "ngrams.selection",
                "ngrams.features",
                "ngrams.dropout",
                "network.hidden",
                "network.dropout"))
        .toList();
  }

  @Override
  public NgramMlpTraining work(Start start, Corpus corpus, int limit, Recipe recipe) {
    return new NgramMlpTraining(corpus, limit, recipe);
  }

  @Override
  public Inference open(Opening saved) {
    ModelConfig config = saved.config();
    Safetensors.Reader weights = saved.weights();
    NgramSizes n = config.sizes(NgramSizes.class);
    NgramSizes.Mlp mlp = n.mlp();
    if (mlp == null) {
      throw UlmfitException.badModel(
          weights.path() + ": config.json has no sizes of dense layers; train again");
    }
    NgramFeatures features = NgramFeatures.read(weights, n.low(), n.sublinear(), mlp.counted());
    if (features.size() != mlp.features() || features.ngrams().longest() != n.high()) {
      throw UlmfitException.badModel(
          weights.path() + ": its n-grams are not those of config.json; train again");
    }
    Backend backend = saved.engine().get();
    FeatureNetwork network =
        new FeatureNetwork(
            backend.manager(), backend.kernels(), sizes(mlp, n.classes()), 0, 0, Weights.ZERO);
    network.tensors().forEach((name, array) -> Tensors.read(weights, name, array));
    return new NgramMlpInference(network, features, Marks.read(weights), true);
  }

  static FeatureNetwork.Sizes sizes(NgramSizes.Mlp mlp, int classes) {
    return new FeatureNetwork.Sizes(mlp.features(), mlp.hidden(), classes);
  }

  @Override
  public Explainer explainer(Opening saved, Supplier<Inference> answers) {
    return new LeavingOut(answers.get());
  }
}
