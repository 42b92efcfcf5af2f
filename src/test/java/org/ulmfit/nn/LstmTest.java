package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ulmfit.Golden;

/** Golden section 5: one LSTM layer of two units, weight drop, carried state. */
@Tag("engine")
@Tag("parity")
class LstmTest extends EngineFixture {

  private static final float FORWARD = 1e-5f;

  private AwdLstm encoder;

  /** A one-layer encoder whose three words are the three inputs. */
  @BeforeEach
  void build() {
    encoder = new AwdLstm(manager, kernels, new AwdLstm.Sizes(3, 2, 2, 1));
    set(encoder.embedding(), "x");
    set(encoder.layer(0).get(0), "w_ih");
    set(encoder.layer(0).get(1), "w_hh");
    set(encoder.layer(0).get(2), "b_ih");
    set(encoder.layer(0).get(3), "b_hh");
  }

  private static void set(Parameter parameter, String key) {
    Tensors.set(parameter.value(), FloatBuffer.wrap(golden(key)));
  }

  private static float[] golden(String key) {
    return flat(Golden.numeric("lstm", key));
  }

  private NDArray ids(long... ids) {
    return manager.create(ids, new Shape(ids.length, 1));
  }

  private AwdLstm.Output train(NDArray weightMask) {
    NDList ones = new NDList(manager.ones(new Shape(1, 1, 1)));
    Masks masks = new Masks(manager.ones(new Shape(3, 1)), ones, new NDList(weightMask));
    AwdLstm.Lookup lookup = encoder.lookup(manager, ids(0, 1, 2), masks);
    return encoder.forward(manager, lookup.x(), encoder.zeroState(manager, 1), masks);
  }

  @Test
  void gatesAreInputForgetCellOutput() {
    AwdLstm.Output out =
        encoder.evaluate(manager, ids(0, 1, 2), encoder.zeroState(manager, 1)); // (3, 1, 2)
    assertArrayEquals(golden("h"), floats(out.top()), FORWARD);
    assertArrayEquals(golden("c_final"), floats(out.state().c().get(0)), FORWARD);
  }

  @Test
  void trainingWithoutDropoutComputesTheSame() {
    AwdLstm.Output out = train(manager.ones(new Shape(1, 1)));
    assertArrayEquals(golden("h"), floats(out.top()), FORWARD);
    assertArrayEquals(golden("c_final"), floats(out.state().c().get(0)), FORWARD);
  }

  @Test
  void weightDropMasksTheRecurrentMatrixOnly() {
    float[] mask = golden("wdrop_mask");
    double keep = 1 - Golden.numeric("lstm", "wdrop_p").doubleValue();
    for (int i = 0; i < mask.length; i++) {
      mask[i] /= (float) keep;
    }
    AwdLstm.Output out = train(array(mask, 8, 2));
    assertArrayEquals(golden("h_wdrop"), floats(out.top()), FORWARD);
    assertArrayEquals(golden("c_wdrop"), floats(out.state().c().get(0)), FORWARD);
    assertArrayEquals(golden("w_hh"), floats(encoder.layer(0).get(1).value()), 0);
  }

  @Test
  void aCarriedStateGoesOnWhereItStopped() {
    AwdLstm.Output first = encoder.evaluate(manager, ids(0, 1), encoder.zeroState(manager, 1));
    AwdLstm.Output second = encoder.evaluate(manager, ids(2), first.state());
    float[] h = golden("h"); // (3, 1, 2)
    assertArrayEquals(new float[] {h[0], h[1], h[2], h[3]}, floats(first.top()), FORWARD);
    assertArrayEquals(new float[] {h[4], h[5]}, floats(second.top()), FORWARD);
    assertArrayEquals(golden("c_final"), floats(second.state().c().get(0)), FORWARD);
  }

  /** Widths 600, 600 and 300. */
  @Test
  void activationsGrowWithTokensAndWidths() {
    AwdLstm.Sizes sizes = new AwdLstm.Sizes(10, 300, 600, 3);
    AwdLstm wide = new AwdLstm(manager, kernels, sizes, Weights.ZERO);
    assertEquals(4_480L * 1_500 * 10 * 4, wide.activationBytes(4_480, 10));
  }
}
