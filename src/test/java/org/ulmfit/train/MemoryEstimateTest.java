package org.ulmfit.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryEstimateTest {

  @Test
  void aMachineThatIsTooSmallIsTold() {
    MemoryEstimate estimate = new MemoryEstimate(6_200_000_000L);
    assertEquals(Optional.empty(), estimate.warning(6_200_000_000L, "lm.bptt"));
    assertEquals(
        "WARNING: this run will need about 6.2 GB of memory, 3.9 GB can be had; lower lm.bptt",
        estimate.warning(3_900_000_000L, "lm.bptt").orElseThrow());
    assertEquals("memory: about 6.2 GB", estimate.line());
  }

  @Test
  void parametersCountWithGradientAndMoments() {
    long libraries = MemoryEstimate.of(0, 0, 0, 0).bytes();
    assertTrue(libraries > 100_000_000 && libraries < 1_000_000_000, libraries + " bytes");
    assertEquals(
        libraries + 3_000 + 16_000_000 + 700 + 50,
        MemoryEstimate.of(3_000, 1_000_000, 700, 50).bytes());
  }

  @Test
  void thisMachineHasSomeMemory() {
    assertTrue(MemoryEstimate.available() > 100_000_000L, MemoryEstimate.available() + " bytes");
  }
}
