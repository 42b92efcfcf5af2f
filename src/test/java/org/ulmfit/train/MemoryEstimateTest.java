package org.ulmfit.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ulmfit.nn.AwdLstm;

class MemoryEstimateTest {

  @Test
  void aMachineThatIsTooSmallIsTold() {
    MemoryEstimate estimate = new MemoryEstimate(6_200_000_000L);
    assertEquals(Optional.empty(), estimate.warning(6_200_000_000L, "lm.bptt"));
    assertEquals(
        "WARNING: this run will need about 6.2 GB of memory, 3.9 GB are free; lower lm.bptt",
        estimate.warning(3_900_000_000L, "lm.bptt").orElseThrow());
    assertEquals("memory: about 6.2 GB", estimate.line());
  }

  /** Widths 600, 600 and 300. */
  @Test
  void activationsGrowWithTokensAndWidths() {
    AwdLstm.Sizes sizes = new AwdLstm.Sizes(30_000, 300, 600, 3);
    assertEquals(4_480L * 1_500 * 10 * 4, MemoryEstimate.activations(sizes, 4_480, 10));
    long small = MemoryEstimate.of(List.of(), 1_000, 0).bytes();
    assertTrue(small > 250_000_000L, "libraries and heap: " + small);
  }

  @Test
  void thisMachineHasSomeMemory() {
    assertTrue(MemoryEstimate.available() > 100_000_000L, MemoryEstimate.available() + " bytes");
  }
}
