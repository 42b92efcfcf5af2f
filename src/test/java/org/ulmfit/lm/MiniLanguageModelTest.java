package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ulmfit.config.Recipe;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.DecoderLogits;
import org.ulmfit.nn.Golden;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.nn.Masks;
import org.ulmfit.nn.Parameter;
import org.ulmfit.nn.RecordingMode;
import org.ulmfit.nn.TiedDecoder;
import org.ulmfit.train.Adam;

/** Golden section 7: a miniature AWD-LSTM language model, end to end, with fixed masks. */
@Tag("engine")
@Tag("parity")
class MiniLanguageModelTest {

  private static final long[] X = {2, 3, 4, 0, 5, 2, 3, 4}; // (4, 2)
  private static final long[] Y = {4, 0, 5, 2, 3, 4, 0, 1}; // (4, 2)
  private static final float FORWARD = 1e-5f;

  private static Kernels kernels;
  private NDManager manager;
  private LanguageModel model;

  @BeforeAll
  static void load() {
    kernels = Kernels.load(Device.cpu(), Kernels.Arithmetic.FLOAT32);
  }

  @AfterAll
  static void unload() {
    kernels.close();
  }

  @BeforeEach
  void build() {
    manager = NDManager.newBaseManager(Device.cpu());
    model = model(false);
  }

  private LanguageModel model(boolean bias) {
    LanguageModel m = new LanguageModel(manager, kernels, new AwdLstmSizes(6, 2, 3, 3, bias));
    Golden.fill(m.encoder());
    if (bias) {
      Golden.set(m.decoder().bias(), 0.1, 3);
    }
    return m;
  }

  @AfterEach
  void close() {
    model.close();
    manager.close();
  }

  private AwdLstm.Output evaluate(AwdLstm.State state) {
    return model.encoder().evaluate(manager, manager.create(X, new Shape(4, 2)), state);
  }

  private static double loss(LanguageModel m, NDManager manager, NDArray top) {
    TiedDecoder.Score score =
        m.decoder().score(manager, top.reshape(new Shape(8, 2)), manager.create(Y));
    return score.lossSum() / score.rows();
  }

  @Test
  void evaluation() {
    AwdLstm.Output out = evaluate(model.encoder().zeroState(manager, 2));
    float[] top = {
      0.0714519059f, 0.0419319569f, 0.0571847745f, 0.0748423604f,
      0.126398708f, -0.00458674765f, 0.123896031f, 0.0654820848f,
      0.145544701f, -0.0864828503f, 0.141393396f, -0.00457979335f,
      0.141582243f, -0.0608688159f, 0.158119907f, -0.0789192529f
    };
    assertArrayEquals(top, out.top().toFloatArray(), FORWARD);
    NDArray h = out.top().reshape(new Shape(8, 2));
    NDArray logits = DecoderLogits.of(manager, model.encoder(), model.decoder(), h);
    float[] first = {
      -0.048003526f, -0.0843335071f, 0.0177119695f, 0.119757446f, -0.0139883671f, -0.0503183482f
    };
    assertArrayEquals(first, logits.get(0).toFloatArray(), FORWARD);
    float[] last = {
      -0.260771216f, 0.0709429072f, 0.142223496f, 0.213504084f, -0.23701102f, 0.0947031034f
    };
    assertArrayEquals(last, logits.get(7).toFloatArray(), FORWARD);
    TiedDecoder.Score score =
        model.decoder().score(manager, out.top().reshape(new Shape(8, 2)), manager.create(Y));
    assertEquals(1.804231727, score.lossSum() / 8, 1e-5);
    assertEquals(0.125, score.hits() / 8.0);
    float[] h0 = {
      0.175617753f, -0.655611773f, -0.0902653733f, -0.168690066f, -0.13962321f, -0.0597218685f
    };
    assertArrayEquals(h0, out.state().h().get(0).toFloatArray(), FORWARD);
    float[] c2 = {0.429677758f, -0.11234911f, 0.487427811f, -0.15113677f};
    assertArrayEquals(c2, out.state().c().get(2).toFloatArray(), FORWARD);
    AwdLstm.Output second = evaluate(out.state());
    assertEquals(1.860016776, loss(model, manager, second.top()), 1e-5);
  }

  @Test
  void decoderBias() {
    try (LanguageModel biased = model(true)) {
      AwdLstm.Output out = evaluate(model.encoder().zeroState(manager, 2));
      assertEquals(1.829726933, loss(biased, manager, out.top()), 1e-5);
    }
  }

  private NDArray keep(double p, Shape shape, int... keep) {
    float[] mask = new float[keep.length];
    for (int i = 0; i < keep.length; i++) {
      mask[i] = (float) (keep[i] / (1 - p));
    }
    return manager.create(mask, shape);
  }

  private NDArray weightMask(int layer, int out) {
    float[] p = Golden.pattern(4 * out * out, 1, 3 + layer);
    int[] keep = new int[p.length];
    for (int i = 0; i < p.length; i++) {
      keep[i] = p[i] > -3 ? 1 : 0;
    }
    return keep(.2, new Shape(4L * out, out), keep);
  }

  private Masks masks() {
    return new Masks(
        keep(.2, new Shape(6, 1), 1, 1, 0, 1, 1, 1),
        new NDList(
            keep(.25, new Shape(1, 2, 2), 1, 0, 1, 1),
            keep(.15, new Shape(1, 2, 3), 1, 1, 0, 1, 0, 1),
            keep(.15, new Shape(1, 2, 3), 0, 1, 1, 1, 1, 1)),
        new NDList(weightMask(0, 3), weightMask(1, 3), weightMask(2, 2)));
  }

  private LmStep.Result train(LmStep.Regularisation regularisation) {
    for (LayerGroup group : model.groups()) {
      group.parameters().forEach(p -> p.trainable(true));
    }
    try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
      return LmStep.run(
          manager,
          collector,
          model,
          model.decoder()::lossAndGradients,
          new LmBatch(4, 2, X, Y),
          model.encoder().zeroState(manager, 2),
          masks(),
          keep(.1, new Shape(1, 2, 2), 1, 1, 0, 1),
          regularisation,
          1);
    }
  }

  @Test
  void aStepThatFailsLeavesTheThreadRecordingAsBefore() {
    NDArray wrong = keep(.1, new Shape(1, 2, 3), 1, 1, 0, 1, 1, 1);
    RecordingMode.outlives(
        () ->
            LmStep.run(
                manager,
                null, // never reached
                model,
                model.decoder()::lossAndGradients,
                new LmBatch(4, 2, X, Y),
                model.encoder().zeroState(manager, 2),
                masks(),
                wrong,
                new LmStep.Regularisation(2, 1, false),
                1));
  }

  private double norm() {
    Recipe.Optimizer form =
        new Recipe.Optimizer(
            .8, .99, 1e-8, Recipe.EpsilonMode.AFTER_CORRECTION, 0, Recipe.Decay.COUPLED, true, 0);
    try (Adam adam = new Adam(manager, kernels, model.groups(), form)) {
      return adam.norm(manager);
    }
  }

  @Test
  void trainingWithFixedMasks() {
    LmStep.Result result = train(new LmStep.Regularisation(2, 1, false));
    assertEquals(1.770163175, result.loss(), 1e-5);
    assertEquals(0.03577578553, result.ar().getFloat(), 1e-6);
    assertEquals(0.003943098589, result.tar().getFloat(), 1e-6);
    assertEquals(0.31529043, norm(), 1e-5);
    float[] embedding = {
      -0.0107763178f, -0.00967824043f, 0.00997543343f, 0.0257039493f, 0.0126792031f,
      0.00198018066f, 0.00771845132f, -0.0320241908f, 0.0142419975f, 0.00849814687f,
      -0.00221537667f, -0.0185142497f
    };
    assertArrayEquals(embedding, gradient(model.encoder().embedding()), 2e-6f);
    float[] wHh0 = gradient(model.encoder().layer(0).get(1));
    assertArrayEquals(
        new float[] {0.000133680957f, -2.01334264e-05f, 0.000145511166f},
        List.of(0, 1, 2).stream()
            .collect(() -> new float[3], (a, i) -> a[i] = wHh0[i], (a, b) -> {}),
        1e-6f);
    float[] wIh1 = gradient(model.encoder().layer(1).get(0));
    assertEquals(0.000143090604, wIh1[15], 1e-6);
    assertEquals(7.87361509e-05, wIh1[16], 1e-6);
    float[] bIh2 = {
      0.0402402504f,
      0.00605061648f,
      0.0186812817f,
      -0.00462670477f,
      0.170023953f,
      -0.0867776162f,
      0.0539053503f,
      0.00606439481f
    };
    assertArrayEquals(bIh2, gradient(model.encoder().layer(2).get(2)), 1e-5f);
  }

  private float[] gradient(Parameter parameter) {
    return parameter.gradient(manager).toFloatArray();
  }

  /**
   * Golden section 7.3: Adam's first moment after one step is (1 - beta1) times what it was fed.
   */
  @Test
  void clippingScalesTheWholeGradient() {
    var golden = org.ulmfit.Golden.numeric("mini_lm", "clip");
    float[] unclipped = firstMoment(0);
    float[] clipped = firstMoment(golden.get("max_norm").doubleValue());
    double[] row4 = org.ulmfit.Golden.doubles(golden.get("emb_row4_clipped"));
    assertEquals(row4[0], clipped[8] / .2, 2e-6);
    assertEquals(row4[1], clipped[9] / .2, 2e-6);
    assertEquals(golden.get("coef").doubleValue(), clipped[8] / unclipped[8], 1e-5);
    assertArrayEquals(unclipped, firstMoment(1), 0); // the norm is below 1
  }

  /** The embedding's first moment after one step with beta1 0.8, (6, 2). */
  private float[] firstMoment(double clip) {
    Golden.fill(model.encoder());
    train(new LmStep.Regularisation(2, 1, false));
    Recipe.Optimizer form =
        new Recipe.Optimizer(
            .8,
            .99,
            1e-8,
            Recipe.EpsilonMode.AFTER_CORRECTION,
            0,
            Recipe.Decay.COUPLED,
            true,
            clip);
    try (Adam adam = new Adam(manager, kernels, model.groups(), form)) {
      adam.step(manager, new double[] {1e-3, 1e-3, 1e-3, 1e-3}, .8, adam.norm(manager));
      return adam.state().get("adam.m.encoder.weight").toFloatArray();
    }
  }

  @Test
  void fastai2RegularisesTheDroppedOutput() {
    LmStep.Result result = train(new LmStep.Regularisation(2, 1, true));
    assertEquals(0.02645860348, result.ar().getFloat(), 1e-6);
    assertEquals(0.3055721853, norm(), 1e-5);
  }

  @Test
  void alphaAndBetaChangeTheGradient() {
    train(new LmStep.Regularisation(0, 0, false));
    double without = norm();
    assertEquals(true, Math.abs(without - 0.31529043) > 1e-3, "AR and TAR have no effect");
  }
}
