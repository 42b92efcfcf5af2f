package org.ulmfit.runtimes;

import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.NetworkSizes;
import org.ulmfit.nn.TextNetwork.Body;

/**
 * A network trained from random weights, as {@link org.ulmfit.nn.TextNetwork} computes it: word
 * embedding, layers over the steps, pooling, dense layers.
 *
 * @param config sizes, and what is read of a document
 * @param body what the layers are
 */
record LayeredNetwork(NetworkSizes config, Body body, int padId) implements Network {

  static final String TABLE = "embedding.weight";

  /** The tokens that it leaves out. */
  static final String MARKS = "marks";

  LayeredNetwork(ModelConfig config, int padId) {
    this(config.sizes(NetworkSizes.class), body(config.family()), padId);
  }

  private static Body body(String family) {
    return switch (Recipes.choice(Recipe.Family.class, family)) {
      case MEAN_EMBEDDING -> Body.NONE;
      case RNN -> Body.RNN;
      case LSTM -> Body.LSTM;
      case BILSTM -> Body.BILSTM;
      case SEPCNN -> Body.SEPARABLE;
      case DGCNN -> Body.GATED;
      default -> throw UlmfitException.badModel("config.json: a " + family + " has no layers");
    };
  }

  boolean isRecurrent() {
    return body == Body.RNN || body == Body.LSTM || body == Body.BILSTM;
  }

  /** Layers between embedding and pooling. */
  int layers() {
    return switch (body) {
      case NONE -> 0;
      case RNN, LSTM, BILSTM, SEPARABLE -> config.units().size();
      case GATED -> config.dilations().size();
    };
  }

  /** Gates of a recurrent layer's unit. */
  int gates() {
    return body == Body.RNN ? 1 : 4;
  }

  /** Whether a recurrent layer reads in both directions. */
  boolean both(int layer) {
    return body == Body.BILSTM && !(config.lastForward() && layer == layers() - 1);
  }

  /** Width of the table's rows. */
  int tableWidth() {
    int gates = gates() * (config.units().isEmpty() ? 0 : config.units().get(0));
    return config.embeddingSize() > 0 ? config.embeddingSize() : both(0) ? 2 * gates : gates;
  }

  /** Width of a step before a layer, and behind the last one. */
  int width(int layer) {
    if (layer == 0 || body == Body.GATED) {
      return tableWidth();
    }
    int units = config.units().get(layer - 1);
    return both(layer - 1) ? 2 * units : units;
  }

  /**
   * Columns of the last layer's steps that were read forward; all but of one in both directions.
   */
  int forwardWidth() {
    int width = width(layers());
    return isRecurrent() && both(layers() - 1) ? width / 2 : width;
  }

  /** Width of what pooling makes of the steps. */
  int pooled() {
    return (pooling() == Recipe.Pooling.MEAN_MAX ? 2 : 1) * width(layers());
  }

  Recipe.Pooling pooling() {
    return Recipes.choice(Recipe.Pooling.class, config.pooling());
  }

  /** Whether a document that is too long is read at its end. */
  boolean atEnd() {
    return Recipes.choice(Recipe.Keep.class, config.keep()) == Recipe.Keep.LAST;
  }

  static String name(int layer) {
    return "layers." + layer + ".";
  }

  /** Steps that a convolution sees before the one it stands at; the others come behind. */
  int before(int dilation) {
    return dilation * (config.kernelSize() - 1) / 2;
  }

  int after(int dilation) {
    return dilation * (config.kernelSize() - 1) - before(dilation);
  }

  /**
   * Where words are one-hot vectors, the table's row holds what a word adds to each direction's
   * gates: the matrix (gates, row) that takes one direction's out.
   */
  float[] part(int direction) {
    int gates = gates() * config.units().get(0);
    int row = tableWidth();
    float[] ones = new float[gates * row];
    for (int g = 0; g < gates; g++) {
      ones[g * row + direction * gates + g] = 1;
    }
    return ones;
  }

  @Override
  public String torchScript(TorchScriptText forward) {
    return new LayeredTorchScript(this, forward).logits();
  }

  @Override
  public String onnx(OnnxGraph graph) {
    return new LayeredOnnx(this, graph).logits();
  }
}
