package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.NetworkSizes;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.TextNetwork;
import org.ulmfit.nn.Weights;
import org.ulmfit.prepare.PreparedClassifier;
import org.ulmfit.run.Trained;
import org.ulmfit.vocab.Vocab;
import org.ulmfit.vocab.WordVectors;

/** Trains a network from random weights, or on word vectors. */
final class NetworkTraining extends FreshTraining<TextModel> {
  private static final String NONE = "none";

  private final NetworkFamily family;
  private final @Nullable WordVectors vectors;

  /**
   * @throws UlmfitException (usage) if the recipe's keys contradict each other
   */
  NetworkTraining(NetworkFamily family, Corpus corpus, int limit, Recipe recipe) {
    super(corpus, limit, recipe);
    this.family = family;
    String file = recipe.network().vectors();
    check(recipe.network(), !file.equals(NONE));
    this.vectors = file.equals(NONE) ? null : WordVectors.open(Path.of(file));
    int width = recipe.network().embeddingSize();
    refuse(
        vectors != null && vectors.width() != width,
        file
            + ": its words have "
            + (vectors == null ? 0 : vectors.width())
            + " numbers, network.embeddingSize is "
            + width
            + "; set network.embeddingSize to the file's");
  }

  private void check(Recipe.Network n, boolean onVectors) {
    boolean recurrent =
        switch (family.body()) {
          case RNN, LSTM, BILSTM -> true;
          case NONE, SEPARABLE, GATED -> false;
        };
    refuse(
        n.embeddingSize() == 0 && !recurrent,
        "network.embeddingSize=0 (one-hot words) is for rnn, lstm and bilstm, not for "
            + family.name());
    refuse(
        n.embeddingSize() == 0 && (onVectors || n.embeddingNorm() || !n.trainEmbedding()),
        "network.embeddingSize=0 (one-hot words) leaves no embedding for network.vectors,"
            + " embeddingNorm or trainEmbedding=false");
    refuse(
        n.pooling() == Recipe.Pooling.LAST && !recurrent,
        "network.pooling=last is for layers that read in order, not for "
            + family.name()
            + "; use mean, max or mean-max");
    refuse(
        !n.masking() && n.length() == 0,
        "network.masking=false fills documents up to network.length, which is 0 (all tokens)");
    refuse(
        !n.trainEmbedding() && !onVectors,
        "network.trainEmbedding=false without network.vectors would leave random word vectors");
  }

  private static void refuse(boolean wrong, String problem) {
    if (wrong) {
      throw UlmfitException.usage(problem);
    }
  }

  @Override
  public Map<String, Path> inputs() {
    return vectors == null ? Map.of() : Map.of("word vectors", vectors.file());
  }

  @Override
  public long weightsStream() {
    return -3;
  }

  @Override
  public TextModel model(Recipe settled, PreparedClassifier data, Backend backend) {
    Recipe.Network n = settled.network();
    Vocab vocab = data.vocab();
    NetworkSizes sizes = sizes(settled, data);
    TextNetwork network =
        new TextNetwork(
            backend.manager(),
            backend.kernels(),
            family.sizes(sizes),
            new TextNetwork.Dropouts(
                n.embeddingDropout(),
                n.spatialDropout(),
                n.blockDropout(),
                n.gateDropout(),
                n.dropout()),
            Weights.RANDOM);
    NetworkReading reading =
        NetworkReading.of(sizes, Marks.of(settled.text().rules(), vocab), vocab.padId());
    return new NetworkModel(network, reading, n.trainEmbedding());
  }

  private static NetworkSizes sizes(Recipe settled, PreparedClassifier data) {
    return NetworkSizes.of(data.vocab().size(), data.labels().size(), settled.network());
  }

  @Override
  public boolean begin(
      Recipe settled, PreparedClassifier data, TextModel model, Consumer<String> notes) {
    if (vectors != null) {
      NDArray table = ((NetworkModel) model).network().embedding().value();
      Tensors.set(table, FloatBuffer.wrap(onVectors(vectors, table, settled, data, notes)));
    }
    return false;
  }

  /** Word vectors by id; a word without one has zeros where the embedding is not trained. */
  private static float[] onVectors(
      WordVectors vectors,
      NDArray table,
      Recipe settled,
      PreparedClassifier data,
      Consumer<String> notes) {
    Vocab vocab = data.vocab();
    float[] values =
        settled.network().trainEmbedding()
            ? table.toFloatArray()
            : new float[Math.toIntExact(table.size())];
    boolean[] known = new boolean[vocab.size()];
    WordVectors.Found found = vectors.into(vocab, values, known);
    long[] counts = data.train().counts(vocab.size());
    Marks marks = Marks.of(settled.text().rules(), vocab);
    long all = 0;
    long covered = 0;
    for (int id : marks.without(IntStream.range(0, vocab.size()).toArray())) {
      all += counts[id];
      covered += known[id] ? counts[id] : 0;
    }
    notes.accept(
        Shown.format(
            "word vectors: %s has %,d words, %,d of the vocabulary's %,d (%,d of them with capital"
                + " letters only), %.1f%% of the training tokens; the others begin with %s",
            vectors.file(),
            found.words(),
            found.found(),
            vocab.size(),
            found.otherwise(),
            100.0 * covered / Math.max(1, all),
            settled.network().trainEmbedding() ? "random numbers" : "zeros and stay so"));
    if (covered == 0) {
      throw UlmfitException.usage(
          vectors.file() + ": has no word of the training texts; give vectors of their language");
    }
    return values;
  }

  @Override
  ModelConfig config(Trained<PreparedClassifier, TextModel> trained, ClassifierResult result) {
    return config(
        family.name(),
        sizes(trained.recipe(), trained.data()),
        trained.recipe(),
        trained.data(),
        result.output());
  }

  @Override
  Map<String, Object> origins(PreparedClassifier data) {
    Map<String, Object> origin = origin(data);
    if (vectors != null) {
      origin.put("word vectors", vectors.file().getFileName().toString());
    }
    return origin;
  }
}
