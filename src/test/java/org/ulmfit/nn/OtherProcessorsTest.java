package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.JavaProcess;
import org.ulmfit.Selected;

/**
 * The tests of what depends on the processor once more, as if it had less: without AVX-512, and
 * with AVX-512 but no bfloat16. Where it has no more than that, they are what runs natively.
 */
@Tag("engine")
class OtherProcessorsTest {

  @TempDir Path dir;

  private void green(Map<String, String> limits, Class<?>... tests)
      throws IOException, InterruptedException {
    String[] names = new String[tests.length];
    for (int i = 0; i < tests.length; i++) {
      names[i] = tests[i].getName();
    }
    JavaProcess.Ended ended = new JavaProcess(dir, limits).run(Selected.class, names);
    assertEquals(0, ended.exit(), ended.out() + ended.err());
  }

  @Test
  void withAvx2Alone() throws IOException, InterruptedException {
    green(
        JavaProcess.AVX2,
        PrecisionTest.class,
        InferenceEncoderTest.class,
        Bfloat16Test.class,
        DocumentEncoderTest.class);
  }

  @Test
  void withAvx512ButNoBfloat16() throws IOException, InterruptedException {
    green(
        Map.of("ONEDNN_MAX_CPU_ISA", "AVX512_CORE"),
        PrecisionTest.class,
        InferenceEncoderTest.class,
        Bfloat16Test.class);
  }
}
