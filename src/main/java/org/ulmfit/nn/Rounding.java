package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * A name for the way this machine rounds. The engine adds up in another order, and in bfloat16 with
 * other instructions, on another kind of processor, so a run that changes machines ends with other
 * bytes. Machines of the same name compute the same as far as one layer and one product show.
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

  /** Eight hexadecimal digits of what the kernels come to on fixed numbers. */
  public static String of(Kernels kernels) {
    boolean was = Kernels.recording(false);
    try (NDManager owner = kernels.newManager()) {
      CRC32 sum = new CRC32();
      for (NDArray result : new Rounding(owner).results(kernels)) {
        float[] values = kernels.one(owner, "to_float", result).toFloatArray();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        sum.update(bytes);
      }
      return String.format("%08x", sum.getValue());
    } finally {
      Kernels.recording(was);
    }
  }

  private NDList results(Kernels kernels) {
    NDArray ones = owner.ones(new Shape(1, 1, 1));
    NDList all =
        kernels.call(
            owner,
            AwdLstm.layerKernel(kernels),
            random(TIME, BATCH, IN),
            ones,
            random(1, BATCH, UNITS),
            random(1, BATCH, UNITS),
            random(4 * UNITS, IN),
            random(4 * UNITS, UNITS),
            owner.ones(new Shape(1, 1)),
            random(4 * UNITS),
            random(4 * UNITS));
    NDArray h = kernels.one(owner, "to_float", all.get(1)).reshape(BATCH, UNITS);
    all.add(kernels.one(owner, "logits", h, random(WORDS, UNITS), random(WORDS)));
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
