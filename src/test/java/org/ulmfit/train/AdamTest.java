package org.ulmfit.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulmfit.Golden;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.EngineFixture;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.nn.Parameter;
import org.ulmfit.nn.PoolingHead;
import org.ulmfit.nn.RecordingMode;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.TiedDecoder;

/** Golden section 9 and the rules of layer groups. */
@Tag("engine")
@Tag("parity")
class AdamTest extends EngineFixture {

  private static final float ULPS = 2e-7f; // a few last places of a float32 near 1
  private static final double LR = 1e-3;

  private static Recipe.Optimizer form(
      double beta1, double beta2, double eps, String mode, double wd, String decay, boolean all) {
    return new Recipe.Optimizer(
        beta1,
        beta2,
        eps,
        Recipes.choice(Recipe.EpsilonMode.class, mode),
        wd,
        Recipes.choice(Recipe.Decay.class, decay),
        all,
        0);
  }

  /** Two scalars whose gradients are buffers: one group each. */
  private List<LayerGroup> groups(double start) {
    AwdLstm encoder = new AwdLstm(manager, kernels, new AwdLstm.Sizes(1, 1, 1, 0));
    TiedDecoder decoder = new TiedDecoder(manager, encoder, true, 1);
    set(encoder.embedding().value(), (float) start);
    set(decoder.bias().value(), (float) start);
    return List.of(
        new LayerGroup("a", List.of(encoder.embedding())),
        new LayerGroup("b", List.of(decoder.bias())));
  }

  private static Parameter only(LayerGroup group) {
    return group.parameters().get(0);
  }

  private static float value(LayerGroup group) {
    return only(group).value().toFloatArray()[0];
  }

  private void gradient(LayerGroup group, double g) {
    only(group).trainable(true);
    set(only(group).gradient(manager), (float) g);
  }

  private static void set(NDArray array, float... values) {
    Tensors.set(array, FloatBuffer.wrap(values));
  }

  private void step(Adam adam, double beta1, double... rates) {
    try (NDManager step = manager.newSubManager()) {
      adam.step(step, rates, beta1, adam.norm(step));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "lesson_torch03, 0.8, 1e-8, before-correction, 1e-7, coupled",
    "coupled_wd_0_1_torch03, 0.8, 1e-8, before-correction, 0.1, coupled",
    "coupled_wd_0_1_torch_1_3_plus, 0.8, 1e-8, after-correction, 0.1, coupled",
    "v1_true_wd, 0.9, 1e-8, after-correction, 0.01, decoupled",
    "fastai2_default, 0.9, 1e-5, after-correction, 0.01, decoupled"
  })
  void variants(String key, double beta1, double eps, String mode, double wd, String decay) {
    LayerGroup group = groups(Golden.numeric("adam", "w0").doubleValue()).get(0);
    double[] expected = Golden.doubles(Golden.numeric("adam", key));
    try (Adam adam =
        new Adam(manager, kernels, List.of(group), form(beta1, .99, eps, mode, wd, decay, true))) {
      double[] gradients = Golden.doubles(Golden.numeric("adam", "grads"));
      for (int t = 0; t < gradients.length; t++) {
        gradient(group, gradients[t]);
        step(adam, beta1, LR);
        assertEquals(expected[t], value(group), ULPS, "step " + (t + 1));
        assertEquals(0, only(group).gradient(manager).toFloatArray()[0], "gradient not zeroed");
      }
    }
  }

  /** A gradient of 1e-6 tells the two places of epsilon apart. */
  @ParameterizedTest
  @CsvSource({
    "torch03, 0.8, 1e-8, before-correction, coupled",
    "torch13, 0.8, 1e-8, after-correction, coupled",
    "torch03, 0.8, 1e-8, before-correction, decoupled",
    "torch13, 0.8, 1e-8, after-correction, decoupled",
    "fastai2_eps1e_5, 0.9, 1e-5, after-correction, decoupled"
  })
  void tinyGradient(String key, double beta1, double eps, String mode, String decay) {
    LayerGroup group = groups(1).get(0);
    try (Adam adam =
        new Adam(manager, kernels, List.of(group), form(beta1, .99, eps, mode, 0, decay, true))) {
      gradient(group, Golden.numeric("adam", "tiny_grad_eps_effect", "g").doubleValue());
      step(adam, beta1, LR);
      double expected = Golden.numeric("adam", "tiny_grad_eps_effect", key).doubleValue();
      assertEquals(expected, value(group), ULPS);
    }
  }

  /** Adam in double arithmetic, as Kingma and Ba write it. */
  private static final class Reference {
    private final Recipe.Optimizer form;
    private final double[] w;
    private final double[] m;
    private final double[] v;
    private int t;

    Reference(Recipe.Optimizer form, float[] start) {
      this.form = form;
      this.w = new double[start.length];
      Arrays.setAll(w, i -> start[i]);
      this.m = new double[start.length];
      this.v = new double[start.length];
    }

    void step(float[] gradient, double rate, double beta1, double scale) {
      t++;
      boolean coupled = form.decay() == Recipe.Decay.COUPLED;
      for (int i = 0; i < w.length; i++) {
        double g = gradient[i] / scale + (coupled ? form.weightDecay() * w[i] : 0);
        w[i] -= coupled ? 0 : rate * form.weightDecay() * w[i];
        m[i] = beta1 * m[i] + (1 - beta1) * g;
        v[i] = form.beta2() * v[i] + (1 - form.beta2()) * g * g;
        double c1 = 1 - Math.pow(beta1, t);
        double c2 = 1 - Math.pow(form.beta2(), t);
        double root =
            form.epsilonMode() == Recipe.EpsilonMode.BEFORE_CORRECTION
                ? (Math.sqrt(v[i]) + form.epsilon()) / Math.sqrt(c2)
                : Math.sqrt(v[i] / c2) + form.epsilon();
        w[i] -= rate * m[i] / c1 / root;
      }
    }

    float[] values() {
      float[] values = new float[w.length];
      for (int i = 0; i < w.length; i++) {
        values[i] = (float) w[i];
      }
      return values;
    }
  }

  /** Several parameters per group, rates, clipping: against a double loop over 30 steps. */
  @ParameterizedTest
  @CsvSource({
    "coupled, before-correction, 0",
    "coupled, after-correction, 0.5",
    "decoupled, before-correction, 0.5",
    "decoupled, after-correction, 0"
  })
  void followsTheFormula(String decay, String mode, double clip) {
    Recipe.Optimizer form =
        new Recipe.Optimizer(
            .9,
            .99,
            1e-5,
            Recipes.choice(Recipe.EpsilonMode.class, mode),
            .05,
            Recipes.choice(Recipe.Decay.class, decay),
            true,
            clip);
    AwdLstm encoder = new AwdLstm(manager, kernels, new AwdLstm.Sizes(7, 3, 4, 2));
    List<LayerGroup> groups =
        List.of(
            new LayerGroup("lstm 0", encoder.layer(0)),
            new LayerGroup("rest", List.of(encoder.embedding(), encoder.layer(1).get(0))));
    double[] rates = {1e-3, 1e-2};
    List<Parameter> parameters = new ArrayList<>();
    List<Double> parameterRates = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      for (Parameter p : groups.get(g).parameters()) {
        p.trainable(true);
        parameters.add(p);
        parameterRates.add(rates[g]);
      }
    }
    List<Reference> twins =
        parameters.stream().map(p -> new Reference(form, floats(p.value()))).toList();
    try (Adam adam = new Adam(manager, kernels, groups, form)) {
      for (int t = 0; t < 30; t++) {
        double beta1 = t % 2 == 0 ? .9 : .8; // momentum may change from step to step
        List<float[]> gradients = new ArrayList<>();
        for (int p = 0; p < parameters.size(); p++) {
          int size = (int) parameters.get(p).value().size();
          gradients.add(numbers(size, 1, 100L * t + p));
        }
        double norm = setGradients(parameters, gradients);
        double scale = clip > 0 ? Math.max(1, (norm + 1e-6) / clip) : 1;
        for (int p = 0; p < twins.size(); p++) {
          twins.get(p).step(gradients.get(p), parameterRates.get(p), beta1, scale);
        }
        step(adam, beta1, rates);
      }
    }
    for (int p = 0; p < twins.size(); p++) {
      assertArrayEquals(
          twins.get(p).values(), floats(parameters.get(p).value()), 2e-6f, "parameter " + p);
    }
  }

  /** Gradients as the engine leaves them: autograd's for some, buffers for others. */
  private double setGradients(List<Parameter> parameters, List<float[]> gradients) {
    double sum = 0;
    backward(
        () -> {
          NDArray total = manager.zeros(new ai.djl.ndarray.types.Shape(1));
          for (int p = 0; p < parameters.size(); p++) {
            NDArray value = parameters.get(p).value();
            if (value.hasGradient()) {
              NDArray g = array(gradients.get(p), value.getShape().getShape());
              total = total.add(g.mul(value).sum());
            }
          }
          return total;
        });
    for (int p = 0; p < parameters.size(); p++) {
      if (!parameters.get(p).value().hasGradient()) {
        set(parameters.get(p).gradient(manager), gradients.get(p));
      }
      for (float g : gradients.get(p)) {
        sum += (double) g * g;
      }
    }
    return Math.sqrt(sum);
  }

  /** Bias correction counts a group's own steps: the first one is lr, however late. */
  @Test
  void aGroupUnfrozenLateStartsWithAFullFirstStep() {
    List<LayerGroup> groups = groups(1);
    Recipe.Optimizer form = form(.9, .99, 1e-8, "after-correction", 0, "decoupled", true);
    try (Adam adam = new Adam(manager, kernels, groups, form)) {
      only(groups.get(1)).trainable(false);
      for (int t = 0; t < 500; t++) {
        gradient(groups.get(0), .1);
        step(adam, .9, LR, LR);
      }
      assertEquals(1f, value(groups.get(1)), "a frozen parameter moved");
      assertFalse(adam.state().isEmpty());
      gradient(groups.get(0), .1);
      gradient(groups.get(1), .3);
      step(adam, .9, LR, LR);
      assertEquals(1 - LR, value(groups.get(1)), ULPS);
      assertArrayEquals(new long[] {501, 1}, adam.steps());
    }
  }

  @Test
  void frozenGroupsKeepValuesAndStateBitForBit() {
    AwdLstm encoder = new AwdLstm(manager, kernels, new AwdLstm.Sizes(7, 3, 4, 2));
    List<LayerGroup> groups =
        List.of(
            new LayerGroup("lstm 0", encoder.layer(0)), new LayerGroup("lstm 1", encoder.layer(1)));
    List<Parameter> all = encoder.parameters().subList(1, 9);
    all.forEach(p -> p.trainable(true));
    Recipe.Optimizer form = form(.9, .99, 1e-8, "after-correction", .1, "decoupled", true);
    try (Adam adam = new Adam(manager, kernels, groups, form)) {
      setGradients(all, gradients(all, 1));
      step(adam, .9, LR, LR);
      encoder.layer(0).forEach(p -> p.trainable(false));
      List<float[]> values = values(encoder.layer(0));
      List<float[]> state = state(adam, encoder.layer(0));
      List<float[]> moving = values(encoder.layer(1));
      for (int t = 0; t < 3; t++) {
        setGradients(encoder.layer(1), gradients(encoder.layer(1), 2 + t));
        step(adam, .9, LR, LR);
      }
      assertSame(values, values(encoder.layer(0)));
      assertSame(state, state(adam, encoder.layer(0)));
      assertFalse(Arrays.equals(moving.get(0), values(encoder.layer(1)).get(0)));
      assertArrayEquals(new long[] {1, 4}, adam.steps());
    }
  }

  @Test
  void aStepThatFailsLeavesTheThreadRecordingAsBefore() {
    LayerGroup group = groups(1).get(0);
    gradient(group, 1);
    Recipe.Optimizer form = form(.9, .99, 1e-8, "after-correction", 0, "coupled", true);
    try (Adam adam = new Adam(manager, kernels, List.of(group), form)) {
      step(adam, .9, LR);
      adam.state().values().forEach(NDArray::close);
      RecordingMode.outlives(() -> step(adam, .9, LR));
    }
  }

  private static List<float[]> gradients(List<Parameter> parameters, long seed) {
    return parameters.stream().map(p -> numbers((int) p.value().size(), 1, seed)).toList();
  }

  private static List<float[]> values(List<Parameter> parameters) {
    return parameters.stream().map(p -> floats(p.value())).toList();
  }

  private static List<float[]> state(Adam adam, List<Parameter> parameters) {
    List<float[]> moments = new ArrayList<>();
    for (Parameter p : parameters) {
      moments.add(floats(adam.state().get("adam.m." + p.name())));
      moments.add(floats(adam.state().get("adam.v." + p.name())));
    }
    return moments;
  }

  private static void assertSame(List<float[]> expected, List<float[]> actual) {
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i));
    }
  }

  /** fastai 2 decays neither batch norms nor the head's biases. */
  @Test
  void normsAndBiasesAreDecayedOnlyWhereTheRecipeSaysSo() {
    for (boolean decayAll : new boolean[] {true, false}) {
      PoolingHead head =
          new PoolingHead(manager, kernels, new PoolingHead.Layout(4, 3, 2, true, 0, 0));
      LayerGroup group = new LayerGroup("head", head.parameters());
      for (Parameter p : head.parameters()) {
        p.trainable(true);
        float[] ones = new float[(int) p.value().size()];
        Arrays.fill(ones, 1);
        set(p.value(), ones);
      }
      Recipe.Optimizer form = form(.9, .99, 1e-5, "after-correction", .5, "decoupled", decayAll);
      try (Adam adam = new Adam(manager, kernels, List.of(group), form)) {
        setGradients(
            head.parameters(),
            head.parameters().stream().map(p -> new float[(int) p.value().size()]).toList());
        step(adam, .9, .1);
      }
      int undecayed = 0;
      for (Parameter p : head.parameters()) {
        boolean kept = !decayAll && p.normOrBias();
        assertEquals(kept ? 1 : 1 - .1 * .5, p.value().toFloatArray()[0], ULPS, p.name());
        assertEquals(p.normOrBias(), !p.name().matches("layers\\.\\d\\.2\\.weight"), p.name());
        undecayed += kept ? 1 : 0;
      }
      assertEquals(decayAll ? 0 : 6, undecayed);
    }
  }

  @Test
  void restoredStateGoesOnAsIfNothingHadHappened() {
    Recipe.Optimizer form = form(.9, .99, 1e-8, "after-correction", .1, "coupled", true);
    List<LayerGroup> groups = groups(1);
    List<LayerGroup> others = groups(1);
    try (Adam adam = new Adam(manager, kernels, groups.subList(0, 1), form);
        Adam other = new Adam(manager, kernels, others.subList(0, 1), form)) {
      gradient(groups.get(0), .7);
      step(adam, .9, LR);
      set(only(others.get(0)).value(), value(groups.get(0)));
      only(others.get(0)).trainable(true);
      other
          .restore(adam.steps())
          .forEach((name, array) -> set(array, adam.state().get(name).toFloatArray()));
      gradient(groups.get(0), -.2);
      gradient(others.get(0), -.2);
      step(adam, .9, LR);
      step(other, .9, LR);
      assertEquals(value(groups.get(0)), value(others.get(0)), 0);
      assertArrayEquals(adam.steps(), other.steps());
    }
    assertTrue(value(groups.get(0)) < 1);
  }
}
