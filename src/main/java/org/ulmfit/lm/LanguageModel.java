package org.ulmfit.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.nn.Parameter;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.TiedDecoder;
import org.ulmfit.nn.Weights;
import org.ulmfit.run.Training;

/** The AWD-LSTM language model: encoder and tied decoder. Tensor names are fastai 2's. */
public final class LanguageModel implements Training.Model {

  private static final String ENCODER = "0.";
  private static final String DECODER = "1.";

  private final NDManager manager;
  private final Kernels kernels;
  private final AwdLstmSizes architecture;
  private final AwdLstm encoder;
  private final TiedDecoder decoder;

  /** A model with random weights (seed the engine first). */
  public LanguageModel(NDManager parent, Kernels kernels, AwdLstmSizes architecture) {
    this(parent, kernels, architecture, Weights.RANDOM);
  }

  public LanguageModel(
      NDManager parent, Kernels kernels, AwdLstmSizes architecture, Weights weights) {
    this.manager = parent.newSubManager();
    this.kernels = kernels;
    this.architecture = architecture;
    this.encoder = new AwdLstm(manager, kernels, sizes(architecture), weights);
    int rows = TiedDecoder.chunkRows(kernels.arithmetic(), architecture.vocabularySize());
    this.decoder = new TiedDecoder(manager, encoder, architecture.decoderBias(), rows);
  }

  /** The encoder's sizes. */
  public static AwdLstm.Sizes sizes(AwdLstmSizes a) {
    return new AwdLstm.Sizes(a.vocabularySize(), a.embeddingSize(), a.hiddenSize(), a.layers());
  }

  public NDManager manager() {
    return manager;
  }

  public Kernels kernels() {
    return kernels;
  }

  public AwdLstmSizes architecture() {
    return architecture;
  }

  public AwdLstm encoder() {
    return encoder;
  }

  public TiedDecoder decoder() {
    return decoder;
  }

  /**
   * One group for each LSTM, then embedding and decoder together, whose matrix they share (fastai
   * awd_lstm_lm_split).
   */
  @Override
  public List<LayerGroup> groups() {
    List<LayerGroup> groups = new ArrayList<>();
    for (int l = 0; l < architecture.layers(); l++) {
      groups.add(new LayerGroup("lstm " + l, encoder.layer(l)));
    }
    List<Parameter> last = new ArrayList<>(List.of(encoder.embedding()));
    if (decoder.hasBias()) {
      last.add(decoder.bias());
    }
    groups.add(new LayerGroup("embedding, decoder", last));
    return groups;
  }

  /** All tensors under their file names; the tied decoder weight is not repeated. */
  public Map<String, NDArray> tensors() {
    Map<String, NDArray> all = new LinkedHashMap<>();
    encoderTensors().forEach((name, array) -> all.put(ENCODER + name, array));
    if (decoder.hasBias()) {
      all.put(DECODER + decoder.bias().name(), decoder.bias().value());
    }
    return all;
  }

  /** The encoder's tensors under the names of an encoder file. */
  public Map<String, NDArray> encoderTensors() {
    Map<String, NDArray> all = new LinkedHashMap<>();
    encoder.parameters().forEach(p -> all.put(p.name(), p.value()));
    return all;
  }

  /**
   * Starts the decoder's bias, if it has one, at the log of each word's share of a text, times the
   * number of words: before anything is learned, words are predicted by their frequency. A word
   * that never occurs counts as one that occurs once.
   *
   * @param counts occurrences by word
   */
  public void startBias(long[] counts) {
    if (!decoder.hasBias()) {
      return;
    }
    double mean = (double) Arrays.stream(counts).sum() / counts.length;
    FloatBuffer bias = FloatBuffer.allocate(counts.length);
    for (long count : counts) {
      bias.put((float) Math.log(Math.max(1, count) / mean));
    }
    Tensors.set(decoder.bias().value(), bias.flip());
  }

  @Override
  public void close() {
    manager.close();
  }
}
