package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** Up to so many steps a few more would be a large part of the work, and the shapes are few. */
  private static final int EXACT_STEPS = 32;

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
   * Documents that are read together.
   *
   * @param time steps of the batch
   * @param ids time-major (time, rows), padded
   * @param lengths tokens of each row
   */
  public record Batch(int time, int rows, long[] ids, int[] lengths) {

    private static final int UNIT = 8;

    /** Rows or steps in a multiple of a few, so that oneDNN meets few shapes. */
    static int filled(int n) {
      return (n + UNIT - 1) / UNIT * UNIT;
    }

    /**
     * Rows to read from a step on in the masked layout: up to the last one that has not ended, in
     * steps of a few.
     */
    int reading(int from) {
      int reading = rows;
      while (reading > 1 && lengths[reading - 1] <= from) {
        reading--;
      }
      return reading == 1 ? 1 : Math.min(rows, filled(reading));
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
   * @param parts the kept chunks, where the embedded words get gradients; else none
   */
  public record Features(
      NDArray pooled,
      NDArray kept,
      NDArray mask,
      List<AwdLstm.Lookup> lookups,
      List<Perturbation.Part> parts) {}

  /**
   * Training: dropout masks are drawn anew for every chunk, as fastai does. Rows that have ended
   * are left out of later chunks (masked layout), so the longest rows are best put first.
   *
   * @param frozenDropout whether frozen layers drop out, too, as in fastai
   */
  public Features train(NDManager step, Batch batch, Masks.Rates rates, boolean frozenDropout) {
    return train(step, batch, rates, frozenDropout, Perturbation.NONE);
  }

  /** The same, read as a perturbation says. */
  public Features train(
      NDManager step,
      Batch batch,
      Masks.Rates rates,
      boolean frozenDropout,
      Perturbation perturbation) {
    Pooled pooled = Pooled.of(batch, layout, bptt, maxLength);
    int keptFrom = pooled.first();
    NDArray last = step.create(pooled.last(keptFrom)); // (rows)
    List<AwdLstm.Lookup> lookups = new ArrayList<>();
    List<Perturbation.Part> parts = new ArrayList<>();
    NDList kept = new NDList();
    AwdLstm.State state = encoder.zeroState(step, batch.rows());
    for (int from = 0; from < batch.time(); from += bptt) {
      int rows = layout == Layout.MASKED ? batch.reading(from) : batch.rows();
      // what autograd needs of a chunk it holds itself
      try (NDManager chunk = step.newSubManager()) {
        NDArray ids = batch.ids(chunk, from, from + steps(batch.time() - from), rows);
        Masks masks = encoder.masks(chunk, rates, rows, frozenDropout);
        AwdLstm.Lookup lookup = encoder.lookup(chunk, ids, masks);
        if (from >= keptFrom) {
          lookup = perturbed(lookup, perturbation, kept.size());
        }
        NDArray x = lookup.x(); // (steps, n, E)
        AwdLstm.State before = state;
        AwdLstm.Output out =
            Kernels.recording(from >= keptFrom, () -> encoder.forward(chunk, x, before, masks));
        state.close();
        state = out.state().attach(step);
        if (from >= keptFrom) {
          kept.add(encoder.kernels().one(step, "all_rows", out.top(), last));
          if (encoder.embedding().trainable() || perturbation.inputs()) {
            lookups.add(lookup.attach(step));
          }
          if (perturbation.inputs()) {
            parts.add(new Perturbation.Part(x, valid(step, pooled, batch, from, x.getShape())));
          }
        }
      }
    }
    NDArray top = joined(step, kept, batch.time() - keptFrom); // (kept, rows, emb)
    return pool(step, pooled, keptFrom, top, last, lookups, parts);
  }

  private AwdLstm.Lookup perturbed(AwdLstm.Lookup lookup, Perturbation perturbation, int part) {
    NDList moves = perturbation.moves();
    AwdLstm.Lookup read = lookup;
    if (moves != null) {
      NDArray moved = Kernels.withoutRecording(() -> lookup.x().add(moves.get(part)));
      moved.attach(lookup.x().getManager());
      read = new AwdLstm.Lookup(lookup.ids(), moved, lookup.rows());
    }
    read.x().setRequiresGradient(encoder.embedding().trainable() || perturbation.inputs());
    return read;
  }

  /** 1 where a step of a chunk is pooled (steps, n, 1). */
  private static NDArray valid(NDManager step, Pooled pooled, Batch batch, int from, Shape read) {
    int steps = Math.toIntExact(read.get(0));
    int rows = Math.toIntExact(read.get(1));
    int there = Math.min(steps, batch.time() - from);
    float[] all = pooled.mask(from, there, batch.rows());
    float[] valid = new float[steps * rows];
    for (int t = 0; t < there; t++) {
      System.arraycopy(all, t * batch.rows(), valid, t * rows, rows);
    }
    return step.create(valid, new Shape(steps, rows, 1));
  }

  /**
   * Steps of a chunk that has so many tokens to go. In the masked layout a long last chunk is
   * filled up to a multiple of a few: every new shape costs oneDNN time and memory.
   */
  private int steps(int tokens) {
    boolean exact = layout == Layout.LESSON || tokens <= EXACT_STEPS;
    return Math.min(bptt, exact ? tokens : Batch.filled(tokens));
  }

  /** The chunks one after the other, without the steps that filled up the last. */
  private static NDArray joined(NDManager step, NDList chunks, int steps) {
    NDArray all = chunks.size() == 1 ? chunks.get(0) : NDArrays.concat(chunks, 0);
    all.attach(step);
    if (all.getShape().get(0) == steps) {
      return all;
    }
    NDArray cut = all.get(new NDIndex("0:{}", steps));
    cut.attach(step);
    return cut;
  }

  /**
   * Pooled features of one document read from embedded words, without dropout, with a graph over
   * all the steps that are embedded: no gradient is cut between chunks. Call it where the thread
   * records.
   *
   * @param ids the document (time); the steps before those of x have no graph
   * @param x its last steps (steps, rows, E), in as many versions as there are rows; those that are
   *     pooled ({@link #pooledSteps}) among them
   * @return (rows, 3E), float32
   */
  public NDArray pooled(NDManager step, long[] ids, NDArray x) {
    int rows = Math.toIntExact(x.getShape().get(1));
    int from = ids.length - Math.toIntExact(x.getShape().get(0));
    int[] lengths = new int[rows];
    Arrays.fill(lengths, ids.length);
    Pooled pooled = Pooled.of(new Batch(ids.length, rows, ids, lengths), layout, bptt, maxLength);
    int first = pooled.first();
    AwdLstm.State state = before(step, ids, from, rows);
    Masks none = encoder.masks(step, Masks.Rates.NONE, rows);
    NDArray top = encoder.forward(step, x, state, none).top(); // (steps, rows, E)
    NDArray kept = top.get(new NDIndex("{}:", first - from));
    kept.attach(step);
    NDArray last = step.create(pooled.last(first)); // (rows)
    return pool(step, pooled, first, kept, last, List.of(), List.of()).pooled();
  }

  /** How many of a document's last steps are pooled. */
  public int pooledSteps(int time) {
    return time - Chunks.firstKept(time, bptt, maxLength, layout.rule());
  }

  /** The state after the first steps of a document, the same for every row; no graph. */
  private AwdLstm.State before(NDManager step, long[] ids, int steps, int rows) {
    AwdLstm.State state = encoder.zeroState(step, rows);
    for (int from = 0; from < steps; from += bptt) {
      int to = Math.min(steps, from + bptt);
      long[] part = new long[(to - from) * rows]; // (steps, rows)
      for (int t = from; t < to; t++) {
        Arrays.fill(part, (t - from) * rows, (t - from + 1) * rows, ids[t]);
      }
      try (NDManager chunk = step.newSubManager()) {
        NDArray read = chunk.create(part, new Shape(to - from, rows));
        AwdLstm.State earlier = state;
        state = encoder.evaluate(chunk, read, earlier).state().attach(step);
        earlier.close();
      }
    }
    return state;
  }

  private Features pool(
      NDManager step,
      Pooled pooled,
      int first,
      NDArray top,
      NDArray last,
      List<AwdLstm.Lookup> lookups,
      List<Perturbation.Part> parts) {
    int steps = Math.toIntExact(top.getShape().get(0));
    int rows = pooled.to().length;
    float[] mask = pooled.mask(first, steps, rows);
    NDArray m = step.create(mask, new Shape(steps, rows, 1)); // (kept, rows, 1)
    NDArray counts = step.create(pooled.counts(), new Shape(rows, 1)); // (rows, 1)
    NDArray features = encoder.kernels().one(step, "pool", top, m, last, counts); // (rows, 3E)
    return new Features(features, top, m, lookups, parts);
  }
}
