package org.ulmfit.classifier;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.prepare.PreparedClassifier;
import org.ulmfit.run.Work;

/** One kind of text classifier: makes one, and opens a saved one to answer. */
public sealed interface Family
    permits EncoderFamily, NetworkFamily, NgramFamily, NgramMlpFamily, EmbeddingFamily {

  /** All there are. */
  List<Family> ALL =
      Stream.of(
              Stream.of(new AwdLstmFamily()),
              Stream.of(NgramFamily.LOGISTIC_REGRESSION, NgramFamily.NAIVE_BAYES_SVM),
              Stream.of(new NgramMlpFamily()),
              Stream.of(new EmbeddingFamily()),
              NetworkFamily.ALL.stream())
          .<Family>flatMap(families -> families)
          .toList();

  /** As {@code config.json} writes it. */
  String name();

  /** Whether it computes on the engine. */
  boolean onEngine();

  /** Whether it begins with an encoder, or a classifier on one; else with the texts alone. */
  boolean startsFromEncoder();

  /**
   * Keys of a recipe that it reads, or sections of them, beside those that every family does; what
   * else is given for it is refused.
   */
  List<String> keys();

  /**
   * What makes a classifier of this family.
   *
   * @param start none of a family that starts from the texts alone
   * @param limit documents per split at most, every class kept; 0 = all
   * @throws UlmfitException usage, or bad model, if it cannot be made so
   */
  Work<PreparedClassifier, ClassifierResult> work(
      Start start, Corpus corpus, int limit, Recipe recipe);

  /**
   * A saved model, to answer.
   *
   * @throws UlmfitException (bad model) if a tensor is missing or has another shape
   */
  Inference open(Opening saved);

  /**
   * What explains its answers.
   *
   * @param saved the same as {@link #open} was given, its engine computing in float32
   * @param answers what that gives, for families that have no other means; not closed with it
   * @throws UlmfitException (bad model) if a tensor is missing or has another shape
   */
  Explainer explainer(Opening saved, Supplier<Inference> answers);

  /** The family of a recipe. */
  static Family of(Recipe.Family family) {
    return of(Recipes.word(family));
  }

  /**
   * The family of a saved model.
   *
   * @throws UlmfitException (bad model) if this program has no such
   */
  static Family of(ModelConfig config) {
    return of(config.family());
  }

  /**
   * A family by its name.
   *
   * @throws UlmfitException (bad model) if this program has no such
   */
  static Family of(String name) {
    return ALL.stream()
        .filter(family -> family.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                UlmfitException.badModel(
                    "config.json: family \""
                        + name
                        + "\" is not known to this ulmfit; install a newer one"));
  }
}
