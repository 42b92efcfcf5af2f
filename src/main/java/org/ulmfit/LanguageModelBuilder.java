package org.ulmfit;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.lm.LmFineTuning;
import org.ulmfit.run.Runs;

/** Stage 2: a language model, from pretrained weights or from random ones. */
public final class LanguageModelBuilder extends TrainingBuilder<LanguageModelBuilder> {
  private @Nullable Path pretrained;
  private boolean fromScratch;
  private boolean backwards;

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

  /** Reads every document from its end; a pretrained model must do so too. */
  public LanguageModelBuilder backwards() {
    backwards = true;
    return this;
  }

  @Override
  LmFineTuning work() {
    if (fromScratch == (pretrained != null)) {
      throw UlmfitException.usage(
          "a language model starts from one of two: call pretrained(DIR) with a model folder, such"
              + " as pretrained/wiki-small of the project, or fromScratch()");
    }
    return new LmFineTuning(corpus, limit(), pretrained, backwards, recipe());
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
