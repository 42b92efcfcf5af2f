package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.ulmfit.Shown;

/**
 * A name for the way this machine rounds. The engine adds up in another order, and in bfloat16 with
 * other instructions, on another kind of processor, so a run that changes machines ends with other
 * bytes. Machines of the same name compute the same as far as a small step of training shows.
 */
public final class Rounding {
  private static final int TIME = 7;
  private static final int BATCH = 16;
  private static final int IN = 48;
  private static final int UNITS = 96;
  private static final int WORDS = 300;

  private final Random random = new Random(1);
  private final NDManager owner;

  private Rounding(NDManager owner) {
    this.owner = owner;
  }

  /** Eight hexadecimal digits of what the kernels of a training step come to on fixed numbers. */
  public static String of(Kernels kernels) {
    return Kernels.withoutRecording(() -> computed(kernels));
  }

  private static String computed(Kernels kernels) {
    try (NDManager owner = kernels.newManager()) {
      CRC32 sum = new CRC32();
      if (kernels.arithmetic() == Kernels.Arithmetic.BFLOAT16) { // what few numbers may not show
        sum.update(Bfloat16.of(owner.getDevice()).ordinal());
      }
      for (NDArray result : new Rounding(owner).results(kernels)) {
        float[] values = kernels.one(owner, "to_float", result).toFloatArray();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        sum.update(bytes);
      }
      return Shown.format("%08x", sum.getValue());
    }
  }

  /** An LSTM layer, its penalties, a softmax over some words with its gradients, and a norm. */
  private NDList results(Kernels kernels) {
    NDArray one = owner.ones(new Shape(1, 1, 1));
    NDList all =
        kernels.call(
            owner,
            AwdLstm.layerKernel(kernels),
            random(TIME, BATCH, IN),
            one,
            random(1, BATCH, UNITS),
            random(1, BATCH, UNITS),
            random(4 * UNITS, IN),
            random(4 * UNITS, UNITS),
            owner.ones(new Shape(1, 1)),
            random(4 * UNITS),
            random(4 * UNITS)); // y (time, batch, units), h, c
    NDArray y = all.get(0);
    NDArray weights = owner.create(new float[] {2, 1, 0});
    all.addAll(kernels.call(owner, "surrogate", y, one, random(TIME, BATCH, UNITS), weights));
    NDArray h = kernels.one(owner, "to_float", all.get(1)).reshape(BATCH, UNITS);
    NDArray t = owner.arange(BATCH).toType(DataType.INT64, false); // (rows)
    NDList words =
        kernels.call(
            owner,
            "sampled_words",
            random(WORDS, UNITS),
            random(WORDS),
            owner.arange(WORDS).toType(DataType.INT64, false),
            random(WORDS),
            t);
    Shape wide = words.get(0).getShape(); // words filled up, units
    NDArray weightGradient = owner.zeros(new Shape(wide.get(1), wide.get(0)));
    NDArray biasGradient = owner.zeros(words.get(1).getShape());
    all.addAll(
        kernels.call(
            owner,
            "sampled_decode",
            h,
            words.get(0),
            words.get(1),
            words.get(2),
            words.get(3),
            words.get(4),
            weightGradient,
            biasGradient));
    NDList gradients = new NDList(weightGradient, biasGradient);
    all.addAll(gradients);
    all.addAll(kernels.callLists(owner, "global_norm", List.of(gradients)));
    return all;
  }

  /** Between -0.25 and 0.25, the same in every process. */
  private NDArray random(long... shape) {
    float[] values = new float[(int) new Shape(shape).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (random.nextFloat() - 0.5f) / 2;
    }
    return owner.create(values, new Shape(shape));
  }
}
