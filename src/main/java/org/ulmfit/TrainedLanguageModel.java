package org.ulmfit;

import java.nio.file.Path;
import java.util.Optional;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Metrics;

/**
 * A language model in its run's folder.
 *
 * @param run holds the model as {@code lm} and its encoder as {@code encoder}
 * @param before validation of the pretrained weights; empty if it began from random ones
 * @param after validation of the model that was saved
 * @param report a page in Markdown
 */
public record TrainedLanguageModel(
    Path run, Optional<Evaluation> before, Evaluation after, Path report) {

  /** Perplexity of the saved model on the validation texts per token of its vocabulary. */
  public double perplexity() {
    return Metrics.perplexity(after.loss());
  }

  /**
   * How well it predicts the words of other texts.
   *
   * @return loss in nats per token; {@code Math.exp} of it is the perplexity
   * @throws UlmfitException (bad data) if the corpus cannot be used
   */
  public Evaluation evaluate(Corpus corpus) {
    return Ulmfit.evaluate(run, corpus);
  }
}
