package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.DecoderLogits;
import org.ulmfit.nn.EngineFixture;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Masks;
import org.ulmfit.nn.Parameter;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.Torch;
import org.ulmfit.parity.Comparison;
import org.ulmfit.parity.ParityCase;
import org.ulmfit.train.EarlyStopping;
import org.ulmfit.train.Fit;
import org.ulmfit.train.LossRecorder;
import org.ulmfit.train.Trainer;
import org.ulmfit.vocab.TokenStore;

/** The language model against fastai 2's LMLearner. */
@Tag("engine")
@Tag("parity")
class LmParityTest extends EngineFixture {

  private static final double FORWARD = 1e-5;
  private static final double GRADIENT = 1e-4; // of a tensor's largest
  private static final double STEPS = 1e-4;
  private static final int PAD = 1;

  @TempDir Path dir;

  /** The case's weights under our names, none left over. */
  private LanguageModel model(ParityCase c, String prefix, Comparison compared) {
    LanguageModel model =
        new LanguageModel(
            manager,
            kernels,
            new AwdLstmSizes(
                c.number("vocabulary"),
                c.number("embedding"),
                c.number("hidden"),
                c.number("layers"),
                true));
    compared.names(prefix, model.tensors().keySet());
    model.tensors().forEach((name, t) -> Tensors.set(t, c.buffer(prefix + "/" + name)));
    return model;
  }

  private static Map<String, Parameter> named(LanguageModel model) {
    return Comparison.named(model.groups(), n -> (n.startsWith("decoder") ? "1." : "0.") + n);
  }

  @TestFactory
  Stream<DynamicTest> batchesOnACarriedState() {
    return ParityCase.tests("lm", this::batches);
  }

  private void batches(ParityCase c) {
    Comparison compared = new Comparison(c);
    try (LanguageModel model = model(c, "weights", compared)) {
      named(model).values().forEach(p -> p.trainable(true));
      AwdLstm.State state = model.encoder().zeroState(manager, c.number("rows"));
      for (int b = 0; b < c.number("batches"); b++) {
        try (NDManager step = manager.newSubManager()) {
          state = batch(c, b + "/", step, model, state, compared).attach(manager);
        }
      }
    }
    compared.finish();
  }

  /** The state after the batch. */
  private AwdLstm.State batch(
      ParityCase c,
      String at,
      NDManager step,
      LanguageModel model,
      AwdLstm.State state,
      Comparison compared) {
    int rows = c.number("rows");
    long[] x = c.longs(at + "x");
    int time = x.length / rows;
    LmBatch batch = new LmBatch(time, rows, x, c.longs(at + "y"));
    boolean masked = c.fact("masks").booleanValue();
    Masks masks = masked ? masks(c, at, step) : model.encoder().masks(step, Masks.Rates.NONE, rows);
    NDArray outputMask =
        masked ? array(step, c, at + "mask.output") : step.ones(new Shape(1, 1, 1));

    float[] logits = logits(step, model, batch, state, masks, outputMask);
    compared.absolute("logits", FORWARD, c.floats(at + "logits"), logits);
    LmStep.Result result;
    try (GradientCollector collector = Torch.engine().newGradientCollector()) {
      result =
          LmStep.run(
              step,
              collector,
              model,
              model.decoder()::lossAndGradients,
              batch,
              state,
              masks,
              outputMask,
              new LmStep.Regularisation(
                  c.fact("alpha").doubleValue(), c.fact("beta").doubleValue(), true),
              PAD);
    }
    compared.within("loss", FORWARD, Math.abs(c.doubles(at + "loss")[0] - result.loss()), at);
    for (int l = 0; l < c.number("layers"); l++) {
      float[] h = result.state().h().get(l).toFloatArray();
      float[] cell = result.state().c().get(l).toFloatArray();
      compared.absolute("hidden states of all layers", FORWARD, c.floats(at + "h." + l), h);
      compared.absolute("cell states of all layers", FORWARD, c.floats(at + "c." + l), cell);
    }
    gradients(c, at, step, model, compared);
    return result.state();
  }

  private static float[] logits(
      NDManager step,
      LanguageModel model,
      LmBatch batch,
      AwdLstm.State state,
      Masks masks,
      NDArray outputMask) {
    NDArray ids = step.create(batch.x(), new Shape(batch.time(), batch.rows()));
    NDArray words = model.encoder().lookup(step, ids, masks).x(); // (time, batch, emb)
    return Kernels.withoutRecording(
        () -> {
          NDArray top = model.encoder().forward(step, words, state, masks).top();
          NDArray dropped = top.mul(outputMask).reshape(new Shape(batch.x().length, -1));
          return DecoderLogits.of(step, model.encoder(), model.decoder(), dropped).toFloatArray();
        });
  }

  /** Compares every gradient and sets it to zero. */
  private static void gradients(
      ParityCase c, String at, NDManager step, LanguageModel model, Comparison compared) {
    Map<String, Parameter> named = named(model);
    compared.names(at + "gradient", named.keySet());
    NDList all = new NDList();
    for (Map.Entry<String, Parameter> p : named.entrySet()) {
      NDArray gradient = p.getValue().gradient(step);
      float[] expected = c.floats(at + "gradient/" + p.getKey());
      compared.relative(
          "every gradient", GRADIENT, at + p.getKey(), expected, gradient.toFloatArray());
      all.add(gradient);
    }
    kernels.callLists(step, "zero", List.of(all));
  }

  private static NDArray array(NDManager step, ParityCase c, String name) {
    return step.create(c.floats(name), new Shape(c.info(name).shape()));
  }

  private static Masks masks(ParityCase c, String at, NDManager step) {
    NDList inputs = new NDList();
    NDList weights = new NDList();
    for (int l = 0; l < c.number("layers"); l++) {
      inputs.add(array(step, c, at + "mask.input." + l));
      weights.add(array(step, c, at + "mask.weight." + l));
    }
    return new Masks(array(step, c, at + "mask.rows"), inputs, weights);
  }

  @TestFactory
  Stream<DynamicTest> trainingSteps() {
    return ParityCase.tests("lm-steps", this::steps);
  }

  private void steps(ParityCase c) {
    Comparison compared = new Comparison(c);
    Recipe recipe = recipe(c);
    try (TokenStore store = c.store(dir, null);
        LanguageModel model = model(c, "start", compared)) {
      LmBatches batches = LmBatches.open(store, LmBatches.Config.training(recipe, false), 1, 0, 0);
      int perEpoch = batches.batches();
      for (int i = 0; i < c.number("steps"); i++) {
        if (i % perEpoch == 0) {
          batches = LmBatches.open(store, LmBatches.Config.training(recipe, false), 1, 0, i);
        }
        assertArrayEquals(c.longs("x." + i), batches.next().x(), "batch " + i);
      }
      assertFalse(batches.hasNext());
      compared.all("batches with the same tokens", c.number("steps"), c.number("steps"));
      LossRecorder listener = new LossRecorder();
      LmTask task = new LmTask(model, store, store, recipe, false, PAD);
      new Trainer(
              task,
              new Fit(recipe.lm().stages(), recipe.lm().optimizer(), 0, 1),
              null,
              EarlyStopping.NONE,
              listener,
              new Stop())
          .run(false);
      compared.losses("losses of all steps", STEPS, c.doubles("losses"), listener.losses());
      String what = "parameters after " + listener.losses().size() + " steps";
      model
          .tensors()
          .forEach(
              (name, t) ->
                  compared.absolute(what, STEPS, c.floats("end/" + name), t.toFloatArray()));
    }
    compared.finish();
  }

  private static Recipe recipe(ParityCase c) {
    List<String> settings = new ArrayList<>(c.training("lm"));
    settings.addAll(
        List.of(
            "lm.batchSize=" + c.fact("rows"),
            "lm.bptt=" + c.fact("bptt"),
            "lm.window=fixed",
            "lm.shuffle=false",
            "lm.dropMult=0",
            "lm.alpha=" + c.fact("alpha"),
            "lm.beta=" + c.fact("beta"),
            "lm.regularise=dropped",
            "lm.softmax=full"));
    return Recipes.parse("{}", c.name(), settings);
  }
}
