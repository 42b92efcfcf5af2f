package org.ulmfit;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.FamilyKeys;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.lm.LmFineTuning;
import org.ulmfit.lm.LmStart;
import org.ulmfit.run.Runs;

/** Stage 2: a language model, from pretrained weights or from random ones. */
public final class LanguageModelBuilder extends TrainingBuilder<LanguageModelBuilder> {
  private @Nullable Path pretrained;
  private boolean fromScratch;
  private boolean backwards;
  private boolean anyDirection;

  LanguageModelBuilder(Corpus corpus) {
    super(corpus);
  }

  @Override
  LanguageModelBuilder self() {
    return this;
  }

  /** Starts from a language model: a model folder, or a run that holds one. */
  public LanguageModelBuilder pretrained(Path dirOrRun) {
    pretrained = Objects.requireNonNull(dirOrRun, "pretrained");
    return this;
  }

  /** Starts from random weights. */
  public LanguageModelBuilder fromScratch() {
    fromScratch = true;
    return this;
  }

  /** Reads every document from its end; a pretrained model has to do so, too. */
  public LanguageModelBuilder backwards() {
    backwards = true;
    return this;
  }

  /**
   * Starts from a pretrained model that reads the other way, too: its embedding holds for either
   * direction, its LSTMs have to learn their turn.
   */
  public LanguageModelBuilder anyDirection() {
    anyDirection = true;
    return this;
  }

  @Override
  LmFineTuning work() {
    if (fromScratch == (pretrained != null)) {
      throw UlmfitException.usage(
          "a language model starts from one of two: call pretrained(DIR) with a model folder, such"
              + " as pretrained/wiki-small of the project, or fromScratch()");
    }
    if (fromScratch && anyDirection) {
      throw UlmfitException.usage(
          "anyDirection() is said of a pretrained model; leave it out with fromScratch()");
    }
    FamilyKeys.check(List.of(Family.of(Recipe.Family.AWD_LSTM)), overridden());
    LmStart start = new LmStart(pretrained, backwards, anyDirection);
    return new LmFineTuning(corpus, limit(), start, recipe());
  }

  /**
   * Trains.
   *
   * @param run folder for recipe, log, checkpoints, models and report
   * @throws UlmfitException usage, bad data, bad model, or interrupted after a stop request
   */
  public TrainedLanguageModel into(Path run) {
    Runs.Finished<LmFineTuning.Result> finished = run(work(), run);
    LmFineTuning.Result result = finished.result();
    return new TrainedLanguageModel(run, result.before(), result.after(), finished.report());
  }
}
