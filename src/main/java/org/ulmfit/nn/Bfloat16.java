package org.ulmfit.nn;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.cuda.CudaUtils;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How a device computes in bfloat16. On a processor it is found by computing: what the engine does
 * depends on the processor, on how it was built and on its own settings ({@code
 * ONEDNN_MAX_CPU_ISA}), not on the processor's flags alone.
 */
public enum Bfloat16 {
  /** In instructions of its own, about twice as fast as float32. */
  NATIVE,

  /** Weights can be laid out for reading; every product is made in float32. */
  WIDENED,

  /** No layout of weights for reading: libtorch's plain LSTM reads, far slower than in float32. */
  PLAIN;

  private static final int UNITS = 32;
  private static final int AMPERE = 80; // compute capability 8.0

  /** Not normal in bfloat16, whose least normal number is 1.2e-38. */
  private static final float TINY = 9e-39f;

  private static final float HUGE = 1e37f;

  private static final Map<Device, Bfloat16> FOUND = new ConcurrentHashMap<>();

  /** Tried at the first call in a process. */
  public static Bfloat16 of(Device device) {
    return FOUND.computeIfAbsent(device, d -> d.isGpu() ? byGeneration(d.getDeviceId()) : tried(d));
  }

  private static Bfloat16 byGeneration(int gpu) {
    return Integer.parseInt(CudaUtils.getComputeCapability(gpu)) >= AMPERE ? NATIVE : WIDENED;
  }

  /**
   * One step of a small LSTM whose inputs are too small to be normal numbers, times weights that
   * make something of them. The bfloat16 instructions take such inputs for zero (Intel's manual on
   * VDPBF16PS and TDPBF16PS; AMD's and ARM's do the same), products in float32 do not.
   */
  private static Bfloat16 tried(Device cpu) {
    Engine engine = Torch.engine(); // before the first word to it
    return Kernels.withoutRecording(() -> tried(engine, cpu));
  }

  private static Bfloat16 tried(Engine engine, Device cpu) {
    try (NDManager owner = engine.newBaseManager(cpu);
        Kernels kernels = Kernels.loadReading(cpu, Kernels.Arithmetic.BFLOAT16)) {
      NDArray x = owner.full(new Shape(1, 1, UNITS), TINY); // (time, batch, in)
      NDArray h = owner.zeros(new Shape(1, 1, UNITS));
      NDArray w = owner.full(new Shape(4 * UNITS, UNITS), HUGE);
      NDArray b = owner.zeros(new Shape(4 * UNITS));
      float y = kernels.one(owner, "lstm_tried", x, h, w, b).toFloatArray()[0];
      return y == 0 ? NATIVE : WIDENED;
    } catch (EngineException e) {
      return PLAIN;
    }
  }
}
