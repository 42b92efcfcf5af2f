package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What draws from the engine's generator, and what must leave it as it is. */
@Tag("engine")
class WeightsTest extends EngineFixture {

  private static final AwdLstm.Sizes SIZES = new AwdLstm.Sizes(6, 4, 5, 2);
  private static final PoolingHead.Layout LAYOUT = new PoolingHead.Layout(12, 5, 3, true, 0, 0);

  /** The next numbers of a generator seeded before. */
  private float[] next(Runnable before) {
    Torch.seed(3);
    before.run();
    return floats(manager.randomUniform(0, 1, new Shape(9)));
  }

  private AwdLstm encoder(Weights weights) {
    return new AwdLstm(manager, kernels, SIZES, weights);
  }

  @Test
  void zerosAreNotDrawn() {
    List<Parameter> all = new ArrayList<>();
    float[] after =
        next(
            () -> {
              all.addAll(encoder(Weights.ZERO).parameters());
              PoolingHead head = new PoolingHead(manager, kernels, LAYOUT, Weights.ZERO);
              head.parameters().stream().filter(p -> p.name().contains(".2.")).forEach(all::add);
            });
    assertArrayEquals(next(() -> {}), after);
    assertEquals(9 + 4, all.size());
    for (Parameter p : all) {
      assertArrayEquals(new float[(int) p.value().size()], floats(p.value()), p.name());
    }
  }

  @Test
  void randomWeightsAre() {
    float[] untouched = next(() -> {});
    assertFalse(Arrays.equals(untouched, next(() -> encoder(Weights.RANDOM))));
    assertFalse(Arrays.equals(untouched, next(() -> new PoolingHead(manager, kernels, LAYOUT))));
  }

  @Test
  void readingAndTryingDrawNothing() {
    AwdLstm encoder = encoder(Weights.RANDOM);
    float[] untouched = next(() -> {});
    assertArrayEquals(untouched, next(() -> new TiedDecoder(manager, encoder, true, 7)));
    assertArrayEquals(untouched, next(() -> InferenceEncoder.of(manager, encoder)));
    for (Kernels.Arithmetic arithmetic : Kernels.Arithmetic.values()) {
      Runnable tried =
          () -> {
            try (Kernels loaded = Kernels.load(Device.cpu(), arithmetic)) {
              Rounding.of(loaded);
            }
          };
      assertArrayEquals(untouched, next(tried), arithmetic.name());
    }
  }
}
