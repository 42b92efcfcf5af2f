package org.ulmfit.classifier;

import java.util.List;
import java.util.function.Supplier;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;

/** Linear models on n-grams of tokens, as a recipe calls them. */
record NgramFamily(Recipe.Family family) implements Family {
  static final NgramFamily LOGISTIC_REGRESSION = new NgramFamily(Recipe.Family.NGRAM_LR);
  static final NgramFamily NAIVE_BAYES_SVM = new NgramFamily(Recipe.Family.NGRAM_NBSVM);

  @Override
  public String name() {
    return Recipes.word(family);
  }

  @Override
  public boolean onEngine() {
    return false;
  }

  @Override
  public boolean startsFromEncoder() {
    return false;
  }

  @Override
  public List<String> keys() {
    return List.of(
        "ngrams.low",
        "ngrams.high",
        "ngrams.minDocuments",
        "ngrams.strengths",
        "ngrams.folds",
        family == Recipe.Family.NGRAM_LR ? "ngrams.sublinear" : "ngrams.interpolation");
  }

  @Override
  public NgramFitting work(Start start, Corpus corpus, int limit, Recipe recipe) {
    return new NgramFitting(corpus, limit, recipe);
  }

  @Override
  public Inference open(Opening saved) {
    return new NgramInference(NgramWeights.read(saved.config(), saved.weights()));
  }

  @Override
  public Explainer explainer(Opening saved, Supplier<Inference> answers) {
    NgramWeights weights = NgramWeights.read(saved.config(), saved.weights());
    return new NgramExplainer(weights.model(), weights.marks());
  }
}
