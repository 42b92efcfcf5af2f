package org.ulmfit.classifier;

import org.ulmfit.Stop;

/**
 * Says how much each token of a document adds to a {@link Target}. One thread at a time; a training
 * may go on beside.
 */
public interface Explainer extends AutoCloseable {

  /** What has become of an explanation that was stopped. */
  String STOPPED = "before the words were weighed";

  /** How the tokens were weighed, for people. */
  String method();

  /**
   * Logits (classes) of a document whose words say nothing, which the tokens' weights start from.
   *
   * @param groups as {@link #explain} takes them
   */
  float[] baseline(int[] document, int[] groups);

  /** How many answers it may take to weigh so many words. */
  int answers(int words);

  /**
   * Weighs the tokens.
   *
   * @param document ids (tokens)
   * @param groups (tokens) which of them stand for one word, from 0 on; -1: for none
   * @param stop looked at between the answers it takes
   * @throws org.ulmfit.UlmfitException (interrupted) after a stop request
   */
  Attribution explain(int[] document, int[] groups, Target target, Stop stop);

  @Override
  void close();
}
