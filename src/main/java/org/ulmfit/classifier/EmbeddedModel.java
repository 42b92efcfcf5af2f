package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** A saved network that reads embedded words, so that its logits have a gradient by them. */
interface EmbeddedModel extends AutoCloseable {

  /**
   * What is read of a document.
   *
   * @param ids (steps), one at least
   * @param tokens (steps) place in the document; -1 of padding
   * @param fixed how many of the first steps are read as they are, without a gradient
   */
  record Steps(long[] ids, int[] tokens, int fixed) {}

  NDManager manager();

  Steps steps(int[] document);

  /** The words' vectors (ids, E); no graph. */
  NDArray embedded(NDManager step, long[] ids);

  /**
   * Logits (rows, classes), with a graph to x.
   *
   * @param x all steps but the fixed ones, in several versions (steps, rows, E)
   */
  NDArray logits(NDManager step, Steps steps, NDArray x);

  @Override
  void close();
}
