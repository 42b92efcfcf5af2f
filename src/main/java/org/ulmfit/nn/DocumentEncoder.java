package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

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

  private static final int EXACT_STEPS = 32;
  private static final int STEP_UNIT = 8;

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
  public record Batch(int time, int rows, long[] ids, int[] lengths) {

    private static final int ROW_STEP = 8;

    /**
     * Rows to read from a step on in the masked layout: up to the last one that has not ended, in
     * steps of a few.
     */
    int reading(int from) {
      int reading = rows;
      while (reading > 1 && lengths[reading - 1] <= from) {
        reading--;
      }
      return reading == 1 ? 1 : Math.min(rows, (reading + ROW_STEP - 1) / ROW_STEP * ROW_STEP);
    }

    /** The ids of some steps of the first n rows, zeros behind the last step: (time, n). */
    NDArray ids(NDManager owner, int from, int to, int n) {
      long[] part = new long[(to - from) * n];
      for (int t = from; t < Math.min(to, time); t++) {
        System.arraycopy(ids, t * rows, part, (t - from) * n, n);
      }
      return owner.create(part, new Shape(to - from, n));
    }
  }

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

  /**
   * Training: dropout masks are drawn anew for every chunk, as fastai does. Rows that have ended
   * are left out of later chunks (masked layout), so the longest rows are best put first.
   *
   * @param frozenDropout whether frozen layers drop out, too, as in fastai
   */
  public Features train(NDManager step, Batch batch, Masks.Rates rates, boolean frozenDropout) {
    int keptFrom = firstKeptOf(batch);
    NDArray last = step.create(lastSteps(batch, keptFrom)); // (rows)
    List<AwdLstm.Lookup> lookups = new ArrayList<>();
    NDList kept = new NDList();
    AwdLstm.State state = encoder.zeroState(step, batch.rows());
    for (int from = 0; from < batch.time(); from += bptt) {
      int rows = layout == Layout.MASKED ? batch.reading(from) : batch.rows();
      NDArray ids = batch.ids(step, from, from + steps(batch.time() - from), rows);
      Masks masks = encoder.masks(step, rates, rows, frozenDropout);
      boolean was = Kernels.recording(from >= keptFrom);
      AwdLstm.Lookup lookup = encoder.lookup(step, ids, masks);
      AwdLstm.Output out = encoder.forward(step, lookup.x(), state, masks);
      Kernels.recording(was);
      state.close();
      state = out.state();
      if (from >= keptFrom) {
        lookups.add(lookup);
        kept.add(encoder.kernels().one(step, "all_rows", out.top(), last));
      } else {
        out.top().close();
      }
    }
    NDArray top = kept.size() == 1 ? kept.get(0) : NDArrays.concat(kept, 0);
    top.attach(step); // (kept, rows, emb)
    return pool(step, batch, keptFrom, top, last, lookups);
  }

  /**
   * Steps of a chunk that has so many tokens to go. In the masked layout a long last chunk is
   * filled up to a multiple of a few: every new shape costs oneDNN time and memory.
   */
  private int steps(int tokens) {
    boolean exact = layout == Layout.LESSON || tokens <= EXACT_STEPS;
    int filled = exact ? tokens : (tokens + STEP_UNIT - 1) / STEP_UNIT * STEP_UNIT;
    return Math.min(bptt, filled);
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

  private int lastStep(Batch batch, int row) {
    return (layout == Layout.LESSON ? batch.time() : batch.lengths()[row]) - 1;
  }

  private long[] lastSteps(Batch batch, int keptFrom) {
    return IntStream.range(0, batch.rows())
        .mapToLong(row -> lastStep(batch, row) - keptFrom)
        .toArray();
  }

  private Features pool(
      NDManager step,
      Batch batch,
      int keptFrom,
      NDArray top,
      NDArray last,
      List<AwdLstm.Lookup> lookups) {
    int steps = Math.toIntExact(top.getShape().get(0));
    int rows = batch.rows();
    float[] mask = new float[steps * rows];
    float[] count = new float[rows];
    for (int row = 0; row < rows; row++) {
      int from = layout == Layout.LESSON ? 0 : firstKept(batch.lengths()[row]) - keptFrom;
      int to = lastStep(batch, row) + 1 - keptFrom;
      for (int t = from; t < to; t++) {
        mask[t * rows + row] = 1;
      }
      count[row] = to - from;
    }
    NDArray m = step.create(mask, new Shape(steps, rows, 1)); // (kept, rows, 1)
    NDArray counts = step.create(count, new Shape(rows, 1)); // (rows, 1)
    NDArray pooled = encoder.kernels().one(step, "pool", top, m, last, counts);
    return new Features(pooled, top, m, lookups);
  }
}
