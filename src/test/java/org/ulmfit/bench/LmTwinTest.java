package org.ulmfit.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.lm.LanguageModel;
import org.ulmfit.lm.LmBatches;
import org.ulmfit.lm.LmTask;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Masks;
import org.ulmfit.nn.Torch;
import org.ulmfit.train.EarlyStopping;
import org.ulmfit.train.Fit;
import org.ulmfit.train.Trainer;
import org.ulmfit.train.TrainingListener;
import org.ulmfit.vocab.TokenStore;

/** Our step against the same step in plain DJL: it computes the same. */
@Tag("engine")
class LmTwinTest {

  private static final double RATE = 1e-3;

  @TempDir Path dir;

  /** Without dropout, whole training runs agree: losses of every step and the final embedding. */
  @Test
  @Tag("parity")
  void trainsLikeItsTwin() {
    LmStepBench.Size size = new LmStepBench.Size(60, 12, 20, 5, 9, 12, "fp32");
    Recipe recipe =
        Recipes.parse(Recipes.toYaml(LmStepBench.recipe(size)), "bench", List.of("lm.dropMult=0"));
    try (TokenStore store = LmStepBench.store(dir.resolve("t.tokens"), size, size.steps());
        NDManager manager = NDManager.newBaseManager(Device.cpu());
        Kernels kernels = Kernels.load(Device.cpu(), Kernels.Arithmetic.FLOAT32)) {
      Torch.seed(1);
      try (LanguageModel model =
              new LanguageModel(manager, kernels, LmStepBench.architecture(size));
          LmTwin twin = twin(manager, model, recipe)) {
        List<Double> ours = new ArrayList<>();
        TrainingListener listener =
            new TrainingListener() {
              @Override
              public void step(Step step) {
                ours.add(step.loss());
              }
            };
        Recipe.LanguageModel lm = recipe.lm();
        LmTask task = new LmTask(model, store, store, recipe, false, 1);
        new Trainer(
                task,
                new Fit(lm.stages(), fixedMomentum(lm), 0, 1),
                null,
                EarlyStopping.NONE,
                listener,
                new Stop())
            .run(false);
        LmBatches batches =
            LmBatches.open(store, LmBatches.Config.training(recipe, false), 1, 0, 0);
        int steps = 0;
        while (batches.hasNext()) {
          assertEquals(twin.step(batches.next()), ours.get(steps), 2e-5, "step " + steps);
          steps++;
        }
        assertEquals(size.steps(), steps);
        assertNotEquals(ours.get(0), ours.get(steps - 1));
        assertAlike(twin.embedding(), model.encoder().embedding().value().toFloatArray());
      }
    }
  }

  /** Adam makes steps of lr out of gradients that are all rounding, so a few elements differ. */
  private static void assertAlike(float[] twin, float[] ours) {
    double sum = 0;
    for (int i = 0; i < ours.length; i++) {
      sum += Math.abs(twin[i] - ours[i]);
      assertEquals(twin[i], ours[i], RATE / 2);
    }
    assertTrue(sum / ours.length < RATE / 2000, "mean difference " + sum / ours.length);
  }

  /** DJL adds epsilon before the bias correction. */
  private static Recipe.Optimizer fixedMomentum(Recipe.LanguageModel lm) {
    return new Recipe.Optimizer(
        .9,
        .99,
        1e-7,
        Recipe.EpsilonMode.BEFORE_CORRECTION,
        0,
        Recipe.Decay.DECOUPLED,
        true,
        lm.optimizer().clip());
  }

  private static LmTwin twin(NDManager manager, LanguageModel model, Recipe recipe) {
    Recipe.LanguageModel lm = recipe.lm();
    return new LmTwin(
        manager, model, Masks.Rates.NONE, lm.alpha(), lm.beta(), lm.optimizer().clip(), RATE);
  }
}
