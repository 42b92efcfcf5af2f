package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ulmfit.Golden;

/** Golden section 10: batch norm of the head, and the head's dropout and shapes. */
@Tag("engine")
@Tag("parity")
class PoolingHeadTest extends EngineFixture {

  private static final String NORM_0 = "layers.0.0.";
  private static final String NORM_1 = "layers.1.0.";
  private static final double EPS = 1e-5;

  private static float[] golden(String key) {
    return flat(Golden.numeric("bn", key));
  }

  private static void set(NDArray array, float... values) {
    Tensors.set(array, FloatBuffer.wrap(values));
  }

  private static Map<String, Parameter> parameters(PoolingHead head) {
    return head.parameters().stream().collect(Collectors.toMap(Parameter::name, p -> p));
  }

  /**
   * A head whose second batch norm sees the golden x: the first linear layer undoes the first
   * normalisation (mean, variance), the last one is the identity.
   */
  private PoolingHead head(float[] mean, float[] variance) {
    PoolingHead head =
        new PoolingHead(manager, kernels, new PoolingHead.Layout(2, 2, 2, true, 0, 0));
    Map<String, Parameter> p = parameters(head);
    set(p.get("layers.0.2.weight").value(), root(variance[0]), 0, 0, root(variance[1]));
    set(p.get("layers.0.2.bias").value(), mean);
    set(p.get(NORM_1 + "weight").value(), golden("gamma"));
    set(p.get(NORM_1 + "bias").value(), golden("beta"));
    set(p.get("layers.1.2.weight").value(), 1, 0, 0, 1);
    set(p.get("layers.1.2.bias").value(), 0, 0);
    return head;
  }

  private static float root(double variance) {
    return (float) Math.sqrt(variance + EPS);
  }

  @Test
  void trainingUsesTheBatchAndMovesTheRunningStatistics() {
    NDArray x = array(golden("x"), 3, 2);
    // biased variances of the columns 1 3 5 and 2 0 7
    PoolingHead head = head(new float[] {3, 3}, new float[] {8f / 3, 26f / 3});
    assertArrayEquals(golden("train_out"), floats(head.forward(manager, x, true)), 1e-5f);
    for (String norm : new String[] {NORM_0, NORM_1}) {
      NDArray mean = head.statistics().get(norm + "running_mean");
      NDArray variance = head.statistics().get(norm + "running_var");
      assertArrayEquals(golden("running_mean"), floats(mean), 1e-5f);
      assertArrayEquals(golden("running_var"), floats(variance), 1e-5f);
    }
  }

  @Test
  void evaluationUsesTheRunningStatisticsAndLeavesThem() {
    NDArray x = array(golden("x"), 3, 2);
    PoolingHead head = head(golden("running_mean"), golden("running_var"));
    for (String norm : new String[] {NORM_0, NORM_1}) {
      set(head.statistics().get(norm + "running_mean"), golden("running_mean"));
      set(head.statistics().get(norm + "running_var"), golden("running_var"));
    }
    float[] expected = golden("eval_out_with_those_running");
    assertArrayEquals(expected, floats(head.forward(manager, x, false)), 1e-5f);
    assertArrayEquals(expected, floats(head.forward(manager, x, false)), 1e-5f);
    head.statistics()
        .forEach(
            (name, array) ->
                assertArrayEquals(
                    golden(name.substring(name.lastIndexOf('.') + 1)), floats(array), 0));
  }

  @Test
  void aTrainingBatchOfOneRowIsNormalisedByTheRunningStatistics() {
    PoolingHead head = head(new float[] {0, 0}, new float[] {1, 1});
    NDArray x = array(new float[] {.5f, 2}, 1, 2);
    assertArrayEquals(
        floats(head.forward(manager, x, false)), floats(head.forward(manager, x, true)), 0);
    assertEquals(0, head.statistics().get(NORM_0 + "running_mean").getFloat(0));
  }

  /** With p = 0.5 a unit is dropped or doubled; evaluation drops nothing. */
  @Test
  void dropoutActsInTrainingOnly() {
    PoolingHead head =
        new PoolingHead(manager, kernels, new PoolingHead.Layout(1, 1, 1, true, 0, .5));
    Map<String, Parameter> p = parameters(head);
    set(p.get(NORM_1 + "weight").value(), 0);
    set(p.get(NORM_1 + "bias").value(), 1); // the last dropout sees ones
    set(p.get("layers.1.2.weight").value(), 1);
    set(p.get("layers.1.2.bias").value(), 0);
    NDArray x = random(1, 3, 1000, 1);
    Torch.seed(1);
    float[] trained = floats(head.forward(manager, x, true));
    int kept = 0;
    for (float v : trained) {
      assertTrue(v == 0 || v == 2, "dropped units are 0, kept ones are doubled: " + v);
      kept += v == 0 ? 0 : 1;
    }
    assertEquals(500, kept, 80); // five deviations
    float[] ones = new float[1000];
    Arrays.fill(ones, 1);
    assertArrayEquals(ones, floats(head.forward(manager, x, false)), 0);
  }

  @Test
  void withoutBiasTheNormsStartShifted() {
    PoolingHead plain =
        new PoolingHead(manager, kernels, new PoolingHead.Layout(6, 3, 2, false, 0, 0));
    assertEquals(6, plain.parameters().size());
    Map<String, Parameter> p = parameters(plain);
    assertEquals(1e-3f, p.get(NORM_0 + "bias").value().getFloat(0)); // fastai 2
    PoolingHead biased =
        new PoolingHead(manager, kernels, new PoolingHead.Layout(6, 3, 2, true, 0, 0));
    assertEquals(8, biased.parameters().size());
    assertEquals(0, parameters(biased).get(NORM_0 + "bias").value().getFloat(0));
    assertEquals(4, biased.statistics().size());
  }
}
