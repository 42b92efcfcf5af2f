package org.ulmfit.classifier;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.embed.Embedder;
import org.ulmfit.embed.Embeddings;
import org.ulmfit.embed.EncoderReading;
import org.ulmfit.embed.Pooling;
import org.ulmfit.model.EncoderUse;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.ModelSettings;
import org.ulmfit.model.ModelWriter;
import org.ulmfit.ngram.DenseMatrix;
import org.ulmfit.ngram.DenseModel;
import org.ulmfit.ngram.DenseRegression;
import org.ulmfit.ngram.SolverSettings;
import org.ulmfit.ngram.Strength;
import org.ulmfit.ngram.Truth;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.prepare.PreparedClassifier;
import org.ulmfit.run.Fitting;
import org.ulmfit.vocab.TokenStore;

/**
 * Fits logistic regression on the vectors of a sentence encoder; its strength is chosen by folds of
 * the training rows, thresholds of several labels on the validation rows. The texts are prepared
 * with the encoder's own tokenizer and all of its pieces. Vectors are kept until the run ends, so
 * that one that is stopped does not make them again, or in a file that runs share.
 */
public final class EmbeddingFitting extends ClassifierWork
    implements Fitting<PreparedClassifier, EmbeddingWeights, ClassifierResult> {
  private static final String NONE = "none"; // as recipes write it
  private static final long TELL_NANOS = 10_000_000_000L;

  private final Embedder embedder;
  private final Path path;
  private final @Nullable Path shared;
  private final Recipe recipe;

  /**
   * @param limit documents per split at most, every class kept; 0 = all
   * @param shared file of vectors that other runs read and add to; null: they go with the run
   * @throws UlmfitException (usage) if the recipe names no encoder, or contradicts it; (bad model)
   *     if that cannot be used
   */
  public EmbeddingFitting(Corpus corpus, int limit, @Nullable Path shared, Recipe recipe) {
    super(corpus, limit);
    this.shared = shared;
    if (recipe.embedding().embedder().equals(NONE)) {
      throw UlmfitException.usage(
          "the family embedding needs a sentence encoder: give --embedder with a folder that holds"
              + " model.onnx and tokenizer.json, or with a jar that does");
    }
    this.path = Path.of(recipe.embedding().embedder());
    this.embedder = Embedder.of(path);
    this.recipe = ModelSettings.decideEmbedder(recipe, embedder.tokenizerFile(), path);
    reading(line -> {}); // refused before anything is prepared
  }

  /** What the encoder is known by. */
  public String encoder() {
    return embedder.sha256();
  }

  private EncoderReading reading(Consumer<String> told) {
    Recipe.Embedding asked = recipe.embedding();
    Pooling pooling =
        switch (asked.pooling()) {
          case AUTO -> null;
          case MEAN -> Pooling.MEAN;
          case FIRST -> Pooling.FIRST;
        };
    Boolean normalise =
        switch (asked.normalise()) {
          case AUTO -> null;
          case TRUE -> true;
          case FALSE -> false;
        };
    return embedder.reading(
        new Embedder.Wishes(pooling, normalise, asked.window(), asked.overlap(), asked.windows()),
        told);
  }

  @Override
  public Map<String, Path> inputs() {
    return Map.of("embedder", path);
  }

  @Override
  public Recipe recipe() {
    return recipe;
  }

  @Override
  public PreparedClassifier prepare(Recipe wanted, Path dir, Consumer<String> notes, Stop stop) {
    embedder.encoder(reading(line -> {})).close(); // one that cannot read is refused before the run
    PreparedClassifier data =
        new Prepare(wanted, notes, stop).classifier(corpus, embedder.vocabulary(), dir, limit);
    if (!data.vocab().equals(embedder.vocabulary())) {
      data.close();
      throw UlmfitException.usage(
          corpus + ": prepared with words of its own, not the encoder's; give the raw corpus");
    }
    return data;
  }

  @Override
  public EmbeddingWeights fit(
      Recipe settled, PreparedClassifier data, Path kept, Consumer<String> notes, Stop stop) {
    EncoderReading reading = reading(notes);
    Embeddings embeddings =
        Embeddings.kept(
            embedder.encoder(reading),
            shared != null ? shared : kept.resolve("embeddings.bin"),
            embedder.sha256());
    try {
      if (embeddings.size() > 0 && shared == null) {
        notes.accept(line("%,d texts were embedded before", embeddings.size()));
      }
      DenseMatrix x = new DenseMatrix(vectors("train", embeddings, data.train(), notes, stop));
      vectors("valid", embeddings, data.valid(), notes, stop); // here it can be stopped
      if (data.test() != null) {
        vectors("test", embeddings, data.test(), notes, stop);
      }
      return new EmbeddingWeights(
          embeddings, reading, model(settled, data, x, notes, stop), embedder.unknown());
    } catch (RuntimeException | Error e) {
      embeddings.close();
      throw e;
    }
  }

  private float[][] vectors(
      String split, Embeddings embeddings, TokenStore store, Consumer<String> notes, Stop stop) {
    int[][] documents = new int[store.size()][];
    Arrays.setAll(documents, store::ids);
    int[][] texts = EmbeddingInference.pieces(documents, embedder.unknown());
    long start = System.nanoTime();
    long[] told = {start};
    int[] all = {0};
    float[][] vectors =
        embeddings.of(
            texts,
            (done, pieces, read) -> {
              all[0] = read;
              if (System.nanoTime() - told[0] > TELL_NANOS && done < texts.length) {
                told[0] = System.nanoTime();
                notes.accept(line("%s: %,d of %,d texts embedded", split, done, texts.length));
              }
            },
            stop);
    double seconds = Math.max(1e-3, (System.nanoTime() - start) / 1e9);
    notes.accept(
        all[0] == 0
            ? line("%s: %,d texts, all embedded before", split, texts.length)
            : line(
                "%s: %,d texts, %,d embedded in %.1f s, %.0f texts/s",
                split, texts.length, all[0], seconds, all[0] / seconds));
    return vectors;
  }

  private static String line(String format, Object... what) {
    return Shown.format(format, what);
  }

  private static DenseModel model(
      Recipe settled, PreparedClassifier data, DenseMatrix x, Consumer<String> notes, Stop stop) {
    int[] all = IntStream.range(0, data.train().size()).toArray();
    Truth truth = NgramRows.truth(data);
    float @Nullable [] weights = ClassWeights.of(settled, data);
    var learner = new DenseRegression(weights, SolverSettings.seeded(settled.seed()));
    Recipe.Embedding asked = settled.embedding();
    Strength.Plan plan = NgramFitting.plan(asked.strengths(), asked.folds(), settled, data);
    double strength = asked.strengths().get(0);
    if (asked.strengths().size() > 1) {
      Strength.Choice choice = Strength.choose(learner, x, truth, plan, stop, notes);
      strength = choice.strength();
      notes.accept(
          "strength: C = "
              + strength
              + (choice.atEdge()
                  ? ", at the edge of those tried; embedding.strengths has more"
                  : ""));
    }
    DenseModel model = learner.on(x, truth, all).at(strength, stop);
    if (!model.settled()) {
      notes.accept("WARNING: the solver ended before it settled; try smaller embedding.strengths");
    }
    return model;
  }

  @Override
  public ClassifierResult result(
      Recipe settled, PreparedClassifier data, EmbeddingWeights model, Path run) {
    try (Inference inference =
        new EmbeddingInference(
            model.embeddings(), model.model(), data.labelling(), model.unknown())) {
      return ClassifierResult.measured(
              run.resolve(kind()), inference, data, settled.classifier(), Optional.empty())
          .saved(model.embeddings().saved());
    }
  }

  @Override
  public void save(
      Recipe settled, PreparedClassifier data, EmbeddingWeights model, ClassifierResult result) {
    ModelConfig config =
        config(
                Recipes.word(settled.classifier().family()),
                model.config(embedder.sha256(), data.labels().size()),
                settled,
                data,
                result.output())
            .withTemperature(result.temperature());
    Map<String, Object> origin = origin(data);
    origin.put("embedder", path + ", sha256 " + embedder.sha256());
    new ModelWriter(
            config,
            data.vocab(),
            settled,
            null,
            origin,
            result.metrics(true),
            evidence(data, result, true, !NeuralTraining.isByTest(settled.classifier())),
            data.tokenizer())
        .write(
            result.model(),
            true,
            model.entries(),
            data.labels(),
            dir -> embedder.copyModel(dir.resolve(EncoderUse.MODEL)));
  }
}
