package org.ulmfit.runtimes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.ModelWriter;
import org.ulmfit.vocab.Vocab;

/**
 * A classifier of random weights, the same for the same facts.
 *
 * @param layout masked or lesson
 */
public record RandomNetwork(
    String layout,
    boolean backward,
    boolean bias,
    int layers,
    int bptt,
    int maxLength,
    int classes) {

  private static final int VOCABULARY = 30;
  private static final int EMBEDDING = 6;
  private static final int HIDDEN = 9;
  private static final int HEAD = 7;

  /** Documents shorter and longer than what is pooled, of no token, and longer than a piece. */
  public static final List<Integer> LENGTHS =
      List.of(3, 0, 41, 1, 12, 600, 13, 24, 25, 17, 256, 512);

  /** All that differ in what they compute. */
  public static List<RandomNetwork> all() {
    return List.of(
        new RandomNetwork("masked", false, false, 3, 6, 24, 3),
        new RandomNetwork("masked", true, true, 2, 5, 13, 2),
        new RandomNetwork("masked", false, true, 1, 70, 10, 5),
        new RandomNetwork("lesson", false, true, 3, 6, 24, 2),
        new RandomNetwork("lesson", true, true, 2, 50, 700, 2));
  }

  /** Its name among the cases. */
  public String name() {
    return layout + (backward ? "-backward" : "") + "-" + layers + "-" + bptt + "-" + maxLength;
  }

  /** Writes its model folder. */
  public ModelFolder write(Path dir) {
    Recipe recipe =
        Recipes.load(
            null, List.of("model.embeddingSize=" + EMBEDDING, "model.hiddenSize=" + HIDDEN));
    ModelConfig config =
        new ModelConfig(
            "classifier",
            ModelConfig.AWD_LSTM,
            backward ? "backward" : "forward",
            ModelFolder.FORMAT_VERSION,
            new ModelConfig.Architecture(VOCABULARY, EMBEDDING, HIDDEN, layers, true),
            null,
            ModelConfig.TextProfile.of(recipe.text()),
            null,
            new ModelConfig.Head(classes, HEAD, bias, layout, bptt, maxLength),
            null,
            null,
            null);
    List<String> words = new ArrayList<>(List.of("xxunk", "xxpad", "xxbos"));
    IntStream.range(3, VOCABULARY).forEach(i -> words.add("word" + i));
    List<String> labels = IntStream.range(0, classes).mapToObj(i -> "label" + i).toList();
    new ModelWriter(config, Vocab.of(words), recipe, null, Map.of(), Map.of(), null)
        .write(dir, false, tensors(), labels);
    return ModelFolder.open(dir, "classifier");
  }

  private List<Safetensors.Entry> tensors() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("0.module.encoder.weight", new long[] {VOCABULARY, EMBEDDING});
    for (int l = 0; l < layers; l++) {
      long in = l == 0 ? EMBEDDING : HIDDEN;
      long out = l == layers - 1 ? EMBEDDING : HIDDEN;
      String layer = "0.module.rnns." + l + ".";
      shapes.put(layer + "module.weight_ih_l0", new long[] {4 * out, in});
      shapes.put(layer + "weight_hh_l0_raw", new long[] {4 * out, out});
      shapes.put(layer + "module.bias_ih_l0", new long[] {4 * out});
      shapes.put(layer + "module.bias_hh_l0", new long[] {4 * out});
    }
    long[] widths = {3 * EMBEDDING, HEAD, classes};
    for (int k = 0; k < 2; k++) {
      String block = "1.layers." + k + ".";
      for (String norm : List.of("weight", "bias", "running_mean", "running_var")) {
        shapes.put(block + "0." + norm, new long[] {widths[k]});
      }
      shapes.put(block + "2.weight", new long[] {widths[k + 1], widths[k]});
      if (bias) {
        shapes.put(block + "2.bias", new long[] {widths[k + 1]});
      }
    }
    Random random = new Random(5);
    List<Safetensors.Entry> entries = new ArrayList<>();
    shapes.forEach((name, shape) -> entries.add(entry(name, shape, random)));
    return entries;
  }

  private static Safetensors.Entry entry(String name, long[] shape, Random random) {
    float[] values = new float[(int) (shape[0] * (shape.length == 2 ? shape[1] : 1))];
    for (int i = 0; i < values.length; i++) {
      double value = random.nextGaussian() * 0.6;
      values[i] = (float) (name.endsWith("running_var") ? 0.3 + Math.abs(value) : value);
    }
    return Safetensors.Entry.floats(name, shape, () -> values);
  }

  /** A document of each length; no padding in it. */
  public static int[][] documents() {
    Random random = new Random(11);
    return LENGTHS.stream().map(n -> random.ints(n, 2, VOCABULARY).toArray()).toArray(int[][]::new);
  }

  /** Documents side by side (documents, width), behind them a number that is no token's. */
  static long[][] padded(int[][] documents, int width) {
    long[][] ids = new long[documents.length][width];
    for (int d = 0; d < ids.length; d++) {
      java.util.Arrays.fill(ids[d], -7);
      for (int i = 0; i < documents[d].length; i++) {
        ids[d][i] = documents[d][i];
      }
    }
    return ids;
  }
}
