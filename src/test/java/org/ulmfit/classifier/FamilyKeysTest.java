package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipes;

/** Which families read which keys. */
class FamilyKeysTest {
  private static final Set<String> KEYS = Recipes.describe().keySet();

  @Test
  void everyKeyIsReadByAFamilyAndEveryOneNamedIsThere() {
    for (String key : KEYS) {
      String plain = key.replaceFirst("\\[].*", "");
      assertTrue(Family.ALL.stream().anyMatch(family -> FamilyKeys.reads(family, plain)), key);
    }
    for (Family family : Family.ALL) {
      for (String read : family.keys()) {
        assertTrue(
            KEYS.stream().anyMatch(k -> (k + ".").replace("[]", "").startsWith(read + ".")),
            family.name() + ": " + read);
      }
    }
    for (String read : FamilyKeys.TRAINED) {
      assertTrue(KEYS.stream().anyMatch(key -> key.startsWith(read)), read);
    }
  }

  @Test
  void aKeyIsNoPartOfAnotherWord() {
    Family family = Family.of("ngram-lr");
    assertTrue(FamilyKeys.reads(family, "ngrams.low"));
    assertTrue(FamilyKeys.reads(family, "ngrams"));
    assertTrue(FamilyKeys.reads(family, "text.rules"));
    assertFalse(FamilyKeys.reads(family, "vocab.keepPretrained"));
    assertFalse(FamilyKeys.reads(family, "vocab.minFreqs"));
    assertFalse(FamilyKeys.reads(family, "classifier.dropout"));
  }

  @Test
  void theShippedRecipeOfAFamilyHoldsWhatItReads() {
    for (Family family : Family.ALL) {
      if (!family.startsFromEncoder()) {
        FamilyKeys.check(List.of(family), Recipes.given(Path.of(family.name()), List.of()));
      }
    }
    assertEquals(List.of(), Recipes.given(Path.of("default"), List.of()));
    assertEquals(
        List.of("vocab.maxSize", "vocab.minFreq", "classifier.family", "ngrams.strengths"),
        Recipes.given(Path.of("ngram-nbsvm"), List.of()).stream()
            .map(Recipes.Given::key)
            .filter(key -> !key.equals("vocab.keepPretrained"))
            .toList());
  }

  @Test
  void keysOfAdversarialTrainingThatDoNothingAreRefused() {
    for (String one : List.of("epsilon=0.05", "weight=2", "xi=0.1", "unlabelled=1")) {
      String given = "classifier.adversarial." + one;
      UlmfitException e =
          assertThrows(UlmfitException.class, () -> checkAdversarial(List.of(given)), one);
      assertTrue(
          e.getMessage().startsWith("--set " + given + ": classifier.adversarial."),
          e.getMessage());
      checkAdversarial(List.of(given, "classifier.adversarial.kind=vat")); // its remedy
    }
    checkAdversarial(List.of("classifier.adversarial.unlabelled=0"));
    checkAdversarial(
        List.of("classifier.adversarial.unlabelled=1", "classifier.adversarial.entropy=1"));
    assertThrows(
        UlmfitException.class,
        () ->
            checkAdversarial(
                List.of("classifier.adversarial.kind=at", "classifier.adversarial.xi=1")));
  }

  private static void checkAdversarial(List<String> overrides) {
    FamilyKeys.checkAdversarial(Recipes.load(null, overrides), Recipes.given(overrides));
  }
}
