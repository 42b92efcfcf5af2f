package org.ulmfit.classifier;

import java.util.List;
import java.util.stream.Stream;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;

/**
 * Which keys of a recipe families read: what all of them do stands here, the rest each says itself
 * ({@link Family#keys}). A section such as {@code text} stands for all keys in it.
 */
public final class FamilyKeys {

  /** Of every family. */
  private static final List<String> ALL =
      List.of(
          "seed",
          "text",
          "corpus",
          "vocab.maxSize",
          "vocab.minFreq",
          "vocab.minFreqStrict",
          "classifier.family",
          "classifier.classWeights",
          "classifier.calibrate",
          "checkpoint.bestBy");

  /** Of every network beside these: what the loop of phases, epochs and batches goes by. */
  static final List<String> TRAINED =
      List.of(
          "precision",
          "classifier.sampler",
          "classifier.batchSize",
          "classifier.maxBatchTokens",
          "classifier.optimizer",
          "classifier.labelSmoothing",
          "classifier.ema",
          "classifier.minSteps",
          "classifier.patience",
          "classifier.validateOn",
          "classifier.stages",
          "checkpoint");

  private static final String ADVERSARIAL = "classifier.adversarial.";

  private FamilyKeys() {}

  /** Whether a family reads a key, or some of a section. */
  public static boolean reads(Family family, String key) {
    return Stream.concat(ALL.stream(), family.keys().stream())
        .anyMatch(read -> within(key, read) || within(read, key));
  }

  private static boolean within(String key, String section) {
    return key.equals(section) || key.startsWith(section + ".");
  }

  /**
   * Refuses what was given and none of the families that are to be made reads.
   *
   * @throws UlmfitException (usage) naming the key, the families, and those that read it
   */
  public static void check(List<Family> families, List<Recipes.Given> given) {
    for (Recipes.Given one : given) {
      if (families.stream().noneMatch(family -> reads(family, one.key()))) {
        throw UlmfitException.usage(
            Shown.format(
                "%s: %s %s %s; leave it out",
                one.where(),
                names(families.stream()),
                families.size() == 1 ? "does not read" : "do not read",
                told(one)));
      }
    }
  }

  /**
   * Refuses what was given of adversarial training and does nothing, as what reads it was not asked
   * for.
   *
   * @throws UlmfitException (usage) naming the key and what would read it
   */
  public static void checkAdversarial(Recipe recipe, List<Recipes.Given> given) {
    Recipe.Adversarial adversarial = recipe.classifier().adversarial();
    boolean moves = adversarial.kind() != Recipe.Adversarial.Kind.NONE;
    for (Recipes.Given one : given) {
      boolean used =
          switch (one.key()) {
            case ADVERSARIAL + "epsilon", ADVERSARIAL + "weight" -> moves;
            case ADVERSARIAL + "xi" -> adversarial.kind() == Recipe.Adversarial.Kind.VAT;
            case ADVERSARIAL + "unlabelled" ->
                adversarial.unlabelled() == 0 || adversarial.isActive();
            default -> true;
          };
      if (!used) {
        throw UlmfitException.usage(
            Shown.format(
                "%s: %s does nothing while %skind is %s; add --set %skind=vat, or leave it out",
                one.where(),
                one.key(),
                ADVERSARIAL,
                Recipes.word(adversarial.kind()),
                ADVERSARIAL));
      }
    }
  }

  /**
   * Refuses an option of the engine where no family computes on it.
   *
   * @param option as it was given
   */
  public static void checkEngine(List<Family> families, String option) {
    if (families.stream().noneMatch(Family::onEngine)) {
      throw UlmfitException.usage(
          Shown.format(
              "%s: %s %s without the engine, on the CPU; leave it out",
              option, names(families.stream()), families.size() == 1 ? "computes" : "compute"));
    }
  }

  /** The same of a device; {@code auto} and {@code cpu} are no other than theirs. */
  public static void checkDevice(List<Family> families, String device) {
    if (!device.equals("auto") && !device.equals("cpu")) {
      checkEngine(families, "--device " + device);
    }
  }

  private static String told(Recipes.Given one) {
    return one.key()
        + ", which is for "
        + names(Family.ALL.stream().filter(family -> reads(family, one.key())));
  }

  private static String names(Stream<Family> families) {
    return String.join(", ", families.map(Family::name).toList());
  }
}
