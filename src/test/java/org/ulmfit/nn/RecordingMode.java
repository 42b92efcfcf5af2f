package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.pytorch.jni.JniUtils;

/** Whether the calling thread records. */
public final class RecordingMode {

  private RecordingMode() {}

  static boolean on() {
    return JniUtils.isGradMode();
  }

  /** What throws leaves the thread recording if it did before, and not recording if it did not. */
  public static void outlives(Runnable failing) {
    for (boolean on : new boolean[] {true, false}) {
      boolean after =
          Kernels.recording(
              on,
              () -> {
                assertThrows(RuntimeException.class, failing::run);
                return on();
              });
      assertEquals(on, after, "whether the thread records after a failure");
    }
  }
}
