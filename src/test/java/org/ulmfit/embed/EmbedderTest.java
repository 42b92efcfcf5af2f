package org.ulmfit.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;

/** What is read of an encoder's files, what is refused, and what is kept of its work. */
class EmbedderTest {
  private static final Embedder.Wishes NONE = new Embedder.Wishes(null, null, 0, 4, 0);

  @TempDir Path dir;

  private static String told(Path encoder, Embedder.Wishes wishes) {
    List<String> lines = new ArrayList<>();
    Embedder.of(encoder).reading(wishes, lines::add);
    assertEquals(1, lines.size());
    return lines.get(0);
  }

  private static String refused(Path encoder) {
    Embedder.Wishes wishes = new Embedder.Wishes(Pooling.MEAN, null, 0, 4, 0);
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> Embedder.of(encoder).reading(wishes, l -> {}));
    assertTrue(e.kind() != UlmfitException.Kind.FAILURE, e.getMessage());
    return e.getMessage();
  }

  private static void has(String part, String line) {
    assertTrue(line.contains(part), line);
  }

  @Test
  void theCardsSayHow() throws IOException {
    assertEquals(
        "embedder: pooling mean (1_Pooling/config.json), normalised yes (modules.json), window 16"
            + " tokens (config.json)",
        told(Encoders.FOLDER, NONE));
    Path folder = Encoders.copy(dir.resolve("a"));
    Path pooling = folder.resolve("1_Pooling/config.json");
    Files.writeString(pooling, "{\"pooling_mode_cls_token\": true}");
    String dense = "[{\"type\": \"x.models.Pooling\"}, {\"type\": \"x.models.Dense\"}]";
    Files.writeString(folder.resolve("modules.json"), dense);
    UlmfitException module = assertThrows(UlmfitException.class, () -> Embedder.of(folder));
    has("modules.json: has a module Dense, which is not computed here", module.getMessage());
    Files.writeString(folder.resolve("modules.json"), "[{\"type\": \"x.Pooling\"}]");
    Files.writeString(folder.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 12}");
    assertEquals(
        "embedder: pooling first token (1_Pooling/config.json), normalised no (modules.json), window"
            + " 12 tokens (sentence_bert_config.json)",
        told(folder, NONE));
    has("pooling mean (as asked)", told(folder, new Embedder.Wishes(Pooling.MEAN, null, 0, 4, 0)));
    has("normalised yes (as asked)", told(folder, new Embedder.Wishes(null, true, 0, 4, 0)));
    has("window 9 tokens (as asked)", told(folder, new Embedder.Wishes(null, null, 9, 4, 0)));
    Files.writeString(pooling, "{\"pooling_mode_max_tokens\": true, \"word_embedding\": 3}");
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> Embedder.of(folder).reading(NONE, line -> {}));
    has("pools by max_tokens, where mean and first token", e.getMessage());
    has("pooling mean (as asked)", told(folder, new Embedder.Wishes(Pooling.MEAN, null, 0, 4, 0)));
    Files.writeString(pooling, "{");
    has("1_Pooling/config.json: not JSON at line 1", refused(folder));
  }

  @Test
  void whatIsGuessedIsTold() throws IOException {
    Path folder = Encoders.with(dir.resolve("a"), "quantised.onnx");
    Files.delete(folder.resolve("config.json"));
    assertEquals(
        "embedder: pooling mean (its files do not say, this is usual), normalised yes (its files do"
            + " not say, this is usual), window 512 tokens (its files do not say, this is usual)",
        told(folder, NONE));
    // its positions end at 16
    EncoderReading reading = Embedder.of(folder).reading(NONE, line -> {});
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> Embedder.of(folder).encoder(reading));
    assertEquals(UlmfitException.Kind.BAD_MODEL, e.kind());
    has("it does not read 512 tokens: ", e.getMessage());
    has("embedding.window", e.getMessage());
  }

  @Test
  void aJarOfLangChain4jSaysHow() throws IOException {
    Path jar = Encoders.langchain(dir.resolve("a.jar"), "CLS");
    has(
        "pooling first token (TinyEmbeddingModel.class), normalised yes (LangChain4j)",
        told(jar, NONE));
    has("pooling mean (TinyEmb", told(Encoders.langchain(dir.resolve("b.jar"), "MEAN"), NONE));
    has("pooling mean (its files", told(Encoders.langchain(dir.resolve("c.jar"), "MAX"), NONE));
  }

  @Test
  void whatIsNoEncoderIsRefusedInALine() throws IOException {
    has("no such folder or jar", refused(dir.resolve("nothing")));
    Path empty = Files.createDirectory(dir.resolve("empty"));
    has("no tokenizer.json; give a folder", refused(empty));
    Path folder = Encoders.copy(dir.resolve("without"));
    Files.delete(folder.resolve("model.onnx"));
    has("no model.onnx; export", refused(folder));
    Path text = Files.writeString(dir.resolve("a.onnx"), "a");
    has("neither a folder nor named *.jar", refused(text));
    has(
        "no jar that can be read: zip",
        refused(Files.writeString(dir.resolve("no.jar"), "a")).toLowerCase());
    has("holds no *.onnx", refused(Encoders.jar(dir.resolve("b.jar"), Map.of("a", new byte[1]))));
    byte[] model = Files.readAllBytes(Encoders.FOLDER.resolve("model.onnx"));
    Path half = Encoders.jar(dir.resolve("c.jar"), Map.of("a.onnx", model));
    has("holds no *tokenizer.json", refused(half));
    Path two = Encoders.jar(dir.resolve("d.jar"), Map.of("a.onnx", model, "b.onnx", model));
    has("holds 2 files *.onnx", refused(two));
    Map<String, String> models =
        Map.of(
            "other-input.onnx", "it asks for pixel_values",
            "float-ids.onnx", "it asks for input_ids",
            "no-ids.onnx", "it takes no input_ids",
            "rank4.onnx", "only [more of rank 4, type 1]",
            "external.onnx", "its weight words lies in another file, which is not opened");
    for (Map.Entry<String, String> one : models.entrySet()) {
      has(one.getValue(), refused(Encoders.with(dir.resolve(one.getKey()), one.getKey())));
    }
    Path broken = Encoders.copy(dir.resolve("broken"));
    Files.writeString(broken.resolve("model.onnx"), "no model");
    has("no ONNX model: ", refused(broken));
    Files.writeString(broken.resolve("tokenizer.json"), "{}");
    has("is not a HuggingFace tokenizer.json", refused(broken));
  }

  @Test
  void aModelThatPoolsItselfIsNotPooledAgain() throws IOException {
    Path folder = Encoders.with(dir.resolve("a"), "pooled.onnx");
    has("pooling its own (the model does it)", told(folder, NONE));
    has("leave embedding.pooling at auto", refused(folder));
  }

  @Test
  void idsOfEitherWidthAreGiven() throws IOException {
    Embedder embedder = Embedder.of(Encoders.with(dir.resolve("a"), "int32.onnx"));
    try (SentenceEncoder encoder = embedder.encoder(embedder.reading(NONE, line -> {}))) {
      assertEquals(8, encoder.vectors(new int[][] {{7, 8}})[0].length);
    }
  }

  @Test
  void damagedModelsAreRefusedAndNothingElse() throws IOException {
    byte[] whole = Files.readAllBytes(Encoders.FOLDER.resolve("model.onnx"));
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged =
          Arrays.copyOf(whole, i % 2 == 0 ? whole.length : random.nextInt(whole.length));
      for (int n = random.nextInt(4); n >= 0 && damaged.length > 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        assertNotNull(OnnxGraph.of(ByteBuffer.wrap(damaged)));
      } catch (IllegalArgumentException e) {
        assertNotNull(e.getMessage());
      }
    }
  }

  @Test
  void windowsCoverATextAndAreFull() {
    for (int pieces = 0; pieces < 60; pieces++) {
      int[] text = IntStream.range(100, 100 + pieces).toArray();
      for (int overlap = 0; overlap < 7; overlap++) {
        EncoderReading reading =
            new EncoderReading(Pooling.MEAN, true, 10, overlap, 0, new int[] {1}, new int[] {2, 3});
        int[][] windows = reading.windows(text);
        boolean[] read = new boolean[pieces];
        int before = -1;
        for (int[] window : windows) {
          assertEquals(1, window[0]);
          assertArrayEquals(
              new int[] {2, 3}, Arrays.copyOfRange(window, window.length - 2, window.length));
          assertEquals(Math.min(10, pieces + 3), window.length);
          for (int i = 1; i < window.length - 2; i++) {
            read[window[i] - 100] = true;
          }
          int first = window.length == 3 ? 0 : window[1] - 100;
          assertTrue(before < 0 || before + 7 - first >= overlap, "overlap");
          before = first;
        }
        assertTrue(IntStream.range(0, pieces).allMatch(i -> read[i]), pieces + " " + overlap);
        EncoderReading two =
            new EncoderReading(Pooling.MEAN, true, 10, overlap, 2, new int[] {1}, new int[] {2, 3});
        assertEquals(Math.min(2, windows.length), two.windows(text).length);
      }
    }
  }

  private static final int[][] TEXTS = {{7, 8, 9}, {}, {9}, {7, 8, 9}, {30, 31, 32, 33}};

  private static Embeddings open(Path file, Embedder embedder, Embedder.Wishes wishes) {
    EncoderReading reading = embedder.reading(wishes, line -> {});
    return Embeddings.kept(embedder.encoder(reading), file, embedder.sha256());
  }

  private static int read(Embeddings embeddings, float[][] expected) {
    int[] all = {0};
    float[][] found = embeddings.of(TEXTS, (texts, pieces, read) -> all[0] = read, new Stop());
    for (int t = 0; t < found.length; t++) {
      assertArrayEquals(expected[t], found[t]);
    }
    return all[0];
  }

  private static final int HEAD = 40; // magic and key of a file of vectors

  private static int recordSize(byte[] file, int records) {
    return (file.length - HEAD) / records;
  }

  /** What the vectors of a file took to make. */
  private static double seconds(byte[] file, int records) {
    int size = recordSize(file, records);
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    double sum = 0;
    for (int r = 1; r <= records; r++) {
      float seconds = bytes.getFloat(HEAD + r * size - 8);
      assertTrue(seconds > 0, "record " + r);
      sum += seconds;
    }
    return sum;
  }

  /** The same but for how long it took. */
  private static void assertSameVectors(byte[] expected, byte[] actual, int records) {
    assertEquals(expected.length, actual.length);
    int size = recordSize(expected, records);
    for (int r = 0; r < records; r++) {
      int from = HEAD + r * size;
      assertArrayEquals(
          Arrays.copyOfRange(expected, from, from + size - 8),
          Arrays.copyOfRange(actual, from, from + size - 8));
    }
  }

  @Test
  void eachTextIsReadOnceAndKept() throws IOException {
    Embedder embedder = Embedder.of(Encoders.FOLDER);
    Path file = dir.resolve("run/embeddings.bin");
    float[][] expected;
    try (SentenceEncoder encoder = embedder.encoder(embedder.reading(NONE, line -> {}))) {
      expected = encoder.vectors(TEXTS);
    }
    try (Embeddings first = open(file, embedder, NONE)) {
      assertEquals(4, read(first, expected));
      assertEquals(0, read(first, expected));
    }
    byte[] whole = Files.readAllBytes(file);
    try (Embeddings again = open(file, embedder, NONE)) {
      assertEquals(4, again.size());
      assertEquals(0, again.saved());
      assertEquals(0, read(again, expected));
      assertEquals(seconds(whole, 4), again.saved(), 1e-9); // a text that comes twice is saved once
      read(again, expected);
      assertEquals(seconds(whole, 4), again.saved(), 1e-9);
    }
    assertArrayEquals(whole, Files.readAllBytes(file));
    int one = (whole.length - HEAD) / 4;
    for (int cut = whole.length - one - 3; cut < whole.length; cut += one / 2) {
      Files.write(file, Arrays.copyOf(whole, cut)); // killed while it wrote
      try (Embeddings resumed = open(file, embedder, NONE)) {
        assertEquals((cut - HEAD) / one, resumed.size());
        assertEquals(4 - (cut - HEAD) / one, read(resumed, expected));
      }
      assertSameVectors(whole, Files.readAllBytes(file), 4);
    }
    byte[] damaged = whole.clone();
    damaged[HEAD + one + 40] ^= 1;
    Files.write(file, damaged);
    try (Embeddings mended = open(file, embedder, NONE)) {
      assertEquals(1, mended.size());
      assertEquals(3, read(mended, expected));
    }
    assertSameVectors(whole, Files.readAllBytes(file), 4);
    try (Embeddings other = open(file, embedder, new Embedder.Wishes(null, false, 0, 4, 0))) {
      assertEquals(0, other.size());
    }
    Path corpus = dir.resolve("corpus.csv");
    Files.writeString(corpus, "text,label\nmine,a\n".repeat(9));
    UlmfitException e = assertThrows(UlmfitException.class, () -> open(corpus, embedder, NONE));
    assertEquals(corpus + ": is no file of vectors; move it away", e.getMessage());
    assertEquals(9 * 18, Files.size(corpus), "it is as it was");
    Files.write(file, Arrays.copyOf(whole, 5)); // killed in its first bytes
    try (Embeddings anew = open(file, embedder, NONE)) {
      assertEquals(4, read(anew, expected));
    }
  }

  @Test
  void itStopsWhenAsked() {
    Embedder embedder = Embedder.of(Encoders.FOLDER);
    Stop stop = new Stop();
    stop.request();
    try (Embeddings embeddings = open(dir.resolve("a"), embedder, NONE)) {
      UlmfitException e =
          assertThrows(
              UlmfitException.class, () -> embeddings.of(TEXTS, (texts, pieces, read) -> {}, stop));
      assertEquals(UlmfitException.Kind.INTERRUPTED, e.kind());
    }
  }
}
