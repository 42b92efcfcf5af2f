package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the encoder over whole documents in chunks of bptt steps and pools the top output. The state
 * is carried over chunks, gradients are not. fastai's MultiBatchRNN and SentenceEncoder.
 *
 * <p>In the masked layout rows are padded on the right and every row pools exactly the steps it
 * would pool alone: its chunk grid starts at its first token, padding never reaches its state, and
 * its last {@code maxLength} tokens, rounded to whole chunks, are kept. In the lesson layout rows
 * are padded on the left and padding is fed and pooled.
 */
public final class DocumentEncoder {

  /** Which steps are pooled, and where padding goes. */
  public enum Layout {
    MASKED(Chunks.Rule.FASTAI_2),
    LESSON(Chunks.Rule.FASTAI_07);

    private final Chunks.Rule rule;

    Layout(Chunks.Rule rule) {
      this.rule = rule;
    }

    Chunks.Rule rule() {
      return rule;
    }
  }

  private final AwdLstm encoder;
  private final Layout layout;
  private final int bptt;
  private final int maxLength;

  public DocumentEncoder(AwdLstm encoder, Layout layout, int bptt, int maxLength) {
    this.encoder = encoder;
    this.layout = layout;
    this.bptt = bptt;
    this.maxLength = maxLength;
  }

  /**
   * @param time steps of the batch
   * @param ids time-major (time, rows), padded
   * @param lengths tokens of each row
   */
  public record Batch(int time, int rows, long[] ids, int[] lengths) {}

  /**
   * Features of a batch.
   *
   * @param pooled [last, max, mean] (rows, 3E), float32
   * @param kept top output of the kept steps (kept, rows, E)
   * @param mask 1 where a kept step is pooled (kept, rows, 1)
   * @param lookups of the kept chunks, for the embedding's gradient
   */
  public record Features(
      NDArray pooled, NDArray kept, NDArray mask, List<AwdLstm.Lookup> lookups) {}

  private int firstKept(int length) {
    return Chunks.firstKept(length, bptt, maxLength, layout.rule);
  }

  /** Training: dropout masks are drawn anew for every chunk, as fastai does. */
  public Features train(NDManager step, Batch batch, Masks.Rates rates) {
    List<AwdLstm.Lookup> lookups = new ArrayList<>();
    return run(
        step,
        batch,
        lookups,
        (ids, state, kept) -> {
          boolean was = Kernels.recording(kept);
          Masks masks = encoder.masks(step, rates, batch.rows());
          AwdLstm.Lookup lookup = encoder.lookup(step, ids, masks);
          AwdLstm.Output out = encoder.forward(step, lookup.x(), state, masks);
          if (kept) {
            lookups.add(lookup);
          }
          Kernels.recording(was);
          return out;
        });
  }

  private interface Chunk {
    AwdLstm.Output run(NDArray ids, AwdLstm.State state, boolean kept);
  }

  private Features run(NDManager step, Batch batch, List<AwdLstm.Lookup> lookups, Chunk chunk) {
    NDArray ids = step.create(batch.ids(), new Shape(batch.time(), batch.rows()));
    int keptFrom = firstKeptOf(batch);
    AwdLstm.State state = encoder.zeroState(step, batch.rows());
    NDList kept = new NDList();
    for (int from = 0; from < batch.time(); from += bptt) {
      NDArray part = ids.get(new NDIndex("{}:{}", from, Math.min(batch.time(), from + bptt)));
      part.attach(step); // (chunk, rows)
      AwdLstm.Output out = chunk.run(part, state, from >= keptFrom);
      state.close();
      state = out.state();
      if (from >= keptFrom) {
        kept.add(out.top());
      } else {
        out.top().close();
      }
    }
    NDArray top = concat(step, kept); // (kept, rows, emb)
    return pool(step, batch, keptFrom, top, lookups);
  }

  private NDArray concat(NDManager step, NDList chunks) {
    Kernels kernels = encoder.kernels();
    NDList floats = new NDList();
    for (NDArray c : chunks) {
      floats.add(kernels.one(step, "to_float", c));
    }
    if (floats.size() == 1) {
      return floats.get(0);
    }
    NDArray all = NDArrays.concat(floats, 0);
    all.attach(step);
    return all;
  }

  private int firstKeptOf(Batch batch) {
    if (layout == Layout.LESSON) {
      return firstKept(batch.time());
    }
    int first = Integer.MAX_VALUE;
    for (int length : batch.lengths()) {
      first = Math.min(first, firstKept(length));
    }
    return first;
  }

  private Features pool(
      NDManager step, Batch batch, int keptFrom, NDArray top, List<AwdLstm.Lookup> lookups) {
    int steps = batch.time() - keptFrom;
    int rows = batch.rows();
    float[] mask = new float[steps * rows];
    long[] last = new long[rows];
    float[] count = new float[rows];
    for (int row = 0; row < rows; row++) {
      boolean lesson = layout == Layout.LESSON;
      int from = lesson ? 0 : firstKept(batch.lengths()[row]) - keptFrom;
      int to = lesson ? steps : batch.lengths()[row] - keptFrom;
      for (int t = from; t < to; t++) {
        mask[t * rows + row] = 1;
      }
      last[row] = to - 1;
      count[row] = to - from;
    }
    NDArray m = step.create(mask, new Shape(steps, rows, 1)); // (kept, rows, 1)
    NDArray pooled =
        encoder
            .kernels()
            .one(step, "pool", top, m, step.create(last), step.create(count, new Shape(rows, 1)));
    return new Features(pooled, top, m, lookups);
  }
}
