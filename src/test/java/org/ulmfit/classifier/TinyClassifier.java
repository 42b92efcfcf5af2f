package org.ulmfit.classifier;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Torch;
import org.ulmfit.train.LossRecorder;
import org.ulmfit.train.RunStates;
import org.ulmfit.train.RunStates.Computed;
import org.ulmfit.run.RunLog;
import org.ulmfit.train.Trainer;
import org.ulmfit.train.TrainingListener;
import org.ulmfit.vocab.TokenStore;

/** A classifier of a few hundred weights and documents whose label is in their words. */
final class TinyClassifier {

  static final int VOCABULARY = 30;
  static final int PAD = 1;
  static final List<String> LABELS = List.of("neg", "pos");

  private TinyClassifier() {}

  static String phase(int freezeTo, double epochs) {
    return String.format(
        Locale.ROOT,
        "{freezeTo: %d, epochs: %s, rates: {lr: 2.0e-2, factor: 1.3}, schedule: {kind: constant}}",
        freezeTo,
        epochs);
  }

  /** Gradual unfreezing in three phases of one epoch, then two epochs of everything. */
  static Recipe recipe(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "model.embeddingSize=6",
                "model.hiddenSize=8",
                "classifier.batchSize=6",
                "classifier.bptt=5",
                "classifier.maxLength=15",
                "classifier.headSize=7",
                "classifier.headBias=true",
                "checkpoint.everyMinutes=0",
                "classifier.stages=["
                    + String.join(", ", phase(-1, 1), phase(-2, 1), phase(-3, 1), phase(0, 2))
                    + "]"));
    all.addAll(List.of(overrides));
    return Recipes.parse("{}", "test", all);
  }

  /** Words 2 to 9 speak for label 0, 10 to 17 for label 1, the rest for nothing. */
  static TokenStore store(Path file, int documents, long seed) {
    Random random = new Random(seed);
    try (TokenStore.Writer writer = new TokenStore.Writer(file)) {
      for (int doc = 0; doc < documents; doc++) {
        int label = doc % 2;
        int[] ids = new int[3 + random.nextInt(20)];
        for (int i = 0; i < ids.length; i++) {
          boolean telling = random.nextInt(3) == 0;
          ids[i] = telling ? 2 + 8 * label + random.nextInt(8) : 18 + random.nextInt(12);
        }
        writer.append("doc" + doc, label, ids);
      }
      writer.finish();
    }
    return TokenStore.open(file);
  }

  static ModelConfig config(Recipe recipe) {
    Recipe.Model m = recipe.model();
    Recipe.Classifier c = recipe.classifier();
    return new ModelConfig(
        "classifier",
        "forward",
        1,
        new ModelConfig.Architecture(
            VOCABULARY, m.embeddingSize(), m.hiddenSize(), m.layers(), m.decoderBias()),
        recipe.text(),
        new ModelConfig.Head(
            LABELS.size(), c.headSize(), c.headBias(), c.encoder(), c.bptt(), c.maxLength()));
  }

  static Classifier model(NDManager manager, Kernels kernels, Recipe recipe) {
    Recipe.Classifier c = recipe.classifier();
    double first = c.dropout().output() * c.dropMult();
    return new Classifier(manager, kernels, config(recipe), PAD, first, c.headDropout());
  }

  /** What a run leaves: all tensors, running statistics included, bit for bit. */
  record Outcome(List<float[]> tensors, List<TrainingListener.Epoch> epochs, List<Double> losses) {}

  /** One run of the trainer. */
  static final class Run {
    private final Recipe recipe;
    private final TokenStore train;
    private final TokenStore valid;
    private Path checkpoints;
    private Path log;
    private boolean resume;
    private long modelSeed = 1;
    private long stopAfter = -1;
    private Consumer<Classifier> everyStep = model -> {};

    Run(Recipe recipe, TokenStore train, TokenStore valid) {
      this.recipe = recipe;
      this.train = train;
      this.valid = valid;
    }

    Run modelSeed(long seed) {
      modelSeed = seed;
      return this;
    }

    Run stopAfter(Path dir, long steps) {
      checkpoints = dir;
      stopAfter = steps;
      return this;
    }

    /** Where the run writes its log; none without. */
    Run log(Path file) {
      log = file;
      return this;
    }

    Run resume(Path dir) {
      checkpoints = dir;
      resume = true;
      return this;
    }

    Run everyStep(Consumer<Classifier> action) {
      everyStep = action;
      return this;
    }

    Outcome go() {
      try (NDManager manager = NDManager.newBaseManager(Device.cpu());
          Kernels kernels = Kernels.load(Device.cpu(), Kernels.Arithmetic.FLOAT32)) {
        Torch.seed(modelSeed);
        try (Classifier model = model(manager, kernels, recipe)) {
          return train(model);
        }
      }
    }

    private RunLog log(RunStates saved, TrainingListener next) {
      return log == null ? null : new RunLog(log, resume ? saved.step() : -1, next);
    }

    private Outcome train(Classifier model) {
      Trainer[] trainer = new Trainer[1];
      LossRecorder listener =
          new LossRecorder() {
            @Override
            public void step(Step step) {
              super.step(step);
              everyStep.accept(model);
              if (step.globalStep() == stopAfter) {
                trainer[0].requestStop();
              }
            }
          };
      RunStates saved =
          checkpoints == null
              ? null
              : new RunStates(
                  checkpoints, recipe.checkpoint(), "test", Computed.by(model.kernels()), listener);
      try (RunLog log = log(saved, listener)) {
        TrainingListener events = log == null ? listener : log;
        trainer[0] =
            new Trainer(
                new ClassifierTask(model, train, valid, LABELS, recipe, events::note),
                recipe.classifier().stages(),
                recipe.classifier().optimizer(),
                recipe.seed(),
                saved,
                events);
        List<TrainingListener.Epoch> epochs = trainer[0].run(resume);
        return new Outcome(tensors(model), epochs, listener.losses());
      }
    }
  }

  static List<float[]> tensors(Classifier model) {
    return model.tensors().values().stream().map(a -> a.toFloatArray()).toList();
  }
}
