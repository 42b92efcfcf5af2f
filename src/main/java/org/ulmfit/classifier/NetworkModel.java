package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.Safetensors;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.nn.TextNetwork;
import org.ulmfit.vocab.TokenStore;

/**
 * A {@link TextNetwork} in training.
 *
 * @param trainsEmbedding whether its words' vectors are among what is trained
 */
record NetworkModel(TextNetwork network, NetworkReading reading, boolean trainsEmbedding)
    implements TextModel {

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
    List<LayerGroup> all = network.groups();
    return trainsEmbedding ? all : all.subList(1, all.size());
  }

  @Override
  public Map<String, NDArray> tensors() {
    return network.tensors();
  }

  @Override
  public List<Safetensors.Entry> entries() {
    List<Safetensors.Entry> entries = new ArrayList<>(TextModel.super.entries());
    entries.add(reading.marks().entry());
    return entries;
  }

  @Override
  public Forward forward(NDManager step, TokenStore train, int[] documents) {
    int[][] texts =
        Arrays.stream(documents).mapToObj(d -> reading.read(train.ids(d))).toArray(int[][]::new);
    TextNetwork.Output output = network.forward(step, reading.collate(texts), true);
    return Forward.of(
        step,
        output.logits(),
        () -> network.backward(step, output, reading.padded() ? -1 : reading.padId()));
  }

  @Override
  public int steps(int tokens, Recipe.Classifier settings) {
    int length = reading.length();
    return reading.padded() ? length : length == 0 ? tokens : Math.min(tokens, length);
  }

  @Override
  public long activationBytes(long tokens, Kernels.Arithmetic arithmetic) {
    return Math.round(tokens * network.floatsAStep() * Float.BYTES);
  }

  @Override
  public Inference inference() {
    return new NetworkInference(network, reading, false);
  }

  @Override
  public void close() {
    network.close();
  }
}
