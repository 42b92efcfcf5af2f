package org.ulmfit.classifier;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Kernels;
import org.ulmfit.train.TrainerRun;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.TokenStoreWriter;

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
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      for (int doc = 0; doc < documents; doc++) {
        int label = doc % 2;
        int[] ids = new int[3 + random.nextInt(20)];
        for (int i = 0; i < ids.length; i++) {
          boolean telling = random.nextInt(3) == 0;
          ids[i] = telling ? 2 + 8 * label + random.nextInt(8) : 18 + random.nextInt(12);
        }
        writer.append("doc" + doc, ids, label);
      }
      writer.finish();
    }
    return TokenStore.open(file);
  }

  static ModelConfig config(Recipe recipe) {
    Recipe.Model m = recipe.model();
    return config(
        recipe,
        new AwdLstmSizes(
            VOCABULARY, m.embeddingSize(), m.hiddenSize(), m.layers(), m.decoderBias()),
        ModelConfig.Head.of(LABELS.size(), recipe.classifier()));
  }

  static ModelConfig config(Recipe recipe, AwdLstmSizes architecture, ModelConfig.Head head) {
    return config(recipe, "forward", architecture, head);
  }

  static ModelConfig config(
      Recipe recipe, String direction, AwdLstmSizes architecture, ModelConfig.Head head) {
    return new ModelConfig(
        "classifier",
        ModelConfig.AWD_LSTM,
        direction,
        ModelFolder.FORMAT_VERSION,
        architecture,
        null,
        null,
        null,
        ModelConfig.TextProfile.of(recipe.text()),
        null,
        head,
        null,
        null,
        null,
        null);
  }

  static Classifier model(NDManager manager, Kernels kernels, Recipe recipe) {
    return new Classifier(manager, kernels, config(recipe), PAD, recipe.classifier());
  }

  /** One run of the trainer. */
  static TrainerRun<Classifier> run(Recipe recipe, TokenStore train, TokenStore valid) {
    return run(recipe, Labelling.SINGLE, train, valid);
  }

  /** One run of the trainer. */
  static TrainerRun<Classifier> run(
      Recipe recipe, Labelling labelling, TokenStore train, TokenStore valid) {
    return run(recipe, labelling, train, valid, null);
  }

  /** One run of the trainer, other texts beside. */
  static TrainerRun<Classifier> run(
      Recipe recipe,
      Labelling labelling,
      TokenStore train,
      TokenStore valid,
      @Nullable TokenStore unlabelled) {
    return run(recipe, new ClassifierRows(train, valid, unlabelled, null, labelling, LABELS));
  }

  /** One run of the trainer. */
  static TrainerRun<Classifier> run(Recipe recipe, ClassifierRows rows) {
    Recipe.Classifier c = recipe.classifier();
    return new TrainerRun<>(
        recipe,
        c.stages(),
        c.optimizer(),
        (manager, kernels) -> model(manager, kernels, recipe),
        (model, events) -> new ClassifierTask(model, rows, recipe, events::note));
  }
}
