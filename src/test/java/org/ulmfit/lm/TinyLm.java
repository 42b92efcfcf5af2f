package org.ulmfit.lm;

import org.ulmfit.model.ModelConfig;
import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Torch;
import org.ulmfit.train.LossRecorder;
import org.ulmfit.train.RunStates;
import org.ulmfit.train.RunStates.Computed;
import org.ulmfit.run.RunLog;
import org.ulmfit.train.Trainer;
import org.ulmfit.train.TrainingListener;
import org.ulmfit.vocab.TokenStore;

/** A language model of a few hundred weights on text of fifty words that it can learn. */
public final class TinyLm {

  public static final int VOCABULARY = 50;
  public static final int PAD = 1;

  private static final String PHASE =
      "{freezeTo: %d, epochs: %s, rates: {lr: 1.0e-2, factor: 1.3},"
          + " schedule: {kind: one-cycle, div: 25, divFinal: 1.0e+5, pctStart: 0.25,"
          + " moms: [0.8, 0.7, 0.8]}}";

  private TinyLm() {}

  public static String phase(int freezeTo, double epochs) {
    return String.format(java.util.Locale.ROOT, PHASE, freezeTo, epochs);
  }

  /** Two phases of one and two epochs; {@code overrides} as for {@code --set}. */
  public static Recipe recipe(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "model.embeddingSize=8",
                "model.hiddenSize=12",
                "lm.batchSize=4",
                "lm.bptt=12",
                "lm.softmax=full",
                "checkpoint.everyMinutes=0",
                "lm.stages=[" + phase(-1, 1) + ", " + phase(0, 2) + "]"));
    all.addAll(List.of(overrides));
    return Recipes.parse("{}", "test", all);
  }

  /** Documents in which each word mostly decides the next one. */
  public static TokenStore store(Path file, int documents, long seed) {
    Random random = new Random(seed);
    try (TokenStore.Writer writer = new TokenStore.Writer(file)) {
      for (int doc = 0; doc < documents; doc++) {
        int[] ids = new int[10 + random.nextInt(20)];
        int word = 2 + random.nextInt(VOCABULARY - 2);
        for (int i = 0; i < ids.length; i++) {
          ids[i] = word;
          int next = random.nextInt(8) == 0 ? random.nextInt(VOCABULARY) : word * 7 + 3;
          word = 2 + next % (VOCABULARY - 2);
        }
        writer.append("doc" + doc, -1, ids);
      }
      writer.finish();
    }
    return TokenStore.open(file);
  }

  /** What a run leaves: its parameters bit for bit, and its epochs. */
  public record Outcome(
      List<float[]> parameters, List<TrainingListener.Epoch> epochs, List<Double> losses) {}

  /** One run of the trainer. */
  public static final class Run {
    private final Recipe recipe;
    private final TokenStore train;
    private final TokenStore valid;
    private Kernels.Arithmetic arithmetic = Kernels.Arithmetic.FLOAT32;
    private Path checkpoints;
    private Path log;
    private boolean resume;
    private long modelSeed = 1;
    private long stopAfter = -1;
    private boolean backward;
    private Consumer<LanguageModel> prepare = model -> {};
    private Consumer<LanguageModel> everyStep = model -> {};

    public Run(Recipe recipe, TokenStore train, TokenStore valid) {
      this.recipe = recipe;
      this.train = train;
      this.valid = valid;
    }

    public Run arithmetic(Kernels.Arithmetic value) {
      arithmetic = value;
      return this;
    }

    public Run modelSeed(long seed) {
      modelSeed = seed;
      return this;
    }

    public Run backward() {
      backward = true;
      return this;
    }

    /** Checkpoints go there; a stop is asked for after this many steps of the run. */
    public Run stopAfter(Path dir, long steps) {
      checkpoints = dir;
      stopAfter = steps;
      return this;
    }

    /** Where the run writes its log; none without. */
    public Run log(Path file) {
      log = file;
      return this;
    }

    public Run resume(Path dir) {
      checkpoints = dir;
      resume = true;
      return this;
    }

    public Run prepare(Consumer<LanguageModel> action) {
      prepare = action;
      return this;
    }

    public Run everyStep(Consumer<LanguageModel> action) {
      everyStep = action;
      return this;
    }

    public Outcome go() {
      Recipe.Model m = recipe.model();
      try (NDManager manager = NDManager.newBaseManager(Device.cpu());
          Kernels kernels = Kernels.load(Device.cpu(), arithmetic)) {
        Torch.seed(modelSeed);
        ModelConfig.Architecture sizes =
            new ModelConfig.Architecture(
                VOCABULARY, m.embeddingSize(), m.hiddenSize(), m.layers(), m.decoderBias());
        try (LanguageModel model = new LanguageModel(manager, kernels, sizes)) {
          prepare.accept(model);
          return train(model);
        }
      }
    }

    private RunLog log(RunStates saved, TrainingListener next) {
      return log == null ? null : new RunLog(log, resume ? saved.step() : -1, next);
    }

    private Outcome train(LanguageModel model) {
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
        LmTask task = new LmTask(model, train, valid, recipe, backward, PAD);
        trainer[0] =
            new Trainer(
                task, recipe.lm().stages(), recipe.lm().optimizer(), recipe.seed(), saved, events);
        List<TrainingListener.Epoch> epochs = trainer[0].run(resume);
        trainer[0].outcome();
        return new Outcome(parameters(model), epochs, listener.losses());
      }
    }
  }

  /** Every tensor's bits, in order. */
  public static List<float[]> parameters(LanguageModel model) {
    return model.tensors().values().stream().map(a -> a.toFloatArray()).toList();
  }
}
