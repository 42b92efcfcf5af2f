package org.ulmfit;

import java.nio.file.Path;
import java.util.Optional;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.lm.LmEvaluation;
import org.ulmfit.train.Metrics;
import org.ulmfit.train.Task;

/**
 * A language model in its run's folder.
 *
 * @param run holds the model as {@code lm} and its encoder as {@code encoder}
 * @param before validation of the pretrained weights; empty if it began from random ones
 * @param after validation of the model that was saved
 * @param report a page in Markdown
 */
public record TrainedLanguageModel(
    Path run, Optional<Task.Evaluation> before, Task.Evaluation after, Path report) {

  /** Perplexity of the saved model on the validation texts, a token of its own vocabulary. */
  public double perplexity() {
    return Metrics.perplexity(after.loss());
  }

  /**
   * How well it predicts the words of other texts.
   *
   * @return loss in nats a token; {@code Math.exp} of it is the perplexity
   * @throws UlmfitException (bad data) if the corpus cannot be used
   */
  public Task.Evaluation evaluate(Corpus corpus) {
    return LmEvaluation.run(run, corpus, "auto", null, 0, note -> {}, new Stop());
  }
}
