package org.ulmfit.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ulmfit.config.Recipe.Corpus;
import org.ulmfit.config.Recipe.Dropouts;
import org.ulmfit.config.Recipe.KeepPretrained;
import org.ulmfit.config.Recipe.Lesson;
import org.ulmfit.config.Recipe.Model;
import org.ulmfit.config.Recipe.Optimizer;
import org.ulmfit.config.Recipe.Phase;
import org.ulmfit.config.Recipe.Rates;
import org.ulmfit.config.Recipe.Remap;
import org.ulmfit.config.Recipe.Schedule;
import org.ulmfit.config.Recipe.Softmax;
import org.ulmfit.config.Recipe.Text;
import org.ulmfit.config.Recipe.Vocabulary;
import org.ulmfit.text.FieldMarks;
import org.ulmfit.text.FieldNumbers;
import org.ulmfit.text.Normalise;
import org.ulmfit.text.Rules;

/** The run sheets of fastai 0.7's lesson 10 and of the paper's scripts, number by number. */
class ImdbRecipesTest {

  private static final Dropouts LM_DROPOUTS = new Dropouts(.25, .02, .2, .15, .1);
  private static final Dropouts CLASSIFIER_DROPOUTS = new Dropouts(.4, .05, .5, .3, .4);

  private static Recipe load(String name) {
    return Recipes.load(Path.of(name), List.of());
  }

  private static Schedule clr(double ratio, double cut) {
    return new Schedule(Recipe.Curve.CLR, ratio, cut, null, null, null, null);
  }

  private static Rates flat(double lr) {
    return new Rates(lr, 1.0, null, null);
  }

  private static Optimizer adam(double beta1, double weightDecay, double clip) {
    return new Optimizer(
        beta1,
        .99,
        1e-8,
        Recipe.EpsilonMode.BEFORE_CORRECTION,
        weightDecay,
        Recipe.Decay.COUPLED,
        true,
        clip);
  }

  @Test
  void lessonCorpusAndModel() {
    Recipe lesson = load("imdb-lesson");
    assertEquals(42, lesson.seed());
    assertEquals(Recipe.Precision.FP32, lesson.precision());
    assertEquals(
        new Text(
            Rules.FASTAI_0_7,
            "spacy-2.0",
            FieldMarks.ALWAYS,
            FieldNumbers.LESSON,
            Normalise.NONE,
            "none"),
        lesson.text());
    assertEquals(new Corpus(Recipe.Standardise.LESSON, 0, 0), lesson.corpus());
    assertEquals(new Vocabulary(60000, 2, true, KeepPretrained.FALSE), lesson.vocab());
    assertEquals(Softmax.FULL, lesson.lm().softmax());
    assertEquals(new Remap(false, false), lesson.remap());
    assertEquals(new Model(400, 1150, 3, false), lesson.model());
    assertEquals(new Lesson(Recipe.Library.MARCH_2018), lesson.lesson());
  }

  @Test
  void lessonLanguageModel() {
    Recipe.LanguageModel lm = load("imdb-lesson").lm();
    assertTrue(lm.includeTestText());
    assertEquals(.1, lm.validFraction());
    assertEquals(52, lm.batchSize());
    assertEquals(70, lm.bptt());
    assertEquals(Recipe.Window.RANDOMISED, lm.window());
    assertFalse(lm.shuffle());
    assertEquals(.7, lm.dropMult());
    assertEquals(LM_DROPOUTS, lm.dropout());
    assertEquals(adam(.8, 1e-7, 0), lm.optimizer());
    assertEquals(0, lm.alpha());
    assertEquals(0, lm.beta());
    assertEquals(Recipe.Regularise.RAW, lm.regularise());
    assertEquals(
        List.of(
            new Phase(-1, 1, flat(5e-4), clr(32, 2)), new Phase(0, 15, flat(1e-3), clr(20, 10))),
        lm.stages());
  }

  @Test
  void lessonClassifier() {
    Recipe.Classifier classifier = load("imdb-lesson").classifier();
    assertEquals(Recipe.Layout.LESSON, classifier.encoder());
    assertEquals(70, classifier.bptt());
    assertEquals(1400, classifier.maxLength());
    assertEquals(Recipe.Sampler.SORTISH_2018_03, classifier.sampler());
    assertEquals(24, classifier.batchSize());
    assertEquals(48, classifier.evalBatchSize());
    assertEquals(0, classifier.maxBatchTokens());
    assertEquals(50, classifier.headSize());
    assertEquals(.1, classifier.headDropout());
    assertTrue(classifier.headBias());
    assertEquals(.5, classifier.dropMult());
    assertEquals(CLASSIFIER_DROPOUTS, classifier.dropout());
    assertEquals(adam(.7, 0, 25), classifier.optimizer());
    assertEquals(2, classifier.alpha());
    assertEquals(1, classifier.beta());
    assertEquals(Recipe.ValidateOn.TEST, classifier.validateOn());
    Rates rates = new Rates(null, null, List.of(1e-4, 1e-4, 1e-4, 1e-3, 1e-2), null);
    assertEquals(
        List.of(new Phase(-1, 1, rates, clr(8, 3)), new Phase(0, 14, rates, clr(32, 10))),
        classifier.stages());
  }

  @Test
  void paperScripts() {
    Recipe paper = load("imdb-paper");
    assertEquals(
        new Text(
            Rules.FASTAI_0_7,
            "spacy-2.0",
            FieldMarks.ALWAYS,
            FieldNumbers.PAPER,
            Normalise.NONE,
            "none"),
        paper.text());
    assertEquals(new Vocabulary(30000, 1, true, KeepPretrained.FALSE), paper.vocab());
    assertEquals(Softmax.FULL, paper.lm().softmax());
    assertEquals(new Model(400, 1150, 3, false), paper.model());
    Recipe.LanguageModel lm = paper.lm();
    assertFalse(lm.includeTestText());
    assertEquals(64, lm.batchSize());
    assertEquals(1, lm.dropMult());
    assertEquals(LM_DROPOUTS, lm.dropout());
    assertEquals(adam(.8, 1e-7, .3), lm.optimizer());
    assertEquals(2, lm.alpha());
    assertEquals(1, lm.beta());
    double lr = 4e-3;
    Rates ladder = new Rates(null, null, List.of(lr / 6, lr / 3, lr, lr / 2), null);
    assertEquals(List.of(new Phase(0, 50, ladder, clr(32, 10))), lm.stages());
    Recipe.Classifier classifier = paper.classifier();
    assertEquals(32, classifier.batchSize());
    assertEquals(64, classifier.evalBatchSize());
    assertEquals(1, classifier.dropMult());
    assertEquals(CLASSIFIER_DROPOUTS, classifier.dropout());
    assertEquals(adam(.8, 1e-6, 25), classifier.optimizer());
    assertEquals(Recipe.ValidateOn.VALID, classifier.validateOn());
    Rates rates = new Rates(1e-2, 2.6, null, null);
    assertEquals(
        List.of(
            new Phase(-1, 1, rates, clr(8, 3)),
            new Phase(-2, 1, rates, clr(8, 3)),
            new Phase(0, 50, rates, clr(8, 8))),
        classifier.stages());
  }
}
