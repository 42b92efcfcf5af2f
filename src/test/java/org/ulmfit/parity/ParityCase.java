package org.ulmfit.parity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.ulmfit.io.Safetensors;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.TokenStoreWriter;

/**
 * What running fastai computed: a folder that {@code scripts/parity} wrote.
 *
 * <pre>
 * case.json             {"kind": "lm", "vocabulary": 40, ...}
 * tensors.safetensors   weights/NAME, 0/x, 0/logits, 0/gradient/NAME ...
 * </pre>
 *
 * The committed ones are small; {@code -Dulmfit.parity=DIR} names others.
 */
public final class ParityCase implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final JsonNode facts;
  private final Safetensors.Reader tensors; // null: the case has none

  private ParityCase(Path folder) {
    this.folder = folder;
    this.facts = json(folder.resolve("case.json"));
    Path file = folder.resolve("tensors.safetensors");
    this.tensors = Files.exists(file) ? Safetensors.Reader.open(file) : null;
  }

  /** One test for each case of a kind; there must be one. */
  public static Stream<DynamicTest> tests(String kind, Consumer<ParityCase> test) {
    Path root = Path.of(System.getProperty("ulmfit.parity", "src/test/resources/parity"));
    List<DynamicTest> tests = new ArrayList<>();
    for (Path folder : folders(root)) {
      if (json(folder.resolve("case.json")).path("kind").asText().equals(kind)) {
        tests.add(
            DynamicTest.dynamicTest(folder.getFileName().toString(), () -> run(folder, test)));
      }
    }
    if (tests.isEmpty()) {
      throw new AssertionError(root + ": no case of kind " + kind);
    }
    return tests.stream();
  }

  static ParityCase open(Path folder) {
    return new ParityCase(folder);
  }

  private static void run(Path folder, Consumer<ParityCase> test) {
    try (ParityCase c = open(folder)) {
      test.accept(c);
    }
  }

  private static List<Path> folders(Path root) {
    try (Stream<Path> entries = Files.list(root)) {
      return entries.filter(e -> Files.exists(e.resolve("case.json"))).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode json(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public String name() {
    return folder.getFileName().toString();
  }

  /** A fact of {@code case.json}. */
  public JsonNode fact(String key) {
    return facts.required(key);
  }

  public int number(String key) {
    return fact(key).intValue();
  }

  /** Another JSON file of the folder. */
  JsonNode file(String name) {
    return json(folder.resolve(name));
  }

  /** A file of JSON lines. */
  public List<JsonNode> lines(String name) {
    try {
      List<JsonNode> rows = new ArrayList<>();
      for (String line : Files.readString(folder.resolve(name)).split("\n")) {
        rows.add(JSON.readTree(line));
      }
      return rows;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  boolean contains(String name) {
    return tensors.contains(name);
  }

  public Safetensors.Info info(String name) {
    return tensors.info(name);
  }

  public FloatBuffer buffer(String name) {
    return tensors.floats(name);
  }

  public float[] floats(String name) {
    float[] values = new float[(int) tensors.info(name).elements()];
    tensors.floats(name).get(values);
    return values;
  }

  public double[] doubles(String name) {
    double[] values = new double[(int) tensors.info(name).elements()];
    tensors.bytes(name).asDoubleBuffer().get(values);
    return values;
  }

  public long[] longs(String name) {
    long[] values = new long[(int) tensors.info(name).elements()];
    tensors.longs(name).get(values);
    return values;
  }

  /** Names below a prefix, without it. */
  public Set<String> names(String prefix) {
    Set<String> names = new TreeSet<>();
    for (String name : tensors.tensors().keySet()) {
      if (name.startsWith(prefix + "/")) {
        names.add(name.substring(prefix.length() + 1));
      }
    }
    return names;
  }

  /** The documents of a case: {@code ids} cut by {@code lengths}. */
  public int[][] documents() {
    return documents("");
  }

  /** Others of a case, whose ids and lengths have names that begin so. */
  public int[][] documents(String prefix) {
    long[] ids = longs(prefix + "ids");
    long[] lengths = longs(prefix + "lengths");
    int[][] documents = new int[lengths.length][];
    int at = 0;
    for (int d = 0; d < documents.length; d++) {
      documents[d] = new int[(int) lengths[d]];
      for (int i = 0; i < documents[d].length; i++) {
        documents[d][i] = (int) ids[at++];
      }
    }
    return documents;
  }

  /**
   * The documents as a token store in a folder.
   *
   * @param labels of the documents; null: none
   */
  public TokenStore store(Path dir, long[] labels) {
    Path file = dir.resolve(name() + ".tokens");
    int[][] documents = documents();
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      for (int d = 0; d < documents.length; d++) {
        int[] own = labels == null ? new int[0] : new int[] {(int) labels[d]};
        writer.append("doc" + d, documents[d], own);
      }
      writer.finish();
    }
    return TokenStore.open(file);
  }

  /**
   * Settings of a recipe that trains as the case was trained by {@code fit_one_cycle}.
   *
   * @param task {@code lm} or {@code classifier}
   */
  public List<String> training(String task) {
    return List.of(
        task + ".optimizer.beta2=0.99",
        task + ".optimizer.epsilon=" + fact("epsilon").doubleValue(),
        task + ".optimizer.epsilonMode=after-correction",
        task + ".optimizer.weightDecay=" + fact("weightDecay"),
        task + ".optimizer.decay=decoupled",
        task + ".optimizer.decayNormAndBias=false",
        task + ".optimizer.clip=0",
        task + ".stages=[" + oneCycle() + "]");
  }

  /** The phase of a recipe that trains as the case was trained by {@code fit_one_cycle}. */
  private String oneCycle() {
    JsonNode slice = fact("slice");
    return String.format(
        Locale.ROOT,
        "{freezeTo: 0, epochs: %d, rates: {slice: [%s, %s]}, schedule: {kind: one-cycle,"
            + " div: 25, divFinal: 1.0e+5, pctStart: 0.25, moms: %s}}",
        number("epochs"),
        slice.get(0).doubleValue(),
        slice.get(1).doubleValue(),
        fact("moms"));
  }

  @Override
  public void close() {
    if (tensors != null) {
      tensors.close();
    }
  }
}
