package org.ulmfit.interop;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.ulmfit.UlmfitException;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.model.ModelConfig;

/** Reads a model's sizes off its tensors' shapes, and refuses shapes that do not fit together. */
final class WeightsShapes {

  private final String where;
  private final FastaiNames names;
  private final WeightsFile weights;

  WeightsShapes(String where, FastaiNames names, WeightsFile weights) {
    this.where = where;
    this.names = names;
    this.weights = weights;
  }

  /**
   * Sizes of the AWD-LSTM.
   *
   * @throws UlmfitException (bad model) naming a tensor of another shape than the others ask for
   */
  AwdLstmSizes architecture() {
    long[] embedding = of(names.embedding(), 2);
    long hidden = of(names.encoder("rnns.0." + FastaiNames.RAW), 2)[1];
    boolean bias = names.sources().containsKey(FastaiNames.DECODER_BIAS);
    AwdLstmSizes a =
        new AwdLstmSizes(
            embedding[0],
            Math.toIntExact(embedding[1]),
            Math.toIntExact(hidden),
            names.layers(),
            bias || !names.kind().equals("lm"));
    for (int l = 0; l < a.layers(); l++) {
      long in = l == 0 ? a.embeddingSize() : a.hiddenSize();
      long out = l == a.layers() - 1 ? a.embeddingSize() : a.hiddenSize();
      String layer = "rnns." + l + ".";
      expect(names.encoder(layer + "module.weight_ih_l0"), 4 * out, in);
      expect(names.encoder(layer + FastaiNames.RAW), 4 * out, out);
      expect(names.encoder(layer + "module.bias_ih_l0"), 4 * out);
      expect(names.encoder(layer + "module.bias_hh_l0"), 4 * out);
    }
    if (bias) {
      expect(FastaiNames.DECODER_BIAS, a.vocabularySize());
    }
    return a;
  }

  /**
   * Sizes of a classifier's head; how documents are read for it is not in the file.
   *
   * @throws UlmfitException (bad model) as {@link #architecture}
   */
  ModelConfig.Head head(AwdLstmSizes a, String encoder, int bptt, int maxLength) {
    long hidden = of("1.layers.0.2.weight", 2)[0];
    long classes = of("1.layers.1.2.weight", 2)[0];
    boolean bias = names.sources().containsKey("1.layers.0.2.bias");
    long[][] sizes = {{3L * a.embeddingSize(), hidden}, {hidden, classes}};
    for (int k = 0; k < 2; k++) {
      String block = "1.layers." + k + ".";
      for (String tensor : List.of("0.weight", "0.bias", "0.running_mean", "0.running_var")) {
        expect(block + tensor, sizes[k][0]);
      }
      expect(block + "2.weight", sizes[k][1], sizes[k][0]);
      if (bias) {
        expect(block + "2.bias", sizes[k][1]);
      }
    }
    return new ModelConfig.Head(
        Math.toIntExact(classes), Math.toIntExact(hidden), bias, encoder, bptt, maxLength);
  }

  /** Shape of one of our tensors. */
  long[] of(String ours, int dimensions) {
    String name = names.sources().get(ours);
    if (name == null) {
      throw UlmfitException.badModel(where + ": lacks tensor " + ours);
    }
    long[] shape = weights.tensor(name).shape();
    if (shape.length != dimensions) {
      throw misfit(name, shape, dimensions + " dimensions");
    }
    return shape;
  }

  private void expect(String ours, long... needed) {
    long[] shape = of(ours, needed.length);
    if (!Arrays.equals(shape, needed)) {
      throw misfit(names.source(ours), shape, text(needed));
    }
  }

  private UlmfitException misfit(String name, long[] shape, String needed) {
    return UlmfitException.badModel(
        where
            + ": tensor "
            + name
            + " is "
            + text(shape)
            + " where the other tensors ask for "
            + needed
            + "; the file is damaged or no AWD-LSTM of fastai");
  }

  static String text(long[] shape) {
    return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(" x "));
  }
}
