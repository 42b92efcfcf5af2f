package org.ulmfit.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.lm.LanguageModel;
import org.ulmfit.lm.LmTask;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.Torch;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.prepare.PreparedLm;
import org.ulmfit.random.Seeds;
import org.ulmfit.run.RunLog;
import org.ulmfit.train.EarlyStopping;
import org.ulmfit.train.Fit;
import org.ulmfit.train.RunStates;
import org.ulmfit.train.RunStates.Computed;
import org.ulmfit.train.Trainer;
import org.ulmfit.train.TrainingListener;

/**
 * Validation loss against tokens of one language model trained from scratch in float32, in bfloat16
 * and in bfloat16 with the sampled softmax: same seed, same text, same masks, validation always
 * with the full softmax in the arm's own arithmetic. Run by {@code scripts/convergence}, whose head
 * says how; arguments are {@code name=value} as in {@link #DEFAULTS}. Each arm goes on from its
 * last checkpoint when the command is repeated, and an arm that has ended is not run again.
 */
public final class Convergence {

  /** An arm: a precision and a softmax. */
  record Arm(String precision, String softmax) {

    String name() {
      return precision + "-" + softmax;
    }

    static Arm of(String name) {
      String[] parts = name.split("-", 2);
      return new Arm(parts[0], parts[1]);
    }
  }

  /**
   * A validation.
   *
   * @param trainLoss smoothed; a sampled loss in a sampled arm
   */
  record Point(long tokens, double loss, double perplexity, double accuracy, double trainLoss) {}

  /**
   * An arm that has ended.
   *
   * @param tokensPerSecond median over the steps, validation not counted
   */
  record Curve(String name, double tokensPerSecond, List<Point> points) {

    Point last() {
      return points.get(points.size() - 1);
    }
  }

  static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    Path home = Path.of(System.getProperty("ulmfit.home", ""));
    String shared = System.getProperty("ulmfit.shared", home.resolve("../shared").toString());
    DEFAULTS.put("corpus", Path.of(shared, "data/imdb/aclImdb.tar.gz").toString());
    DEFAULTS.put("out", home.resolve("target/convergence").toString());
    DEFAULTS.put("docs", ""); // folder that gets convergence.json and .png as well
    DEFAULTS.put("arms", "fp32-full,bf16-full,bf16-sampled");
    DEFAULTS.put("tokens", "2000000");
    DEFAULTS.put("points", "5");
    DEFAULTS.put("vocabulary", "30000");
    DEFAULTS.put("embedding", "200");
    DEFAULTS.put("hidden", "400");
    DEFAULTS.put("negatives", "4096");
    DEFAULTS.put("batch", "32");
    DEFAULTS.put("startBias", "unigram");
    DEFAULTS.put("rate", "3.0e-3");
    DEFAULTS.put("validFraction", "0.002");
    DEFAULTS.put("seed", "42");
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long CHECKPOINT_STEPS = 50;

  private final Map<String, String> settings;
  private final Path out;

  Convergence(Map<String, String> settings) {
    this.settings = settings;
    this.out = Path.of(settings.get("out"));
  }

  public static void main(String[] arguments) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>(DEFAULTS);
    for (String argument : arguments) {
      int at = argument.indexOf('=');
      if (at < 0
          || settings.replace(argument.substring(0, at), argument.substring(at + 1)) == null) {
        System.err.println(argument + ": expected name=value with a name of " + DEFAULTS.keySet());
        System.exit(2);
      }
    }
    new Convergence(settings).run();
  }

  /** Runs the arms that have not ended; then writes {@code convergence.json} and the picture. */
  List<Curve> run() throws IOException {
    checkSettings();
    List<Curve> curves = new ArrayList<>();
    for (String name : settings.get("arms").split(",")) {
      curves.add(curve(Arm.of(name)));
    }
    ConvergenceReport report = new ConvergenceReport(settings, curves);
    report.write(out);
    if (!settings.get("docs").isEmpty()) {
      report.write(Path.of(settings.get("docs")));
    }
    System.out.print(report.text());
    return curves;
  }

  /** Arms that have ended are not run again, so a folder is for one set of settings. */
  private void checkSettings() throws IOException {
    Map<String, String> numbers = new LinkedHashMap<>(settings);
    numbers.keySet().removeAll(List.of("out", "docs", "arms", "corpus"));
    Path file = out.resolve("settings.json");
    String now = JSON.writeValueAsString(numbers) + "\n";
    if (Files.exists(file) && !Files.readString(file).equals(now)) {
      throw new IllegalArgumentException(out + ": has arms of other settings; give another out=");
    }
    Files.createDirectories(out);
    AtomicFiles.writeString(file, now);
  }

  private Recipe recipe(Arm arm) {
    return Recipes.parse(
        "{}",
        "convergence",
        List.of(
            "seed=" + settings.get("seed"),
            "precision=" + arm.precision(),
            "vocab.maxSize=" + settings.get("vocabulary"),
            "model.embeddingSize=" + settings.get("embedding"),
            "model.hiddenSize=" + settings.get("hidden"),
            "lm.softmax=" + arm.softmax(),
            "lm.batchSize=" + settings.get("batch"),
            "lm.startBias=" + settings.get("startBias"),
            "lm.negatives=" + settings.get("negatives"),
            "lm.validFraction=" + settings.get("validFraction"),
            "lm.window=fixed",
            "lm.dropMult=0.3",
            "lm.alpha=0",
            "lm.beta=0",
            "checkpoint.everyMinutes=0",
            "checkpoint.everySteps=" + CHECKPOINT_STEPS,
            String.format(
                Locale.ROOT,
                "lm.stages=[{freezeTo: 0, epochs: %s, rates: {lr: %s}, schedule: {kind: one-cycle,"
                    + " div: 25, divFinal: 1000, pctStart: 0.1, moms: [0.8, 0.7, 0.8]}}]",
                settings.get("points"),
                settings.get("rate"))));
  }

  private Curve curve(Arm arm) throws IOException {
    Path dir = out.resolve(arm.name());
    Path ended = dir.resolve("curve.json");
    if (Files.exists(ended)) {
      return JSON.readValue(ended.toFile(), Curve.class);
    }
    Files.createDirectories(dir);
    Recipe recipe = recipe(arm);
    try (PreparedLm data =
            new Prepare(recipe, System.err::println, new Stop())
                .languageModel(
                    Corpus.at(Path.of(settings.get("corpus"))), null, out.resolve("prepared"), 0);
        NDManager manager = NDManager.newBaseManager(Device.cpu());
        Kernels kernels =
            Kernels.load(Device.cpu(), Precision.of(arm.precision(), Device.cpu()).arithmetic())) {
      Torch.seed(Seeds.of(recipe.seed(), -1));
      try (LanguageModel model = new LanguageModel(manager, kernels, sizes(recipe, data))) {
        if (recipe.lm().startBias() == Recipe.StartBias.UNIGRAM) {
          model.startBias(data.train().counts(data.vocab().size()));
        }
        train(arm, recipe, data, model, dir);
      }
    }
    Curve curve = ConvergenceReport.read(dir.resolve("log.jsonl"), arm.name(), slice(recipe));
    AtomicFiles.writeString(ended, JSON.writeValueAsString(curve) + "\n");
    AtomicFiles.deleteTree(dir.resolve("checkpoints"));
    return curve;
  }

  private static AwdLstmSizes sizes(Recipe recipe, PreparedLm data) {
    Recipe.Model m = recipe.model();
    return new AwdLstmSizes(
        data.vocab().size(), m.embeddingSize(), m.hiddenSize(), m.layers(), m.decoderBias());
  }

  /** Tokens between two validations. */
  private long slice(Recipe recipe) {
    long batch = (long) recipe.lm().batchSize() * recipe.lm().bptt();
    long points = Long.parseLong(settings.get("points"));
    return Math.max(1, Math.round(Double.parseDouble(settings.get("tokens")) / batch / points))
        * batch;
  }

  private void train(Arm arm, Recipe recipe, PreparedLm data, LanguageModel model, Path dir) {
    int batch = recipe.lm().batchSize() * recipe.lm().bptt();
    LmTask inner =
        new LmTask(model, data.train(), data.valid(), recipe, false, data.vocab().padId());
    SlicedPass task = new SlicedPass(inner, (int) (slice(recipe) / batch));
    TrainingListener shown = new Shown(arm);
    String fingerprint = Recipes.toYaml(recipe) + settings.get("tokens") + data.vocab().sha256();
    RunStates checkpoints =
        new RunStates(
            dir.resolve("checkpoints"),
            recipe.checkpoint(),
            fingerprint.hashCode() + "",
            Computed.by(model.kernels()),
            shown);
    try (RunLog log = new RunLog(dir.resolve("log.jsonl"), checkpoints.step(), shown)) {
      log.note(arm.name() + ": train " + data.train().description());
      log.note(arm.name() + ": valid " + data.valid().description());
      new Trainer(
              task,
              new Fit(recipe.lm().stages(), recipe.lm().optimizer(), 0, recipe.seed()),
              checkpoints,
              EarlyStopping.NONE,
              log,
              new Stop())
          .run(true);
    }
  }

  /** Lines on stderr. */
  private record Shown(Arm arm) implements TrainingListener {

    @Override
    public void epoch(Epoch epoch) {
      System.err.printf(
          Locale.ROOT,
          "%s: slice %d, valid loss %.4f, perplexity %.2f, %.0f tokens/s, validated in %.0f s%n",
          arm.name(),
          epoch.epoch() + 1,
          epoch.validation().loss(),
          epoch.perplexity(),
          epoch.tokens() / epoch.seconds(),
          epoch.validationSeconds());
    }

    @Override
    public void note(String line) {
      System.err.println(line);
    }
  }
}
