package org.ulmfit.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.model.Evidence;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.ModelWriter;
import org.ulmfit.model.TestConfigs;
import org.ulmfit.vocab.Vocab;

/** Model folders of a few random weights: embedding 4, hidden 6, three layers, nine words. */
final class TinyModel {
  static final int EMBEDDING = 4;
  static final int HIDDEN = 6;
  static final List<String> WORDS =
      List.of("xxunk", "xxpad", "xxbos", "the", "\u00e9t\u00e9", "\n\n", "\"", "\ud83d\ude00", "a");

  private TinyModel() {}

  /** Shapes under our names. */
  static Map<String, long[]> shapes(String kind, boolean bias) {
    String prefix =
        switch (kind) {
          case "lm" -> "0.";
          case "classifier" -> "0.module.";
          default -> "";
        };
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put(prefix + "encoder.weight", new long[] {WORDS.size(), EMBEDDING});
    for (int l = 0; l < 3; l++) {
      long in = l == 0 ? EMBEDDING : HIDDEN;
      long out = l == 2 ? EMBEDDING : HIDDEN;
      String layer = prefix + "rnns." + l + ".";
      shapes.put(layer + "module.weight_ih_l0", new long[] {4 * out, in});
      shapes.put(layer + "weight_hh_l0_raw", new long[] {4 * out, out});
      shapes.put(layer + "module.bias_ih_l0", new long[] {4 * out});
      shapes.put(layer + "module.bias_hh_l0", new long[] {4 * out});
    }
    if (kind.equals("lm") && bias) {
      shapes.put("1.decoder.bias", new long[] {WORDS.size()});
    }
    if (kind.equals("classifier")) {
      long[] widths = {3 * EMBEDDING, 5, 2};
      for (int k = 0; k < 2; k++) {
        String block = "1.layers." + k + ".";
        shapes.put(block + "0.weight", new long[] {widths[k]});
        shapes.put(block + "0.bias", new long[] {widths[k]});
        shapes.put(block + "2.weight", new long[] {widths[k + 1], widths[k]});
        if (bias) {
          shapes.put(block + "2.bias", new long[] {widths[k + 1]});
        }
        shapes.put(block + "0.running_mean", new long[] {widths[k]});
        shapes.put(block + "0.running_var", new long[] {widths[k]});
      }
    }
    return shapes;
  }

  /** Random values of every shape, the same for the same seed. */
  static Map<String, float[]> values(Map<String, long[]> shapes, long seed) {
    Random random = new Random(seed);
    Map<String, float[]> values = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          float[] all = new float[(int) elements(shape)];
          IntStream.range(0, all.length).forEach(i -> all[i] = (float) random.nextGaussian());
          values.put(name, all);
        });
    return values;
  }

  static long elements(long[] shape) {
    long product = 1;
    for (long n : shape) {
      product *= n;
    }
    return product;
  }

  /** Writes a folder of that kind; its values are those of seed 1. */
  static Path write(Path dir, String kind, boolean bias) {
    Map<String, long[]> shapes = shapes(kind, bias);
    Map<String, float[]> values = values(shapes, 1);
    List<Safetensors.Entry> entries = new ArrayList<>();
    shapes.forEach(
        (name, shape) ->
            entries.add(Safetensors.Entry.floats(name, shape, () -> values.get(name))));
    boolean classifier = kind.equals("classifier");
    Recipe recipe = Recipes.load(null, List.of("model.embeddingSize=4", "model.hiddenSize=6"));
    int bptt = bias ? 70 : 72; // a head with biases is one of fastai 1
    ModelConfig config =
        TestConfigs.of(
            kind,
            new AwdLstmSizes(WORDS.size(), EMBEDDING, HIDDEN, 3, bias || classifier),
            recipe.text(),
            classifier ? new ModelConfig.Head(2, 5, bias, "masked", bptt, 20 * bptt) : null);
    new ModelWriter(
            config,
            Vocab.of(WORDS),
            recipe,
            null,
            Map.of("corpus", "none"),
            Map.of(),
            Evidence.NONE,
            null)
        .write(dir, false, entries, classifier ? List.of("neg", "pos") : null);
    return dir;
  }
}
