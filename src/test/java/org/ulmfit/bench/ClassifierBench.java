package org.ulmfit.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;
import org.ulmfit.classifier.Batches;
import org.ulmfit.classifier.Classifier;
import org.ulmfit.classifier.ClassifierRows;
import org.ulmfit.classifier.ClassifierTask;
import org.ulmfit.classifier.Samplers;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.TestConfigs;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Torch;
import org.ulmfit.train.EarlyStopping;
import org.ulmfit.train.Fit;
import org.ulmfit.train.Trainer;
import org.ulmfit.train.TrainingListener;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.TokenStoreWriter;

/**
 * Training steps of the classifier with all layers unfrozen. Lengths are log-normal with the mean
 * and deviation of IMDb's reviews; an epoch of 50 batches is drawn and sorted as the sampler would,
 * and the batches measured are those in the middle of equal shares of it, longest first, after one
 * that warms up.
 */
final class ClassifierBench {

  // measured on the tokens (fastai-2 rules, spacy-3) of IMDb's 25,000 training reviews
  private static final double GEOMETRIC_MEAN_LENGTH = 242.5;
  private static final double LOG_DEVIATION = 0.643;
  private static final int SHORTEST = 13;
  private static final int LONGEST = 3345;
  private static final int EPOCH = 50; // batches that fastai's SortedDL sorts together
  private static final int WORDS_FROM = 9; // after fastai 2's special tokens

  private ClassifierBench() {}

  /** Sizes; {@code groups} batches are measured. */
  record Size(int vocabulary, int embedding, int hidden, int batch, int groups) {}

  static void write(Spec spec, Size size) throws IOException {
    spec.values()
        .put("vocabulary", size.vocabulary)
        .put("embedding", size.embedding)
        .put("hidden", size.hidden)
        .put("batch", size.batch)
        .put("classes", 2);
    Recipe.Classifier settings = recipe(spec).classifier();
    spec.values().put("bptt", settings.bptt()).put("maxLength", settings.maxLength());
    Random random = new Random(spec.number("seed"));
    int[] lengths = lengths(size, random);
    spec.ids(random.ints(Arrays.stream(lengths).sum(), WORDS_FROM, size.vocabulary).toArray());
    spec.values().set("lengths", Spec.JSON.valueToTree(lengths));
    List<int[]> batches = batches(lengths, recipe(spec));
    spec.values().set("batches", Spec.JSON.valueToTree(batches));
    int warmUp = 0;
    for (int documents = 0; documents < size.batch; warmUp++) {
      documents += batches.get(warmUp).length;
    }
    spec.values().put("warmUp", warmUp);
  }

  /** Of the documents of the warming batch and the measured ones, longest first. */
  private static int[] lengths(Size size, Random random) {
    int[] epoch =
        IntStream.range(0, EPOCH * size.batch)
            .map(
                i ->
                    (int) (GEOMETRIC_MEAN_LENGTH * Math.exp(LOG_DEVIATION * random.nextGaussian())))
            .map(n -> Math.max(SHORTEST, Math.min(LONGEST, n)))
            .map(n -> -n)
            .sorted()
            .map(n -> -n)
            .toArray();
    int[] lengths = new int[(size.groups + 1) * size.batch];
    for (int group = 0; group <= size.groups; group++) {
      int share = Math.max(0, group - 1);
      int middle = (2 * share + 1) * EPOCH / (2 * size.groups);
      int from = middle * size.batch - (group == 0 ? size.batch : 0);
      System.arraycopy(epoch, from, lengths, group * size.batch, size.batch);
    }
    return lengths;
  }

  /** As {@link ClassifierTask} cuts its first epoch; {@link #train} checks that it does. */
  private static List<int[]> batches(int[] lengths, Recipe recipe) {
    Recipe.Classifier c = recipe.classifier();
    int[] order =
        Samplers.training(c.sampler(), lengths, c.batchSize(), recipe.seed(), 0, 0, false);
    return Batches.cutForTraining(order, lengths, c.batchSize(), c.maxBatchTokens());
  }

  static Recipe recipe(Spec spec) {
    return Recipes.parse(
        "{}",
        "bench",
        List.of(
            "seed=" + spec.number("seed"),
            "model.embeddingSize=" + spec.number("embedding"),
            "model.hiddenSize=" + spec.number("hidden"),
            "classifier.batchSize=" + spec.number("batch"),
            "classifier.stages=[{freezeTo: 0, epochs: 1, rates: {lr: 1.0e-3},"
                + " schedule: {kind: constant}}]"));
  }

  static ModelConfig config(Spec spec, Recipe recipe) {
    Recipe.Classifier c = recipe.classifier();
    return TestConfigs.classifier(
        new AwdLstmSizes(
            spec.number("vocabulary"), spec.number("embedding"), spec.number("hidden"), 3, true),
        recipe,
        ModelConfig.Head.of(spec.number("classes"), c));
  }

  /** Series {@code step} in tokens, padding not counted. */
  static Measurement train(Spec spec, String precision) throws IOException {
    Measurement measured = Measurement.empty();
    Recipe recipe = recipe(spec);
    int[][] documents = documents(spec);
    List<String> labels = List.of("0", "1");
    try (TokenStore train = store(spec.dir().resolve("train.tokens"), documents);
        TokenStore valid = store(spec.dir().resolve("valid.tokens"), Arrays.copyOf(documents, 2));
        NDManager manager = NDManager.newBaseManager(Device.cpu());
        Kernels kernels = Kernels.load(Device.cpu(), arithmetic(precision))) {
      Torch.seed(spec.number("seed"));
      Recipe.Classifier c = recipe.classifier();
      try (Classifier model = new Classifier(manager, kernels, config(spec, recipe), 1, c)) {
        ClassifierTask task =
            new ClassifierTask(
                model,
                ClassifierRows.of(train, valid, Labelling.SINGLE, labels),
                recipe,
                note -> {});
        new Trainer(
                task,
                new Fit(c.stages(), c.optimizer(), 0, recipe.seed()),
                null,
                EarlyStopping.NONE,
                listener(spec, measured),
                new Stop())
            .run(false);
      }
    }
    return measured;
  }

  private static TrainingListener listener(Spec spec, Measurement measured) {
    JsonNode batches = spec.values().get("batches");
    JsonNode lengths = spec.values().get("lengths");
    int warmUp = spec.number("warmUp");
    return new TrainingListener() {
      @Override
      public void step(Step step) {
        long expected = 0;
        for (JsonNode document : batches.get(step.step())) {
          expected += lengths.get(document.intValue()).longValue();
        }
        if (step.tokens() != expected) {
          throw new IllegalStateException(
              "batch " + step.step() + " is not the one the peers get: cut it as the task does");
        }
        if (step.step() >= warmUp) {
          measured.add("step", step.seconds(), (double) step.tokens());
        }
      }
    };
  }

  static Kernels.Arithmetic arithmetic(String precision) {
    return precision.equals("bf16") ? Kernels.Arithmetic.BFLOAT16 : Kernels.Arithmetic.FLOAT32;
  }

  private static int[][] documents(Spec spec) throws IOException {
    int[] lengths = Spec.JSON.treeToValue(spec.values().get("lengths"), int[].class);
    int[] ids = spec.ids();
    int[][] documents = new int[lengths.length][];
    int at = 0;
    for (int i = 0; i < documents.length; i++) {
      documents[i] = Arrays.copyOfRange(ids, at, at + lengths[i]);
      at += lengths[i];
    }
    return documents;
  }

  private static TokenStore store(Path file, int[][] documents) {
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      for (int i = 0; i < documents.length; i++) {
        writer.append("doc" + i, documents[i], i % 2);
      }
      writer.finish();
    }
    return TokenStore.open(file);
  }
}
