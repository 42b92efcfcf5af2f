package org.ulmfit.lm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.train.TrainerRun;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.TokenStoreWriter;

/** A language model of a few hundred weights on text of fifty words that it can learn. */
public final class TinyLm {

  public static final int VOCABULARY = 50;
  public static final int PAD = 1;

  private TinyLm() {}

  public static String phase(int freezeTo, double epochs) {
    return String.format(
        Locale.ROOT,
        "{freezeTo: %d, epochs: %s, rates: {lr: 1.0e-2, factor: 1.3},"
            + " schedule: {kind: one-cycle, div: 25, divFinal: 1.0e+5, pctStart: 0.25,"
            + " moms: [0.8, 0.7, 0.8]}}",
        freezeTo,
        epochs);
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
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      for (int doc = 0; doc < documents; doc++) {
        int[] ids = new int[10 + random.nextInt(20)];
        int word = 2 + random.nextInt(VOCABULARY - 2);
        for (int i = 0; i < ids.length; i++) {
          ids[i] = word;
          int next = random.nextInt(8) == 0 ? random.nextInt(VOCABULARY) : word * 7 + 3;
          word = 2 + next % (VOCABULARY - 2);
        }
        writer.append("doc" + doc, ids);
      }
      writer.finish();
    }
    return TokenStore.open(file);
  }

  /** One run of the trainer, forward. */
  public static TrainerRun<LanguageModel> run(Recipe recipe, TokenStore train, TokenStore valid) {
    return run(recipe, train, valid, false);
  }

  /** One run of the trainer. */
  public static TrainerRun<LanguageModel> run(
      Recipe recipe, TokenStore train, TokenStore valid, boolean backward) {
    Recipe.Model m = recipe.model();
    AwdLstmSizes sizes =
        new AwdLstmSizes(
            VOCABULARY, m.embeddingSize(), m.hiddenSize(), m.layers(), m.decoderBias());
    return new TrainerRun<>(
        recipe,
        recipe.lm().stages(),
        recipe.lm().optimizer(),
        (manager, kernels) -> new LanguageModel(manager, kernels, sizes),
        (model, events) -> new LmTask(model, train, valid, recipe, backward, PAD));
  }
}
