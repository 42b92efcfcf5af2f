package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What parts of a model say they need, the sums behind {@code MemoryEstimate}. */
@Tag("engine")
class MemoryNeedsTest extends EngineFixture {

  private AwdLstm encoder(long vocabulary) {
    AwdLstm.Sizes sizes = new AwdLstm.Sizes(vocabulary, 300, 600, 3);
    return new AwdLstm(manager, kernels, sizes, Weights.ZERO);
  }

  /** Widths 600, 600 and 300. */
  @Test
  void activationsGrowWithTokensAndWidths() {
    assertEquals(4_480L * 1_500 * 10 * 4, encoder(10).activationBytes(4_480, 10));
  }
}
