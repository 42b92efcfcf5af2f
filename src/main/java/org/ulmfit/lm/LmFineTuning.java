package org.ulmfit.lm;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.TiedDecoder;
import org.ulmfit.nn.Torch;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.prepare.PreparedLm;
import org.ulmfit.train.MemoryEstimate;
import org.ulmfit.train.Metrics;
import org.ulmfit.train.Plan;
import org.ulmfit.train.RunCheckpoints;
import org.ulmfit.train.RunCheckpoints.Computed;
import org.ulmfit.train.RunFolder;
import org.ulmfit.train.RunLog;
import org.ulmfit.train.Seeds;
import org.ulmfit.train.Task;
import org.ulmfit.train.Trainer;
import org.ulmfit.train.TrainingListener;
import org.ulmfit.vocab.Vocab;

/** Stage 2: prepares the corpus, loads and remaps pretrained weights, fine-tunes, saves. */
public final class LmFineTuning {

  private static final String LOWER = "lm.batchSize or lm.bptt";
  private static final double FLOATS_A_UNIT = 10.6; // measured

  private LmFineTuning() {}

  /**
   * @param before validation before training; null when starting from scratch
   * @param after validation of the model that was saved
   */
  public record Result(
      Path model,
      Path encoder,
      Task.Evaluation before,
      Task.Evaluation after,
      List<TrainingListener.Epoch> epochs) {}

  /** Prepares the data and says what {@link #run} would train, without training. */
  public static Plan plan(LmJob job, TrainingListener listener) {
    Pretrained pretrained = pretrained(job);
    Recipe recipe = effective(job, pretrained);
    try (ScratchFolder scratch = ScratchFolder.make();
        PreparedLm data = prepare(job, recipe, pretrained, scratch.path(), listener);
        NDManager manager = NDManager.newBaseManager(Device.cpu());
        Kernels kernels = Kernels.load(Device.cpu(), Kernels.Arithmetic.FLOAT32);
        LanguageModel model =
            new LanguageModel(manager, kernels, architecture(recipe, pretrained, data))) {
      return new Plan(lines(DataChoices.settle(recipe, data), data, model, job));
    }
  }

  private static List<String> lines(
      Recipe recipe, PreparedLm data, LanguageModel model, LmJob job) {
    List<String> lines = new ArrayList<>();
    lines.add("train: " + data.train().description());
    lines.add("valid: " + data.valid().description());
    lines.add("vocabulary: " + data.vocab().size());
    lines.addAll(DataChoices.lines(job, recipe, data));
    lines.addAll(Plan.parameters(model.groups()));
    int perEpoch =
        LmBatches.Config.training(recipe, job.backwards()).batches(data.train().tokens());
    lines.addAll(Plan.stages(recipe.lm().stages(), perEpoch));
    Device device = Torch.device(job.device());
    MemoryEstimate memory =
        memory(recipe, model, Precision.of(recipe.precision().name(), device).arithmetic());
    lines.add(memory.line());
    memory.warning(device, LOWER).ifPresent(lines::add);
    return lines;
  }

  private static MemoryEstimate memory(
      Recipe recipe, LanguageModel model, Kernels.Arithmetic arithmetic) {
    AwdLstm.Sizes sizes = model.encoder().sizes();
    long tokens = (long) recipe.lm().batchSize() * recipe.lm().bptt();
    long rows = Math.min(tokens, TiedDecoder.chunkRows(arithmetic, sizes.vocabulary()));
    int bytes = arithmetic == Kernels.Arithmetic.FLOAT32 ? 3 * Float.BYTES : Short.BYTES;
    return MemoryEstimate.of(
        model.groups(),
        model.encoder().activationBytes(tokens, FLOATS_A_UNIT),
        rows * sizes.vocabulary() * bytes);
  }

  /**
   * Runs stage 2.
   *
   * @throws UlmfitException usage, bad data, bad model, or interrupted after a stop request
   */
  public static Result run(LmJob job, TrainingListener listener) {
    return run(job, listener, result -> {});
  }

  /**
   * As {@link #run(LmJob, TrainingListener)}.
   *
   * @param ended gets the result before the checkpoints are removed: a run that ends in it can be
   *     resumed, and comes to it again
   */
  public static Result run(LmJob job, TrainingListener listener, Consumer<Result> ended) {
    Pretrained pretrained = pretrained(job);
    Recipe asked = effective(job, pretrained);
    try (RunFolder run = RunFolder.open(job.out(), job.resume(), job.overwrite())) {
      run.checkUnfinished("lm");
      run.checkOutside(job.corpus(), "corpus");
      if (pretrained != null) {
        run.checkOutside(job.pretrained(), "model");
      }
      return run(job, asked, run, pretrained, listener, ended);
    }
  }

  private static Result run(
      LmJob job,
      Recipe asked,
      RunFolder run,
      Pretrained pretrained,
      TrainingListener listener,
      Consumer<Result> ended) {
    Device device = Torch.device(job.device());
    Precision precision =
        RunCheckpoints.precision(run.checkpoints(), job.resume(), asked.precision(), device);
    var begun = run.begin(asked, preparation(job, pretrained, listener));
    Recipe recipe = begun.recipe();
    try (PreparedLm data = begun.data();
        NDManager manager = NDManager.newBaseManager(device);
        Kernels kernels = Kernels.load(device, precision.arithmetic())) {
      Torch.seed(Seeds.of(recipe.seed(), -1)); // initial weights
      try (LanguageModel model =
          new LanguageModel(manager, kernels, architecture(recipe, pretrained, data))) {
        Result result = train(job, recipe, run, precision, pretrained, data, model, listener);
        return run.end(result, ended);
      }
    }
  }

  private static RunFolder.Preparation<PreparedLm> preparation(
      LmJob job, Pretrained pretrained, TrainingListener listener) {
    return new RunFolder.Preparation<>() {
      @Override
      public PreparedLm prepare(Recipe recipe, Path dir) {
        return LmFineTuning.prepare(job, recipe, pretrained, dir, listener);
      }

      @Override
      public Recipe settle(Recipe recipe, PreparedLm data) {
        return DataChoices.settle(recipe, data);
      }
    };
  }

  private static PreparedLm prepare(
      LmJob job, Recipe recipe, Pretrained pretrained, Path dir, TrainingListener listener) {
    Vocab words = pretrained == null ? null : pretrained.vocab();
    return Prepare.languageModel(
        job.corpus(), job.options(), recipe, words, dir, job.limit(), listener::note);
  }

  private static Pretrained pretrained(LmJob job) {
    if (job.pretrained() == null) {
      return null;
    }
    Pretrained pretrained = Pretrained.open(job.pretrained(), "lm");
    if (pretrained.config().backward() != job.backwards()) {
      throw UlmfitException.usage(
          job.pretrained()
              + ": is a "
              + pretrained.config().direction()
              + " model; "
              + (job.backwards() ? "leave out --backwards" : "add --backwards")
              + " or give one of the other direction");
    }
    return pretrained;
  }

  /** The recipe with what the pretrained model decides: text profile and sizes. */
  private static Recipe effective(LmJob job, Pretrained pretrained) {
    Recipe r = job.recipe();
    if (pretrained == null) {
      return r;
    }
    ModelConfig config = pretrained.config();
    ModelConfig.Architecture a = config.architecture();
    Recipe.Text text = ModelSettings.text(r.text(), config.text(), pretrained.path());
    Recipe.Model model =
        new Recipe.Model(a.embeddingSize(), a.hiddenSize(), a.layers(), a.decoderBias());
    return r.with(text, model);
  }

  private static ModelConfig.Architecture architecture(
      Recipe recipe, Pretrained pretrained, PreparedLm data) {
    Recipe.Model m = recipe.model();
    return new ModelConfig.Architecture(
        data.vocab().size(), m.embeddingSize(), m.hiddenSize(), m.layers(), m.decoderBias());
  }

  private static Result train(
      LmJob job,
      Recipe recipe,
      RunFolder run,
      Precision precision,
      Pretrained pretrained,
      PreparedLm data,
      LanguageModel model,
      TrainingListener listener) {
    LmTask task =
        new LmTask(
            model, data.train(), data.valid(), recipe, job.backwards(), data.vocab().padId());
    String fingerprint =
        RunCheckpoints.fingerprint(
            Recipes.toYaml(recipe), data.vocab().sha256(), data.train().tokens());
    RunCheckpoints checkpoints =
        new RunCheckpoints(
            run.checkpoints(),
            recipe.checkpoint(),
            fingerprint,
            Computed.by(model.kernels()),
            listener);
    try (RunLog log = new RunLog(run.log(), job.resume() ? checkpoints.step() : -1, listener)) {
      data.summary().remarks().forEach(log::record);
      log.note(precision.line());
      if (job.resume()) {
        checkpoints.elsewhere().ifPresent(log::note);
      }
      DataChoices.lines(job, recipe, data).forEach(log::note);
      memory(recipe, model, model.kernels().arithmetic())
          .warning(model.manager().getDevice(), LOWER)
          .ifPresent(listener::note);
      Task.Evaluation before = null;
      if (pretrained == null && recipe.lm().startBias().equals("unigram")) {
        model.startBias(data.train().counts(data.vocab().size()));
      }
      if (pretrained != null) {
        long[] counts = data.train().counts(data.vocab().size());
        pretrained.copyInto(
            model.encoder(), model.decoder(), data.vocab(), recipe.remap(), counts, log::note);
        before = task.validate();
        log.note(
            String.format(
                Locale.ROOT,
                "before fine-tuning: loss %.4f, perplexity %.2f",
                before.loss(),
                Metrics.perplexity(before.loss())));
      }
      Trainer trainer =
          new Trainer(
              task, recipe.lm().stages(), recipe.lm().optimizer(), recipe.seed(), checkpoints, log);
      List<TrainingListener.Epoch> epochs = trainer.run(job.resume());
      Task.Evaluation after = trainer.outcome();
      log.saving();
      save(job, recipe, run, data, model, before, after);
      return new Result(run.model("lm"), run.model("encoder"), before, after, epochs);
    }
  }

  private static void save(
      LmJob job,
      Recipe recipe,
      RunFolder run,
      PreparedLm data,
      LanguageModel model,
      Task.Evaluation before,
      Task.Evaluation after) {
    ModelConfig config =
        new ModelConfig(
            "lm",
            job.backwards() ? "backward" : "forward",
            ModelFolder.FORMAT_VERSION,
            model.architecture(),
            recipe.text(),
            null,
            data.summary().columns());
    Map<String, Object> metrics = new LinkedHashMap<>();
    put(metrics, "before", before);
    put(metrics, "after", after);
    Map<String, Object> origin = new LinkedHashMap<>();
    origin.put("corpus", job.corpus().getFileName().toString());
    origin.put("input", data.summary().inputs());
    origin.put("train", data.train().description());
    origin.put("valid", data.valid().description());
    origin.put("unknown words", data.summary().unknownShares());
    origin.put(
        "pretrained", job.pretrained() == null ? "none" : job.pretrained().getFileName() + "");
    ModelWriter writer =
        new ModelWriter(
            config, data.vocab(), recipe, model.kernels().arithmetic(), origin, metrics);
    writer.write(run.model("lm"), model.tensors(), null);
    writer.as("encoder").write(run.model("encoder"), model.encoderTensors(), null);
  }

  private static void put(Map<String, Object> metrics, String name, Task.Evaluation e) {
    if (e != null) {
      metrics.put(name + ".loss", e.loss());
      metrics.put(name + ".perplexity", Metrics.perplexity(e.loss()));
      metrics.put(name + ".accuracy", e.accuracy());
      metrics.put(name + ".tokens", e.items());
    }
  }
}
