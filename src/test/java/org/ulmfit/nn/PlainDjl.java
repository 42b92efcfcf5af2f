package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.SparseFormat;

/** The kernels once more, in DJL's own differentiable operations. */
public final class PlainDjl {

  private PlainDjl() {}

  /** One LSTM layer, locked dropout on the input, weight drop: y (T,B,H), h, c. */
  public static NDList lstm(
      NDArray x, NDArray mask, NDArray h, NDArray c, NDArray wMask, NDList parameters) {
    NDList p =
        new NDList(
            parameters.get(0), parameters.get(1).mul(wMask), parameters.get(2), parameters.get(3));
    NDArray input = x.mul(mask); // (time, batch, in)
    return input
        .getNDArrayInternal()
        .lstm(input, new NDList(h, c), p, true, 1, 0, true, false, false);
  }

  /** Rows of w (V,E) for ids (T,B), times the mask of their rows (V,1). */
  public static NDArray embed(NDArray w, NDArray rows, NDArray ids) {
    NDArray looked = lookup(w, ids); // (time, batch, emb)
    return looked.mul(lookup(rows, ids));
  }

  private static NDArray lookup(NDArray w, NDArray ids) {
    return ids.getNDArrayInternal().embedding(ids, w, SparseFormat.DENSE).singletonOrThrow();
  }

  /** Mean cross-entropy of h (R,E) against t (R) under the tied softmax. */
  public static NDArray decode(NDArray h, NDArray w, NDArray b, NDArray t) {
    return crossEntropy(h.matMul(w.transpose()).add(b), t);
  }

  /** Mean cross-entropy of logits (R,V). */
  public static NDArray crossEntropy(NDArray logits, NDArray t) {
    return logits.logSoftmax(1).gather(t.expandDims(1), 1).mean().neg();
  }

  /** alpha * mean(a^2) + beta * mean of squared differences in time of y (T,B,E). */
  public static NDArray regularisers(NDArray a, NDArray y, double alpha, double beta) {
    long time = y.getShape().get(0);
    NDArray d = y.get("1:").sub(y.get("0:" + (time - 1)));
    return a.mul(a).mean().mul((float) alpha).add(d.mul(d).mean().mul((float) beta));
  }

  /** [last, max, mean] over the steps where mask (T,B,1) is 1; last is the index of each row's. */
  public static NDArray pool(NDArray y, NDArray mask, long[] last) {
    NDList rows = new NDList();
    for (int row = 0; row < last.length; row++) {
      float[] steps = mask.get(":, " + row + ", 0").toFloatArray();
      int from = 0;
      while (steps[from] == 0) {
        from++;
      }
      NDArray kept = y.get(from + ":" + (last[row] + 1) + ", " + row); // (steps, emb)
      NDArray end = y.get(last[row] + ", " + row); // (emb)
      NDList parts =
          new NDList(end, kept.max(new int[] {0}), kept.mean(new int[] {0})); // (emb) each
      rows.add(NDArrays.concat(parts));
    }
    return NDArrays.stack(rows); // (rows, 3 emb)
  }

  /** Batch norm with the batch's own statistics. */
  public static NDArray norm(NDArray x, NDArray weight, NDArray bias) {
    NDArray centred = x.sub(x.mean(new int[] {0}, true));
    NDArray variance = centred.mul(centred).mean(new int[] {0}, true);
    return centred.div(variance.add(1e-5f).sqrt()).mul(weight).add(bias);
  }

  /** x (R,in) times w (out,in), plus b. */
  public static NDArray linear(NDArray x, NDArray w, NDArray b) {
    return x.matMul(w.transpose()).add(b);
  }
}
