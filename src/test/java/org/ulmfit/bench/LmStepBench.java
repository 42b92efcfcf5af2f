package org.ulmfit.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.lm.LanguageModel;
import org.ulmfit.lm.LmBatch;
import org.ulmfit.lm.LmBatches;
import org.ulmfit.lm.LmTask;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Masks;
import org.ulmfit.nn.NativeMemory;
import org.ulmfit.nn.Torch;
import org.ulmfit.train.EarlyStopping;
import org.ulmfit.train.Fit;
import org.ulmfit.train.Trainer;
import org.ulmfit.train.TrainingListener;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.TokenStoreWriter;

/**
 * Tokens per second of our language-model step against the same step in plain DJL, in one process:
 *
 * <pre>
 * mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test.classpath
 * MALLOC_MMAP_THRESHOLD_=33554432 MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_ARENA_MAX=1 \
 *   java -Xmx1g -Dai.djl.offline=true \
 *   -cp target/test-classes:target/classes:$(cat target/test.classpath) org.ulmfit.bench.LmStepBench
 * </pre>
 *
 * Without arguments the full size: vocabulary 60,002, 400/1150/1150/400, batch 64, bptt 70, float32
 * (about 9 GB with the twin). Arguments {@code name=value}: vocabulary, embedding, hidden, batch,
 * bptt, steps (measured ones; three more warm up), precision (fp32 or bf16, of ours), softmax (full
 * or sampled, of ours), twin (true or false). Run it on an idle machine. Prints best and median of
 * the steps; resident memory of ours is read before the twin starts.
 */
public final class LmStepBench {

  /** Sizes of a comparison. */
  public record Size(
      int vocabulary,
      int embedding,
      int hidden,
      int batch,
      int bptt,
      int steps,
      String precision,
      String softmax) {

    static final Size FULL = new Size(60_002, 400, 1150, 64, 70, 5, "fp32");

    /** With the full softmax. */
    public Size(
        int vocabulary,
        int embedding,
        int hidden,
        int batch,
        int bptt,
        int steps,
        String precision) {
      this(vocabulary, embedding, hidden, batch, bptt, steps, precision, "full");
    }

    Size with(String otherSoftmax) {
      return new Size(vocabulary, embedding, hidden, batch, bptt, steps, precision, otherSoftmax);
    }

    long tokens() {
      return (long) batch * bptt;
    }
  }

  /** Seconds of each measured step. */
  public record Timing(double[] seconds, long tokens) {

    public double best() {
      return tokens / Arrays.stream(seconds).min().orElseThrow();
    }

    public double median() {
      double[] sorted = seconds.clone();
      Arrays.sort(sorted);
      return tokens / sorted[sorted.length / 2];
    }
  }

  private static final List<String> NAMES =
      List.of(
          "vocabulary",
          "embedding",
          "hidden",
          "batch",
          "bptt",
          "steps",
          "precision",
          "softmax",
          "twin");
  static final long SEED = 1;

  /** Steps before the measured ones: the heap grows and kernels are prepared in the first three. */
  static final int WARM_UP = 3;

  private static final Masks.Rates RATES = new Masks.Rates(.25, .02, .2, .15, .1);

  private LmStepBench() {}

  public static void main(String[] arguments) throws IOException {
    Size size = Size.FULL;
    boolean twin = true;
    for (String argument : arguments) {
      String name = argument.substring(0, argument.indexOf('='));
      String value = argument.substring(name.length() + 1);
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException("unknown argument " + name + "; known: " + NAMES);
      }
      if (name.equals("twin")) {
        twin = Boolean.parseBoolean(value);
      } else {
        size = with(size, name, value);
      }
    }
    System.out.println(size + ", " + Torch.threads() + " threads");
    Timing ours = ours(size);
    print("ours", ours);
    if (NativeMemory.known()) {
      System.out.printf(
          Locale.ROOT,
          "resident with ours alone: now %.2f GB, at most %.2f GB%n",
          NativeMemory.resident() / 1e9,
          NativeMemory.peak() / 1e9);
    }
    if (twin) {
      Timing theirs = twin(size);
      print("plain DJL", theirs);
      System.out.printf(
          Locale.ROOT,
          "ours / plain DJL: best %.2f, median %.2f%n",
          ours.best() / theirs.best(),
          ours.median() / theirs.median());
    }
  }

  private static Size with(Size s, String name, String value) {
    boolean word = name.equals("precision") || name.equals("softmax");
    int n = word ? 0 : Integer.parseInt(value);
    return new Size(
        name.equals("vocabulary") ? n : s.vocabulary,
        name.equals("embedding") ? n : s.embedding,
        name.equals("hidden") ? n : s.hidden,
        name.equals("batch") ? n : s.batch,
        name.equals("bptt") ? n : s.bptt,
        name.equals("steps") ? n : s.steps,
        name.equals("precision") ? value : s.precision,
        name.equals("softmax") ? value : s.softmax);
  }

  private static void print(String name, Timing t) {
    System.out.printf(
        Locale.ROOT,
        "%-10s best %8.0f tokens/s, median %8.0f tokens/s, seconds %s%n",
        name,
        t.best(),
        t.median(),
        Arrays.toString(Arrays.stream(t.seconds()).map(s -> Math.round(s * 1e4) / 1e4).toArray()));
  }

  static Recipe recipe(Size size) {
    return Recipes.parse(
        "{}",
        "bench",
        List.of(
            "lm.batchSize=" + size.batch(),
            "lm.bptt=" + size.bptt(),
            "lm.window=fixed",
            "lm.shuffle=false",
            "lm.dropMult=1",
            "lm.softmax=" + size.softmax(),
            "lm.optimizer.weightDecay=0",
            "lm.stages=[{freezeTo: 0, epochs: 1, rates: {lr: 1.0e-3},"
                + " schedule: {kind: constant}}]"));
  }

  /** Random tokens for exactly {@code steps} windows. */
  static int[] tokens(Size size, int steps) {
    int n = (int) (steps * size.tokens() + 1);
    return new Random(SEED).ints(n, 2, size.vocabulary()).toArray();
  }

  static TokenStore store(Path file, Size size, int steps) {
    int[] ids = tokens(size, steps);
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      writer.append("random", ids);
      writer.finish();
    }
    return TokenStore.open(file);
  }

  static AwdLstmSizes architecture(Size size) {
    return new AwdLstmSizes(size.vocabulary(), size.embedding(), size.hidden(), 3, true);
  }

  /** Through the real training loop; steps that warm up are not counted. */
  public static Timing ours(Size size) throws IOException {
    Path dir = Files.createTempDirectory("ulmfit-bench");
    List<Double> seconds = new ArrayList<>();
    Kernels.Arithmetic arithmetic =
        size.precision().equals("bf16") ? Kernels.Arithmetic.BFLOAT16 : Kernels.Arithmetic.FLOAT32;
    try (TokenStore train = store(dir.resolve("train.tokens"), size, WARM_UP + size.steps());
        TokenStore valid = store(dir.resolve("valid.tokens"), size, 1);
        NDManager manager = NDManager.newBaseManager(Device.cpu());
        Kernels kernels = Kernels.load(Device.cpu(), arithmetic);
        LanguageModel model = new LanguageModel(manager, kernels, architecture(size))) {
      TrainingListener listener =
          new TrainingListener() {
            @Override
            public void step(Step step) {
              seconds.add(step.seconds());
            }
          };
      Recipe recipe = recipe(size);
      LmTask task = new LmTask(model, train, valid, recipe, false, 1);
      new Trainer(
              task,
              new Fit(recipe.lm().stages(), recipe.lm().optimizer(), 0, recipe.seed()),
              null,
              EarlyStopping.NONE,
              listener,
              new Stop())
          .run(false);
    } finally {
      AtomicFiles.deleteTree(dir);
    }
    return timing(seconds, size);
  }

  private static Timing timing(List<Double> seconds, Size size) {
    double[] measured =
        seconds.subList(WARM_UP, seconds.size()).stream()
            .mapToDouble(Double::doubleValue)
            .toArray();
    return new Timing(measured, size.tokens());
  }

  /** The same data through {@link LmTwin}. */
  public static Timing twin(Size size) throws IOException {
    Path dir = Files.createTempDirectory("ulmfit-bench");
    List<Double> seconds = new ArrayList<>();
    Recipe recipe = recipe(size);
    try (TokenStore train = store(dir.resolve("train.tokens"), size, WARM_UP + size.steps());
        NDManager manager = NDManager.newBaseManager(Device.cpu());
        LmTwin twin = twin(manager, size, recipe)) {
      LmBatches batches =
          LmBatches.open(train, LmBatches.Config.training(recipe, false), recipe.seed(), 0, 0);
      while (batches.hasNext()) {
        long started = System.nanoTime();
        LmBatch batch = batches.next();
        twin.step(batch);
        seconds.add((System.nanoTime() - started) / 1e9);
      }
    } finally {
      AtomicFiles.deleteTree(dir);
    }
    return timing(seconds, size);
  }

  private static LmTwin twin(NDManager manager, Size size, Recipe recipe) {
    Recipe.LanguageModel lm = recipe.lm();
    try (Kernels kernels = Kernels.load(Device.cpu(), Kernels.Arithmetic.FLOAT32);
        LanguageModel model = new LanguageModel(manager, kernels, architecture(size))) {
      return new LmTwin(manager, model, RATES, lm.alpha(), lm.beta(), lm.optimizer().clip(), 1e-3);
    }
  }
}
