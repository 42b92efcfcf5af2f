package org.ulmfit.classifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.ModelWriter;
import org.ulmfit.prepare.PreparedClassifier;
import org.ulmfit.run.Trained;
import org.ulmfit.run.Training;
import org.ulmfit.train.Task;
import org.ulmfit.vocab.TokenStore;

/** What trainings of networks have in common, whatever they begin with. */
abstract class NeuralTraining<M extends TextModel> extends ClassifierWork
    implements Training<PreparedClassifier, M, ClassifierResult> {

  /**
   * @throws UlmfitException (usage) if the recipe would choose the model by the rows it is tested
   *     on
   */
  NeuralTraining(Corpus corpus, int limit, Recipe recipe) {
    super(corpus, limit);
    refuse(
        isByTest(recipe) && recipe.checkpoint().best() == Recipe.Best.SAVE, "checkpoint.best=save");
    refuse(isByTest(recipe) && recipe.classifier().patience() > 0, "classifier.patience above 0");
  }

  /**
   * Refuses adversarial training that cannot be.
   *
   * @param recipe with what a saved model decides
   * @param goesOn whether that model is a classifier that goes on
   */
  static void checkAdversarial(Recipe recipe, boolean goesOn) {
    Recipe.Adversarial adversarial = recipe.classifier().adversarial();
    if (adversarial.isActive() && recipe.classifier().encoder() == Recipe.Layout.LESSON) {
      throw UlmfitException.usage(
          "classifier.adversarial moves words, and with classifier.encoder=lesson padding is read as"
              + " one; "
              + (goesOn
                  ? "the model that goes on reads so: train a new one on its --encoder"
                  : "set classifier.encoder=masked"));
    }
    if (adversarial.isActive() && !recipe.classifier().frozenDropout()) {
      throw UlmfitException.usage(
          "classifier.adversarial reads a text again under the same dropout, which"
              + " classifier.frozenDropout=false takes from layers at rest; set it to true");
    }
    if (adversarial.unlabelled() > 0
        && adversarial.kind() != Recipe.Adversarial.Kind.VAT
        && adversarial.entropy() == 0) {
      throw UlmfitException.usage(
          "classifier.adversarial.unlabelled="
              + adversarial.unlabelled()
              + " has no effect: texts without labels are for kind=vat or entropy above 0");
    }
  }

  private static boolean isByTest(Recipe recipe) {
    return isByTest(recipe.classifier());
  }

  /** Whether training watches the test rows, where there are any. */
  static boolean isByTest(Recipe.Classifier settings) {
    return settings.validateOn() == Recipe.ValidateOn.TEST;
  }

  private static void refuse(boolean both, String what) {
    if (both) {
      throw UlmfitException.usage(
          what
              + " with classifier.validateOn=test would choose the model by the rows it is tested on;"
              + " set one of them otherwise");
    }
  }

  /** Data that the recipe can be trained on; closed if it cannot. */
  static PreparedClassifier checked(Recipe recipe, PreparedClassifier data) {
    if (isByTest(recipe) && data.labelling() == Labelling.MULTI) {
      data.close();
      refuse(true, "several labels a row, whose thresholds validation chooses,");
    }
    return data;
  }

  @Override
  public final Recipe settle(Recipe asked, PreparedClassifier data) {
    return LeastSteps.of(asked, data.train().size());
  }

  @Override
  public final List<String> choices(Recipe settled, PreparedClassifier data) {
    List<String> choices = new ArrayList<>(super.choices(settled, data));
    choices.addAll(LeastSteps.told(recipe().classifier(), settled.classifier()));
    return choices;
  }

  @Override
  public final Task task(Recipe settled, PreparedClassifier data, M model, Consumer<String> notes) {
    return new ClassifierTask(
        model,
        new ClassifierRows(
            data.train(),
            watched(settled, data),
            data.unlabelled(),
            softLabels(),
            data.labelling(),
            data.labels()),
        settled,
        notes);
  }

  /**
   * The split of the epoch table: validation, unless the recipe asks for test as the lesson did.
   */
  private static TokenStore watched(Recipe settled, PreparedClassifier data) {
    return isByTest(settled) && data.test() != null ? data.test() : data.valid();
  }

  @Override
  public final List<Recipe.Phase> phases(Recipe settled) {
    return settled.classifier().stages();
  }

  @Override
  public final Recipe.Optimizer optimizer(Recipe settled) {
    return settled.classifier().optimizer();
  }

  @Override
  public final double ema(Recipe settled) {
    return settled.classifier().ema();
  }

  @Override
  public final int patience(Recipe settled) {
    return settled.classifier().patience();
  }

  @Override
  public String memoryKeys() {
    return "classifier.maxBatchTokens or classifier.batchSize";
  }

  @Override
  public final ClassifierResult result(Trained<PreparedClassifier, M> trained) {
    try (Inference model = trained.model().inference()) {
      return ClassifierResult.measured(
          trained.folder(kind()),
          model,
          trained.data(),
          trained.recipe().classifier(),
          Optional.of(trained.valid()));
    }
  }

  /** Distributions in place of the labels of some rows; null: there are none. */
  @Nullable SoftLabels softLabels() {
    return null;
  }

  /** Whether the validation rows are others than those it trains on. */
  boolean setAside() {
    return true;
  }

  /** What the saved model says of itself. */
  abstract ModelConfig config(Trained<PreparedClassifier, M> trained, ClassifierResult result);

  /** What its provenance says of what it was made of. */
  Map<String, Object> origins(PreparedClassifier data) {
    return origin(data);
  }

  @Override
  public final void save(Trained<PreparedClassifier, M> trained, ClassifierResult result) {
    PreparedClassifier data = trained.data();
    new ModelWriter(
            config(trained, result).withTemperature(result.temperature()),
            data.vocab(),
            trained.recipe(),
            trained.arithmetic(),
            origins(data),
            result.metrics(setAside()),
            evidence(data, result, setAside(), !isByTest(trained.recipe())),
            data.tokenizer())
        .write(result.model(), true, trained.model().entries(), data.labels());
  }
}
