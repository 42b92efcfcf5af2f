package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ulmfit.UlmfitException;

@Tag("engine")
class BackendTest {

  private static final Precision SINGLE =
      new Precision(Kernels.Arithmetic.FLOAT32, "", Optional.empty());

  @Test
  void itsKernelsComputeOnItsDeviceInItsPrecision() {
    for (String setting : new String[] {"fp32", "bf16"}) {
      try (Backend backend = Backend.open("cpu", setting)) {
        assertEquals(Device.cpu(), backend.device());
        assertEquals(Device.cpu(), backend.manager().getDevice());
        assertEquals(setting, backend.precision().name());
        assertSame(backend.precision().arithmetic(), backend.kernels().arithmetic());
        NDArray third = backend.manager().create(1f / 3);
        NDArray computed = backend.kernels().one(backend.manager(), "to_compute", third);
        float back = backend.kernels().one(backend.manager(), "to_float", computed).getFloat();
        assertEquals(setting.equals("fp32"), back == 1f / 3);
      }
    }
  }

  @Test
  void theSameSeedDrawsTheSame() {
    try (Backend backend = Backend.open(Device.cpu(), SINGLE)) {
      Torch.seed(1L << 40);
      float[] first = drawn(backend);
      Torch.seed(1L << 40);
      assertArrayEquals(first, drawn(backend));
      Torch.seed(0);
      assertFalse(first[0] == drawn(backend)[0]);
    }
  }

  private static float[] drawn(Backend backend) {
    return backend.manager().randomUniform(0, 1, new Shape(4)).toFloatArray();
  }

  @Test
  void closedItLeavesNothingAndASecondTimeDoesNothing() {
    int managers = LiveArrays.managers();
    Backend backend = Backend.open(Device.cpu(), SINGLE);
    NDArray array = backend.manager().ones(new Shape(3));
    assertTrue(LiveArrays.managers() > managers);
    backend.close();
    backend.close();
    assertEquals(managers, LiveArrays.managers());
    assertTrue(array.isReleased());
  }

  /** A manager comes to be for any device; the kernels are not loaded for every one. */
  @Test
  void whatCannotBeOpenedLeavesNothing() {
    Device unknown = Device.of("abacus", 0);
    int managers = LiveArrays.managers();
    assertThrows(IllegalArgumentException.class, () -> Backend.open(unknown, SINGLE));
    assertEquals(managers, LiveArrays.managers());
  }

  @Test
  void aDeviceThatIsNotThereIsAnErrorOfUse() {
    var error = assertThrows(UlmfitException.class, () -> Backend.open("cuda:999", "fp32"));
    assertEquals(2, error.kind().exitCode());
  }
}
