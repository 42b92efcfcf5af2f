package org.ulmfit.classifier;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.ModelSettings;
import org.ulmfit.model.ModelWriter;
import org.ulmfit.lm.Pretrained;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.Torch;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.prepare.PreparedClassifier;
import org.ulmfit.train.MemoryEstimate;
import org.ulmfit.train.Plan;
import org.ulmfit.train.RunCheckpoints;
import org.ulmfit.train.RunCheckpoints.Computed;
import org.ulmfit.train.RunFolder;
import org.ulmfit.train.RunLog;
import org.ulmfit.train.Seeds;
import org.ulmfit.train.Task;
import org.ulmfit.train.Trainer;
import org.ulmfit.train.TrainingListener;
import org.ulmfit.vocab.TokenStore;

/** Stage 3: takes a saved encoder, trains a classifier on it, tests and saves it. */
public final class ClassifierTraining {

  private static final int NAMED = 60; // labels in a line
  private static final String LOWER = "classifier.maxBatchTokens or classifier.batchSize";

  private ClassifierTraining() {}

  /**
   * @param valid of the model that was saved
   * @param test on the corpus's test split, if it has one
   */
  public record Result(
      Path model,
      Task.Evaluation valid,
      Optional<Scores> test,
      List<TrainingListener.Epoch> epochs) {}

  /** Prepares the data and says what {@link #run} would train, without training. */
  public static Plan plan(ClassifierJob job, TrainingListener listener) {
    Pretrained encoder = Pretrained.open(job.encoder(), "encoder");
    Recipe recipe = effective(job, encoder);
    try (ScratchFolder scratch = ScratchFolder.make();
        PreparedClassifier data = prepare(job, recipe, encoder, scratch.path(), listener);
        NDManager manager = NDManager.newBaseManager(Device.cpu());
        Kernels kernels = Kernels.load(Device.cpu(), Kernels.Arithmetic.FLOAT32);
        Classifier model = build(recipe, config(recipe, encoder, data), data, manager, kernels)) {
      return new Plan(lines(recipe, data, model, Torch.device(job.device())));
    }
  }

  private static List<String> lines(
      Recipe recipe, PreparedClassifier data, Classifier model, Device device) {
    List<String> lines = new ArrayList<>();
    lines.add("train: " + data.train().description());
    lines.add("valid: " + data.valid().description());
    lines.add("test: " + (data.test() == null ? "none" : data.test().description()));
    lines.add("labels: " + Shown.list(data.labels(), NAMED));
    lines.addAll(Plan.parameters(model.groups()));
    ClassifierTask task =
        new ClassifierTask(model, data.train(), data.valid(), data.labels(), recipe, note -> {});
    lines.addAll(Plan.phases(recipe.classifier().stages(), task.stepsPerEpoch()));
    MemoryEstimate memory =
        task.memory(Precision.of(recipe.precision().name(), device).arithmetic());
    lines.add(memory.line());
    memory.warning(device, LOWER).ifPresent(lines::add);
    return lines;
  }

  /**
   * Runs stage 3.
   *
   * @throws UlmfitException usage, bad data, bad model, or interrupted after a stop request
   */
  public static Result run(ClassifierJob job, TrainingListener listener) {
    return run(job, listener, result -> {});
  }

  /**
   * As {@link #run(ClassifierJob, TrainingListener)}.
   *
   * @param ended gets the result before the checkpoints are removed: a run that ends in it can be
   *     resumed, and comes to it again
   */
  public static Result run(ClassifierJob job, TrainingListener listener, Consumer<Result> ended) {
    Pretrained encoder = Pretrained.open(job.encoder(), "encoder");
    Recipe recipe = effective(job, encoder);
    try (RunFolder run = RunFolder.open(job.out(), job.resume(), job.overwrite())) {
      run.checkUnfinished("classifier");
      run.checkOutside(job.corpus(), "corpus");
      run.checkOutside(job.encoder(), "encoder");
      return run(job, recipe, run, encoder, listener, ended);
    }
  }

  private static Result run(
      ClassifierJob job,
      Recipe recipe,
      RunFolder run,
      Pretrained encoder,
      TrainingListener listener,
      Consumer<Result> ended) {
    Device device = Torch.device(job.device());
    Precision precision =
        RunCheckpoints.precision(run.checkpoints(), job.resume(), recipe.precision(), device);
    try (PreparedClassifier data =
            run.begin(recipe, (r, dir) -> prepare(job, r, encoder, dir, listener)).data();
        NDManager manager = NDManager.newBaseManager(device);
        Kernels kernels = Kernels.load(device, precision.arithmetic())) {
      Torch.seed(Seeds.of(recipe.seed(), -2)); // initial weights of the head
      ModelConfig config = config(recipe, encoder, data);
      try (Classifier model = build(recipe, config, data, manager, kernels)) {
        Result result = train(job, recipe, run, precision, encoder, data, config, model, listener);
        return run.end(result, ended);
      }
    }
  }

  private static PreparedClassifier prepare(
      ClassifierJob job, Recipe recipe, Pretrained encoder, Path dir, TrainingListener listener) {
    return Prepare.classifier(
        job.corpus(), job.options(), recipe, encoder.vocab(), dir, job.limit(), listener::note);
  }

  /** The recipe with what the encoder decides: text profile and sizes. */
  private static Recipe effective(ClassifierJob job, Pretrained encoder) {
    Recipe r = job.recipe();
    if (r.checkpoint().best().equals("save") && r.classifier().validateOn().equals("test")) {
      throw UlmfitException.usage(
          "checkpoint.best=save with classifier.validateOn=test would choose the model by the rows"
              + " it is tested on; set one of them otherwise");
    }
    ModelConfig.Architecture a = encoder.config().architecture();
    return r.with(
        ModelSettings.text(r.text(), encoder.config().text(), encoder.path()),
        new Recipe.Model(a.embeddingSize(), a.hiddenSize(), a.layers(), a.decoderBias()));
  }

  private static ModelConfig config(Recipe recipe, Pretrained encoder, PreparedClassifier data) {
    ModelConfig.Architecture a = encoder.config().architecture();
    Recipe.Classifier c = recipe.classifier();
    return new ModelConfig(
        "classifier",
        encoder.config().direction(),
        ModelFolder.FORMAT_VERSION,
        new ModelConfig.Architecture(
            data.vocab().size(), a.embeddingSize(), a.hiddenSize(), a.layers(), a.decoderBias()),
        recipe.text(),
        new ModelConfig.Head(
            data.labels().size(), c.headSize(), c.headBias(), c.encoder(), c.bptt(), c.maxLength()),
        data.summary().columns());
  }

  private static Classifier build(
      Recipe recipe,
      ModelConfig config,
      PreparedClassifier data,
      NDManager manager,
      Kernels kernels) {
    Recipe.Classifier c = recipe.classifier();
    double first = c.dropout().output() * c.dropMult();
    return new Classifier(manager, kernels, config, data.vocab().padId(), first, c.headDropout());
  }

  private static Result train(
      ClassifierJob job,
      Recipe recipe,
      RunFolder run,
      Precision precision,
      Pretrained encoder,
      PreparedClassifier data,
      ModelConfig config,
      Classifier model,
      TrainingListener listener) {
    String fingerprint =
        RunCheckpoints.fingerprint(
            Recipes.toYaml(recipe), data.vocab().sha256(), data.train().tokens(), data.labels());
    RunCheckpoints checkpoints =
        new RunCheckpoints(
            run.checkpoints(),
            recipe.checkpoint(),
            fingerprint,
            Computed.by(model.kernels()),
            listener);
    try (RunLog log = new RunLog(run.log(), job.resume() ? checkpoints.step() : -1, listener)) {
      ClassifierTask task =
          new ClassifierTask(
              model, data.train(), watched(recipe, data), data.labels(), recipe, log::note);
      task.memory(model.kernels().arithmetic())
          .warning(task.manager().getDevice(), LOWER)
          .ifPresent(listener::note);
      data.summary().remarks().forEach(log::record);
      log.note(precision.line());
      if (job.resume()) {
        checkpoints.elsewhere().ifPresent(log::note);
      }
      long[] counts = data.train().counts(data.vocab().size());
      encoder.copyInto(model.encoder(), null, data.vocab(), recipe.remap(), counts, log::note);
      Trainer trainer =
          new Trainer(
              task,
              recipe.classifier().stages(),
              recipe.classifier().optimizer(),
              recipe.seed(),
              checkpoints,
              log);
      List<TrainingListener.Epoch> epochs = trainer.run(job.resume());
      Task.Evaluation valid = trainer.outcome();
      Optional<Scores> test = test(recipe, data, model);
      log.saving();
      save(job, recipe, run, data, config, model, valid, test);
      return new Result(run.model("classifier"), valid, test, epochs);
    }
  }

  /**
   * The split of the epoch table: validation, unless the recipe asks for test as the lesson did.
   */
  private static TokenStore watched(Recipe recipe, PreparedClassifier data) {
    boolean test = recipe.classifier().validateOn().equals("test") && data.test() != null;
    return test ? data.test() : data.valid();
  }

  private static Optional<Scores> test(Recipe recipe, PreparedClassifier data, Classifier model) {
    if (data.test() == null) {
      return Optional.empty();
    }
    Recipe.Classifier c = recipe.classifier();
    return Optional.of(
        Scores.of(
            "test", model, data.test(), data.labels(), c.evalBatchSize(), c.maxBatchTokens()));
  }

  private static void save(
      ClassifierJob job,
      Recipe recipe,
      RunFolder run,
      PreparedClassifier data,
      ModelConfig config,
      Classifier model,
      Task.Evaluation valid,
      Optional<Scores> test) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    put(metrics, "valid", valid);
    test.ifPresent(t -> put(metrics, "test", t.evaluation()));
    Map<String, Object> origin = new LinkedHashMap<>();
    origin.put("corpus", job.corpus().getFileName().toString());
    origin.put("input", data.summary().inputs());
    origin.put("train", data.train().description());
    origin.put("valid", data.valid().description());
    origin.put("unknown words", data.summary().unknownShares());
    origin.put("test", data.test() == null ? "none" : data.test().description());
    origin.put("encoder", job.encoder().getFileName().toString());
    new ModelWriter(config, data.vocab(), recipe, model.kernels().arithmetic(), origin, metrics)
        .write(run.model("classifier"), model.tensors(), data.labels());
  }

  private static void put(Map<String, Object> metrics, String split, Task.Evaluation e) {
    metrics.put(split + ".accuracy", e.accuracy());
    metrics.put(split + ".loss", e.loss());
    metrics.put(split + ".documents", e.items());
  }
}
