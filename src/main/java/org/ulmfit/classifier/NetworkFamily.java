package org.ulmfit.classifier;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.model.NetworkSizes;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.TextNetwork;
import org.ulmfit.nn.TextNetwork.Body;
import org.ulmfit.nn.Weights;

/** Networks trained from random weights, or on word vectors, as a recipe calls them. */
record NetworkFamily(Recipe.Family family, Body body) implements Family {
  static final List<NetworkFamily> ALL =
      List.of(
          new NetworkFamily(Recipe.Family.MEAN_EMBEDDING, Body.NONE),
          new NetworkFamily(Recipe.Family.RNN, Body.RNN),
          new NetworkFamily(Recipe.Family.LSTM, Body.LSTM),
          new NetworkFamily(Recipe.Family.BILSTM, Body.BILSTM),
          new NetworkFamily(Recipe.Family.SEPCNN, Body.SEPARABLE),
          new NetworkFamily(Recipe.Family.DGCNN, Body.GATED));

  private static final List<String> READ = // by all, of network
      List.of(
          "embeddingSize",
          "vectors",
          "trainEmbedding",
          "embeddingNorm",
          "embeddingDropout",
          "spatialDropout",
          "pooling",
          "masking",
          "length",
          "keep",
          "hidden",
          "dropout");

  @Override
  public String name() {
    return Recipes.word(family);
  }

  @Override
  public boolean onEngine() {
    return true;
  }

  @Override
  public boolean startsFromEncoder() {
    return false;
  }

  @Override
  public List<String> keys() {
    List<String> own =
        switch (body) {
          case NONE -> List.of();
          case RNN, LSTM -> List.of("units");
          case BILSTM -> List.of("units", "lastForward");
          case SEPARABLE -> List.of("units", "kernelSize", "poolSize", "blockDropout");
          case GATED -> List.of("kernelSize", "dilations", "gateDropout");
        };
    return Stream.concat(
            FamilyKeys.TRAINED.stream(),
            Stream.concat(READ.stream(), own.stream()).map(key -> "network." + key))
        .toList();
  }

  @Override
  public NetworkTraining work(Start start, Corpus corpus, int limit, Recipe recipe) {
    return new NetworkTraining(this, corpus, limit, recipe);
  }

  /** Sizes of a saved network, or of one to be trained. */
  TextNetwork.Sizes sizes(NetworkSizes n) {
    return new TextNetwork.Sizes(
        Math.toIntExact(n.vocabularySize()),
        n.embeddingSize(),
        n.embeddingNorm(),
        body,
        n.units(),
        n.lastForward(),
        n.kernelSize(),
        n.poolSize(),
        n.dilations(),
        TextNetwork.Pooling.valueOf(Recipes.choice(Recipe.Pooling.class, n.pooling()).name()),
        n.hidden(),
        n.classes());
  }

  @Override
  public Inference open(Opening saved) {
    return new NetworkInference(network(saved), reading(saved), true);
  }

  @Override
  public Explainer explainer(Opening saved, Supplier<Inference> answers) {
    return new IntegratedGradients(new EmbeddedNetwork(network(saved), reading(saved)));
  }

  private TextNetwork network(Opening saved) {
    Backend backend = saved.engine().get();
    TextNetwork network =
        new TextNetwork(
            backend.manager(),
            backend.kernels(),
            sizes(saved.config().sizes(NetworkSizes.class)),
            TextNetwork.Dropouts.NONE,
            Weights.ZERO);
    network.tensors().forEach((name, array) -> Tensors.read(saved.weights(), name, array));
    return network;
  }

  private static NetworkReading reading(Opening saved) {
    NetworkSizes sizes = saved.config().sizes(NetworkSizes.class);
    return NetworkReading.of(sizes, Marks.read(saved.weights()), saved.padId());
  }
}
