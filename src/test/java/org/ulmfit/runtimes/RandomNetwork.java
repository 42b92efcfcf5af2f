package org.ulmfit.runtimes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.model.Evidence;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.ModelWriter;
import org.ulmfit.model.NetworkSizes;
import org.ulmfit.vocab.Vocab;

/**
 * A classifier of random weights, the same for the same facts.
 *
 * @param name among the cases
 * @param recipe with its sizes
 */
public record RandomNetwork(String name, Recipe recipe, ModelConfig config) {

  private static final int VOCABULARY = 30;
  private static final int EMBEDDING = 6;
  private static final int HEAD = 7;
  private static final long[] MARKS = {4, 9};

  /** Documents shorter and longer than what is read or pooled, of no token, of several pieces. */
  private static final List<Integer> LENGTHS =
      List.of(3, 0, 41, 1, 12, 600, 13, 24, 25, 17, 256, 512);

  /** All that differ in what they compute. */
  public static List<RandomNetwork> all() {
    return Stream.concat(awdLstms().stream(), layered().stream()).toList();
  }

  static List<RandomNetwork> awdLstms() {
    return List.of(
        awdLstm("masked", false, 3, new ModelConfig.Head(3, HEAD, false, "masked", 6, 24)),
        awdLstm("masked-backward", true, 2, new ModelConfig.Head(2, HEAD, true, "masked", 5, 13)),
        awdLstm("masked-long", false, 1, new ModelConfig.Head(5, HEAD, true, "masked", 70, 10)),
        awdLstm("lesson", false, 3, new ModelConfig.Head(2, HEAD, true, "lesson", 6, 24)),
        awdLstm(
            "lesson-backward", true, 2, new ModelConfig.Head(2, HEAD, true, "lesson", 50, 700)));
  }

  private static List<RandomNetwork> layered() {
    String words = "embeddingSize: 6";
    return List.of(
        layered("mean-embedding", words + ", pooling: mean, length: 20, keep: last, hidden: [5]"),
        layered("rnn", words + ", units: [5, 4], masking: false, length: 30, pooling: last"),
        layered("lstm", words + ", units: [5, 4], pooling: last, length: 0, hidden: [9, 8]"),
        layered("bilstm", words + ", units: [5, 4], pooling: last, length: 40, keep: last"),
        layered("bilstm-stacked", words + ", units: [5, 4], lastForward: true, pooling: max"),
        layered("bilstm-one-hot", "embeddingSize: 0, units: [5], pooling: last, length: 40"),
        layered(
            "sepcnn",
            words + ", units: [9, 8, 7], kernelSize: 3, poolSize: 3, pooling: max, length: 50"),
        layered(
            "sepcnn-even",
            words + ", units: [9, 8], kernelSize: 4, poolSize: 2, pooling: mean, length: 0"),
        layered(
            "dgcnn",
            words
                + ", embeddingNorm: true, dilations: [1, 2, 4], kernelSize: 3,"
                + " pooling: mean-max, length: 100, hidden: [5]"));
  }

  private static RandomNetwork awdLstm(
      String name, boolean backward, int layers, ModelConfig.Head head) {
    Recipe recipe = Recipes.load(null, List.of("model.embeddingSize=6", "model.hiddenSize=9"));
    var architecture = new AwdLstmSizes(VOCABULARY, EMBEDDING, 9, layers, true);
    return new RandomNetwork(
        name, recipe, config(ModelConfig.AWD_LSTM, backward, recipe, architecture, null, head));
  }

  /** The family is the name's first part. */
  private static RandomNetwork layered(String name, String network) {
    String family = name.replaceAll("-(stacked|one-hot|even)", "");
    Recipe recipe =
        Recipes.parse(
            "classifier: {family: " + family + "}\nnetwork: {" + network + "}", name, List.of());
    var sizes = NetworkSizes.of(VOCABULARY, 3, recipe.network());
    return new RandomNetwork(name, recipe, config(family, false, recipe, null, sizes, null));
  }

  private static ModelConfig config(
      String family,
      boolean backward,
      Recipe recipe,
      AwdLstmSizes architecture,
      NetworkSizes network,
      ModelConfig.Head head) {
    return new ModelConfig(
        "classifier",
        family,
        backward ? "backward" : "forward",
        ModelFolder.FORMAT_VERSION,
        architecture,
        null,
        network,
        null,
        ModelConfig.TextProfile.of(recipe.text()),
        null,
        head,
        null,
        null,
        null,
        null);
  }

  /** Writes its model folder. */
  public ModelFolder write(Path dir) {
    List<String> words = new ArrayList<>(List.of("xxunk", "xxpad", "xxbos"));
    IntStream.range(3, VOCABULARY).forEach(i -> words.add("word" + i));
    List<String> labels = IntStream.range(0, config.classes()).mapToObj(i -> "label" + i).toList();
    new ModelWriter(config, Vocab.of(words), recipe, null, Map.of(), Map.of(), Evidence.NONE, null)
        .write(dir, false, tensors(), labels);
    return ModelFolder.open(dir, "classifier");
  }

  private List<Safetensors.Entry> tensors() {
    Random random = new Random(5);
    List<Safetensors.Entry> entries = new ArrayList<>();
    (config.network() == null ? awdLstmShapes() : layeredShapes())
        .forEach((name, shape) -> entries.add(entry(name, shape, scale(), random)));
    if (config.network() != null) {
      entries.add(Safetensors.Entry.longs("marks", new long[] {MARKS.length}, () -> MARKS));
    }
    return entries;
  }

  /** Smaller where layers add to what they read, so that what is rounded stays small. */
  private double scale() {
    return config.family().equals("dgcnn") ? 0.4 : 0.6;
  }

  private static Safetensors.Entry entry(String name, long[] shape, double scale, Random random) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      double value = random.nextGaussian() * scale;
      values[i] = (float) (name.endsWith("running_var") ? 0.3 + Math.abs(value) : value);
    }
    return Safetensors.Entry.floats(name, shape, () -> values);
  }

  private Map<String, long[]> awdLstmShapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("0.module.encoder.weight", new long[] {VOCABULARY, EMBEDDING});
    AwdLstmSizes a = config.awdLstm();
    for (int l = 0; l < a.layers(); l++) {
      long in = l == 0 ? EMBEDDING : a.hiddenSize();
      long out = l == a.layers() - 1 ? EMBEDDING : a.hiddenSize();
      String layer = "0.module.rnns." + l + ".";
      shapes.put(layer + "module.weight_ih_l0", new long[] {4 * out, in});
      shapes.put(layer + "weight_hh_l0_raw", new long[] {4 * out, out});
      shapes.put(layer + "module.bias_ih_l0", new long[] {4 * out});
      shapes.put(layer + "module.bias_hh_l0", new long[] {4 * out});
    }
    long[] widths = {3 * EMBEDDING, HEAD, config.classes()};
    for (int k = 0; k < 2; k++) {
      String block = "1.layers." + k + ".";
      norm(shapes, block + "0.", widths[k]);
      shapes.put(block + "2.weight", new long[] {widths[k + 1], widths[k]});
      if (config.head().bias()) {
        shapes.put(block + "2.bias", new long[] {widths[k + 1]});
      }
    }
    return shapes;
  }

  private static void norm(Map<String, long[]> shapes, String name, long width) {
    for (String tensor : List.of("weight", "bias", "running_mean", "running_var")) {
      shapes.put(name + tensor, new long[] {width});
    }
  }

  private Map<String, long[]> layeredShapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    NetworkSizes n = config.network();
    boolean both = config.family().equals("bilstm");
    int gates = config.family().equals("rnn") ? 1 : 4;
    long width = n.embeddingSize() > 0 ? EMBEDDING : gates * n.units().get(0) * (both ? 2 : 1);
    shapes.put("embedding.weight", new long[] {VOCABULARY, width});
    if (n.embeddingNorm()) {
      norm(shapes, "norm.", width);
    }
    boolean recurrent = config.family().matches("rnn|lstm|bilstm");
    for (int l = 0; recurrent && l < n.units().size(); l++) {
      boolean turned = both && !(n.lastForward() && l == n.units().size() - 1);
      width = recurrent(shapes, "layers." + l + ".", gates, width, n.units().get(l), turned);
      if (l == 0 && n.embeddingSize() == 0) {
        shapes.keySet().removeIf(name -> name.contains("weight_ih"));
      }
    }
    for (int l = 0; config.family().equals("sepcnn") && l < n.units().size(); l++) {
      for (int k = 0; k < 2; k++) {
        long filters = n.units().get(l);
        String own = "layers." + l + "." + k + ".";
        shapes.put(own + "depthwise", new long[] {width, 1, n.kernelSize()});
        shapes.put(own + "pointwise", new long[] {filters, width});
        shapes.put(own + "bias", new long[] {filters});
        width = filters;
      }
    }
    for (int l = 0; config.family().equals("dgcnn") && l < n.dilations().size(); l++) {
      shapes.put("layers." + l + ".weight", new long[] {2 * width, width, n.kernelSize()});
      shapes.put("layers." + l + ".bias", new long[] {2 * width});
    }
    dense(shapes, n.pooling().equals("mean-max") ? 2 * width : width);
    return shapes;
  }

  private static long recurrent(
      Map<String, long[]> shapes, String name, long gates, long in, long units, boolean both) {
    for (String end : both ? List.of("_l0", "_l0_reverse") : List.of("_l0")) {
      shapes.put(name + "weight_ih" + end, new long[] {gates * units, in});
      shapes.put(name + "weight_hh" + end, new long[] {gates * units, units});
      shapes.put(name + "bias_ih" + end, new long[] {gates * units});
    }
    return both ? 2 * units : units;
  }

  private void dense(Map<String, long[]> shapes, long features) {
    long in = features;
    List<Integer> hidden = config.network().hidden();
    for (int k = 0; k <= hidden.size(); k++) {
      boolean last = k == hidden.size();
      long out = last ? config.classes() : hidden.get(k);
      String name = last ? "output." : "hidden." + k + ".";
      shapes.put(name + "weight", new long[] {out, in});
      shapes.put(name + "bias", new long[] {out});
      in = out;
    }
  }

  /** A document of each length and one of marks; no padding in them. */
  static int[][] documents() {
    Random random = new Random(11);
    return Stream.concat(
            LENGTHS.stream().map(n -> random.ints(n, 2, VOCABULARY).toArray()),
            Stream.of(new int[] {4, 9, 4}))
        .toArray(int[][]::new);
  }

  /** Documents side by side (documents, width), behind them a number that is no token's. */
  static long[][] padded(int[][] documents, int width) {
    long[][] ids = new long[documents.length][width];
    for (int d = 0; d < ids.length; d++) {
      Arrays.fill(ids[d], -7);
      for (int i = 0; i < documents[d].length; i++) {
        ids[d][i] = documents[d][i];
      }
    }
    return ids;
  }
}
