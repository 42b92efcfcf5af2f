package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ulmfit.io.Safetensors;
import org.ulmfit.ngram.NgramFeatures;
import org.ulmfit.nn.FeatureNetwork;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.vocab.TokenStore;

/** Dense layers on n-grams in training: what its documents have of them is found out once. */
final class NgramMlpModel implements TextModel {
  private final FeatureNetwork network;
  private final NgramFeatures features;
  private final Marks marks;
  private final List<NgramFeatures.Row> rows;

  /**
   * @param train the documents it will be trained on
   */
  NgramMlpModel(FeatureNetwork network, NgramFeatures features, Marks marks, TokenStore train) {
    this.network = network;
    this.features = features;
    this.marks = marks;
    this.rows =
        IntStream.range(0, train.size())
            .parallel()
            .mapToObj(d -> features.row(marks.without(train.ids(d))))
            .toList();
  }

  NgramFeatures features() {
    return features;
  }

  @Override
  public NDManager manager() {
    return network.manager();
  }

  @Override
  public Kernels kernels() {
    return network.kernels();
  }

  @Override
  public List<LayerGroup> groups() {
    return network.groups();
  }

  @Override
  public Map<String, NDArray> tensors() {
    return network.tensors();
  }

  @Override
  public List<Safetensors.Entry> entries() {
    List<Safetensors.Entry> entries = new ArrayList<>(TextModel.super.entries());
    entries.addAll(features.entries());
    entries.add(marks.entry());
    return entries;
  }

  @Override
  public Forward forward(NDManager step, TokenStore train, int[] documents) {
    List<NgramFeatures.Row> batch = Arrays.stream(documents).mapToObj(rows::get).toList();
    NDArray logits = network.forward(step, NgramMlpInference.batch(batch), true);
    return Forward.of(step, logits, () -> {});
  }

  /** A document's features are few beside the weights. */
  @Override
  public long activationBytes(long tokens, Kernels.Arithmetic arithmetic) {
    return tokens * Long.BYTES;
  }

  @Override
  public Inference inference() {
    return new NgramMlpInference(network, features, marks, false);
  }

  @Override
  public void close() {
    network.close();
  }
}
