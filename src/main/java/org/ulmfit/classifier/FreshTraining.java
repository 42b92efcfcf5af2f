package org.ulmfit.classifier;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.prepare.PreparedClassifier;

/** What trainings have in common that start from the texts alone, not from a saved model. */
abstract class FreshTraining<M extends TextModel> extends NeuralTraining<M> {
  final Recipe recipe;

  /**
   * @throws org.ulmfit.UlmfitException (usage) as its superclass
   */
  FreshTraining(Corpus corpus, int limit, Recipe recipe) {
    super(corpus, limit, recipe);
    this.recipe = recipe;
  }

  @Override
  public Map<String, Path> inputs() {
    return Map.of();
  }

  @Override
  public final Recipe recipe() {
    return recipe;
  }

  @Override
  public final PreparedClassifier prepare(
      Recipe wanted, Path dir, Consumer<String> notes, Stop stop) {
    return checked(wanted, new Prepare(wanted, notes, stop).classifier(corpus, null, dir, limit));
  }

  @Override
  public final String startSum() {
    return "";
  }

  @Override
  public final String direction() {
    return "forward";
  }
}
