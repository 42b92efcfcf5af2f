package org.ulmfit.predict;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Corpus;

/**
 * Which classifiers are to answer together.
 *
 * @param models model folders, or runs that hold one; an ensemble stands for its members
 * @param stack labelled rows that no member was trained on, to learn weights on; null: the mean
 * @param answers of each model to rows held out, to learn weights on in place of these ({@link
 *     HeldOutAnswers}); none: they are not
 * @param limit rows of them at most; 0 = all
 * @param device {@code auto | cpu | cuda:N}
 * @param precision {@code auto | fp32 | bf16}; null = as each was trained
 * @param out the folder to write
 * @param overwrite whether an existing model there is replaced
 */
public record EnsembleJob(
    List<Path> models,
    @Nullable Corpus stack,
    List<Path> answers,
    int limit,
    String device,
    @Nullable String precision,
    Path out,
    boolean overwrite) {

  /**
   * @throws UlmfitException (usage) if both rows and answers are given, or a limit or a precision
   *     without rows
   */
  public EnsembleJob {
    models = List.copyOf(models);
    answers = List.copyOf(answers);
    if (stack != null && !answers.isEmpty()) {
      throw UlmfitException.usage(
          "weights are learned on one of two, labelled rows (stack) or answers; leave one out");
    }
    if (stack == null && (limit != 0 || precision != null)) {
      throw UlmfitException.usage(
          (limit != 0 ? "a limit" : "a precision")
              + " is for the rows (stack) that weights are learned on; leave it out");
    }
  }
}
