package org.ulmfit.classifier;

import java.util.List;
import java.util.function.Supplier;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;

/** Logistic regression on the vectors of a sentence encoder, which ONNX Runtime runs. */
record EmbeddingFamily() implements Family {

  @Override
  public String name() {
    return Recipes.word(Recipe.Family.EMBEDDING);
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
    return List.of("embedding");
  }

  @Override
  public EmbeddingFitting work(Start start, Corpus corpus, int limit, Recipe recipe) {
    return new EmbeddingFitting(corpus, limit, start.vectors(), recipe);
  }

  @Override
  public Inference open(Opening saved) {
    return EmbeddingWeights.open(saved);
  }

  @Override
  public Explainer explainer(Opening saved, Supplier<Inference> answers) {
    return new LeavingOut(answers.get());
  }
}
