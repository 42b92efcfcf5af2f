package org.ulmfit;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.classifier.ClassifierResult;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.FamilyKeys;
import org.ulmfit.classifier.Start;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.run.Runs;
import org.ulmfit.run.Work;

/**
 * Stage 3: a classifier on a saved encoder. A recipe of another family, such as {@code
 * ngram-nbsvm}, needs none.
 */
public final class ClassifierBuilder extends TrainingBuilder<ClassifierBuilder> {
  private @Nullable Path encoder;
  private @Nullable Path classifier;

  ClassifierBuilder(Corpus corpus) {
    super(corpus);
  }

  @Override
  ClassifierBuilder self() {
    return this;
  }

  /** The encoder of a language model that was just trained. */
  public ClassifierBuilder encoder(TrainedLanguageModel model) {
    return encoder(model.run());
  }

  /** The encoder of a model folder, or of a run that holds one. */
  public ClassifierBuilder encoder(Path dirOrRun) {
    encoder = Objects.requireNonNull(dirOrRun, "encoder");
    return this;
  }

  /**
   * A trained classifier, in place of an encoder, to go on with these rows: its labels stay, new
   * ones start with random weights.
   *
   * @param dirOrRun model folder, or a run that holds one
   */
  public ClassifierBuilder from(Path dirOrRun) {
    classifier = Objects.requireNonNull(dirOrRun, "classifier");
    return this;
  }

  @Override
  Work<?, ClassifierResult> work() {
    Recipe asked = recipe();
    Family family = Family.of(asked.classifier().family());
    if (!family.startsFromEncoder() && (encoder != null || classifier != null)) {
      throw UlmfitException.usage(
          "the family "
              + family.name()
              + " starts from the texts alone: leave encoder(...) and from(...) out");
    }
    if (family.startsFromEncoder() && (encoder == null) == (classifier == null)) {
      throw UlmfitException.usage(
          "a classifier needs either an encoder or a classifier to go on from: call encoder(...)"
              + " with a trained language model or its folder, or from(...)");
    }
    FamilyKeys.check(List.of(family), given());
    FamilyKeys.checkAdversarial(asked, given());
    FamilyKeys.checkDevice(List.of(family), device());
    return family.work(new Start(encoder, classifier, null), corpus, limit(), asked);
  }

  /**
   * Trains, and tests on the corpus's test data if it has any.
   *
   * @param run folder for recipe, log, checkpoints, model and report
   * @throws UlmfitException usage, bad data, bad model, or interrupted after a stop request
   */
  public TrainedClassifier into(Path run) {
    Runs.Finished<ClassifierResult> finished = run(work(), run);
    ClassifierResult result = finished.result();
    return new TrainedClassifier(run, result.valid(), result.test(), finished.report());
  }
}
