package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ulmfit.Golden;
import org.ulmfit.nn.DocumentEncoder.Layout;

/** Golden sections 11.1 to 11.3: chunks, padding and pooling of documents. */
@Tag("engine")
@Tag("parity")
class DocumentEncoderTest extends EngineFixture {

  private static final int PAD = 1;
  private static final float FORWARD = 1e-5f;

  private AwdLstm encoder;

  @BeforeEach
  void build() {
    encoder = new AwdLstm(manager, kernels, new AwdLstm.Sizes(6, 2, 3, 3));
    org.ulmfit.nn.Golden.fill(encoder);
  }

  private static JsonNode golden(String... path) {
    String[] full = new String[path.length + 1];
    full[0] = "mini_clas";
    System.arraycopy(path, 0, full, 1, path.length);
    return Golden.numeric(full);
  }

  private static DocumentEncoder.Batch batch(Layout layout, int[]... documents) {
    int time = Arrays.stream(documents).mapToInt(d -> d.length).max().orElseThrow();
    int rows = documents.length;
    long[] ids = new long[time * rows];
    Arrays.fill(ids, PAD);
    for (int row = 0; row < rows; row++) {
      int first = layout == Layout.LESSON ? time - documents[row].length : 0;
      for (int t = 0; t < documents[row].length; t++) {
        ids[(first + t) * rows + row] = documents[row][t];
      }
    }
    int[] lengths = Arrays.stream(documents).mapToInt(d -> d.length).toArray();
    return new DocumentEncoder.Batch(time, rows, ids, lengths);
  }

  private float[] pooled(Layout layout, int bptt, int maxLength, int[]... documents) {
    float[] plain = pooled(false, layout, bptt, maxLength, documents);
    if (kernels.packs()) {
      assertArrayEquals(plain, pooled(true, layout, bptt, maxLength, documents), FORWARD);
    }
    return plain;
  }

  private float[] pooled(
      boolean packed, Layout layout, int bptt, int maxLength, int[]... documents) {
    try (NDManager step = manager.newSubManager();
        InferenceEncoder reading = InferenceEncoder.of(step, encoder, packed)) {
      InferencePooling pooling = new InferencePooling(reading, layout, bptt, maxLength);
      return floats(pooling.pooled(step, batch(layout, documents)));
    }
  }

  @Test
  void lessonPadsOnTheLeftFeedsAndPoolsEverything() {
    int[][] documents = Golden.rowsOfInts(golden("docs"));
    long[] ids =
        Arrays.stream(Golden.rowsOfInts(golden("v07", "ids_TxB")))
            .flatMapToInt(Arrays::stream)
            .asLongStream()
            .toArray();
    assertArrayEquals(ids, batch(Layout.LESSON, documents).ids());
    assertArrayEquals(
        flat(golden("v07", "pooled")), pooled(Layout.LESSON, 3, 100, documents), FORWARD);
    assertArrayEquals(
        flat(golden("v07", "pooled_maxseq6")), pooled(Layout.LESSON, 3, 6, documents), FORWARD);
  }

  @Test
  void maskedPoolsWhatEachDocumentWouldPoolAlone() {
    int[][] documents = Golden.rowsOfInts(golden("docs"));
    float[] batch = pooled(Layout.MASKED, 3, 100, documents);
    assertArrayEquals(flat(golden("fastai2", "pooled")), batch, FORWARD);
    assertArrayEquals(flat(golden("each_document_alone")), batch, FORWARD);
    assertAlone(flat(golden("each_document_alone")), documents);
  }

  private void assertAlone(float[] expected, int[]... documents) {
    for (int d = 0; d < documents.length; d++) {
      float[] row = Arrays.copyOfRange(expected, 6 * d, 6 * d + 6);
      assertArrayEquals(row, pooled(Layout.MASKED, 3, 100, documents[d]), FORWARD);
    }
  }

  @Test
  void maskedWhereTheLongestIsAMultipleOfTheChunk() {
    int[][] documents = {{2, 3, 4, 5, 2, 3}, {5, 4, 3}, {3, 2}};
    int[][] golden = Golden.rowsOfInts(golden("fastai2_longest_multiple", "ids_BxT"));
    for (int d = 0; d < documents.length; d++) {
      assertArrayEquals(documents[d], Arrays.stream(golden[d]).filter(id -> id != PAD).toArray());
    }
    float[] expected = flat(golden("fastai2_longest_multiple", "each_alone"));
    assertArrayEquals(expected, pooled(Layout.MASKED, 3, 100, documents), FORWARD);
  }

  /** fastai#3379: the one-token document is read, where fastai 2 pools zeros. */
  @Test
  void aShortDocumentBesideLongerOnesIsNotLost() {
    int[][] documents = Golden.rowsOfInts(golden("fastai2_bug_3379", "docs"));
    float[] expected = flat(golden("fastai2_bug_3379", "pooled_each_alone"));
    assertArrayEquals(expected, pooled(Layout.MASKED, 3, 100, documents), FORWARD);
    assertAlone(expected, documents);
    float[] fastai = flat(golden("fastai2_bug_3379", "pooled_fastai2"));
    assertTrue(Math.abs(fastai[24] - expected[24]) > .01, "the golden case shows no defect");
  }

  /** A batch of n equals n singles, whatever the lengths, chunks and bounds. */
  @Test
  void aBatchEqualsItsRowsAlone() {
    Random random = new Random(1);
    for (int trial = 0; trial < 60; trial++) {
      int bptt = 1 + random.nextInt(5);
      int maxLength = bptt * (1 + random.nextInt(4));
      int[][] documents = new int[1 + random.nextInt(6)][];
      for (int d = 0; d < documents.length; d++) {
        documents[d] = random.ints(1 + random.nextInt(17), 0, 6).toArray();
      }
      float[] batch = pooled(Layout.MASKED, bptt, maxLength, documents);
      for (int d = 0; d < documents.length; d++) {
        assertArrayEquals(
            pooled(Layout.MASKED, bptt, maxLength, documents[d]),
            Arrays.copyOfRange(batch, 6 * d, 6 * d + 6),
            2e-6f,
            "document " + d + " of " + Arrays.deepToString(documents));
      }
    }
  }

  /**
   * Documents of many pieces, in any order, pool what training's chunks pool: rows that end are
   * left out of later pieces, and pieces begin and end anywhere in a chunk.
   */
  @Test
  void piecesPoolWhatChunksPool() {
    Random random = new Random(4);
    int[][] documents = new int[21][];
    for (int d = 0; d < documents.length; d++) {
      documents[d] = random.ints(1 + random.nextInt(d % 3 == 0 ? 700 : 90), 0, 6).toArray();
    }
    int[][] sorted = documents.clone();
    Arrays.sort(sorted, Comparator.comparingInt(d -> -d.length));
    for (int[][] order : List.of(documents, sorted)) {
      for (Layout layout : Layout.values()) {
        DocumentEncoder chunks = new DocumentEncoder(encoder, layout, 70, 140);
        try (NDManager step = manager.newSubManager()) {
          DocumentEncoder.Features expected =
              chunks.train(step, batch(layout, order), Masks.Rates.NONE, true);
          assertArrayEquals(
              floats(expected.pooled()), pooled(layout, 70, 140, order), FORWARD, layout.name());
        }
      }
    }
  }

  /** The masked property holds for training too (without dropout), and equals evaluation. */
  @Test
  void trainingWithoutDropoutPoolsTheSame() {
    int[][] documents = Golden.rowsOfInts(golden("fastai2_bug_3379", "docs"));
    for (Layout layout : Layout.values()) {
      DocumentEncoder reader = new DocumentEncoder(encoder, layout, 3, 6);
      DocumentEncoder.Features trained =
          reader.train(manager, batch(layout, documents), Masks.Rates.NONE, true);
      assertArrayEquals(pooled(layout, 3, 6, documents), floats(trained.pooled()), FORWARD);
    }
  }

  /** Gradient of the last step's output with respect to the embedding, (6, 2). */
  private float[] embeddingGradient(int bptt, int maxLength, int[] document) {
    DocumentEncoder reader = new DocumentEncoder(encoder, Layout.MASKED, bptt, maxLength);
    encoder.embedding().trainable(true);
    NDArray buffer = encoder.embedding().gradient(manager);
    buffer.subi(buffer);
    DocumentEncoder.Features[] features = new DocumentEncoder.Features[1];
    backward(
        () -> {
          features[0] =
              reader.train(manager, batch(Layout.MASKED, document), Masks.Rates.NONE, true);
          return features[0].pooled().get(new NDIndex(":, 0:2")).sum(); // the last step's part
        });
    features[0].lookups().forEach(lookup -> encoder.lookupBackward(manager, lookup, PAD));
    return floats(buffer);
  }

  @Test
  void gradientsDoNotCrossChunksButValuesDo() {
    int[] document = {2, 3, 4, 5};
    float[] whole = embeddingGradient(4, 4, document);
    float[] chunked = embeddingGradient(2, 4, document);
    for (int word = 2; word < 6; word++) {
      boolean inLastChunk = word >= 4;
      double first = Math.abs(whole[2 * word]) + Math.abs(whole[2 * word + 1]);
      double second = Math.abs(chunked[2 * word]) + Math.abs(chunked[2 * word + 1]);
      assertTrue(first > 1e-5, "word " + word + " has no effect at all");
      assertEquals(inLastChunk, second > 1e-5, "word " + word);
    }
    float[] one = pooled(Layout.MASKED, 2, 4, document);
    float[] other = pooled(Layout.MASKED, 2, 4, new int[] {3, 3, 4, 5});
    assertTrue(Math.abs(one[0] - other[0]) > 1e-5, "the state is not carried over chunks");
    assertArrayEquals(pooled(Layout.MASKED, 4, 4, document), one, FORWARD);
  }

  /** What is before the kept steps gets no gradient. */
  @Test
  void droppedChunksGetNoGradient() {
    DocumentEncoder reader = new DocumentEncoder(encoder, Layout.MASKED, 2, 2);
    encoder.embedding().trainable(true);
    DocumentEncoder.Features[] features = new DocumentEncoder.Features[1];
    backward(
        () -> {
          DocumentEncoder.Batch batch = batch(Layout.MASKED, new int[] {2, 3, 4, 5});
          features[0] = reader.train(manager, batch, Masks.Rates.NONE, true);
          return features[0].pooled().sum();
        });
    assertEquals(1, features[0].lookups().size());
    features[0].lookups().forEach(lookup -> encoder.lookupBackward(manager, lookup, PAD));
    float[] gradient = floats(encoder.embedding().gradient(manager));
    assertArrayEquals(new float[8], Arrays.copyOf(gradient, 8), 0);
    assertTrue(Math.abs(gradient[8]) > 1e-5 && Math.abs(gradient[10]) > 1e-5);
  }

  /** Ended rows, rows beyond the batch and steps that fill up a chunk add nothing to gradients. */
  @Test
  void aBatchHasTheGradientsOfItsRows() {
    Random random = new Random(3);
    int[][] documents = new int[11][];
    for (int d = 0; d < documents.length; d++) {
      documents[d] = random.ints(97 - 9 * d, 0, 6).toArray();
    }
    List<float[]> batch = gradients(documents);
    float[][] sum = batch.stream().map(g -> new float[g.length]).toArray(float[][]::new);
    for (int[] document : documents) {
      List<float[]> alone = gradients(document);
      for (int p = 0; p < sum.length; p++) {
        for (int i = 0; i < sum[p].length; i++) {
          sum[p][i] += alone.get(p)[i];
        }
      }
    }
    for (int p = 0; p < sum.length; p++) {
      assertArrayEquals(sum[p], batch.get(p), 2e-5f, "parameter " + p);
    }
  }

  /** AR and TAR average over the kept steps: those that fill up a chunk are not among them. */
  @Test
  void whatFillsUpAChunkIsNotKept() {
    DocumentEncoder reader = new DocumentEncoder(encoder, Layout.MASKED, 70, 140);
    for (int length : new int[] {1, 32, 33, 69, 70, 71, 109, 139, 210}) {
      int[] document = new Random(length).ints(length, 0, 6).toArray();
      DocumentEncoder.Features features =
          reader.train(manager, batch(Layout.MASKED, document), Masks.Rates.NONE, true);
      int kept = length - Chunks.firstKept(length, 70, 140, Layout.MASKED.rule());
      assertEquals(new Shape(kept, 1, 2), features.kept().getShape());
      assertEquals(new Shape(kept, 1, 1), features.mask().getShape());
    }
  }

  /** Gradients of the sum of all features, every parameter. */
  private List<float[]> gradients(int[]... documents) {
    DocumentEncoder reader = new DocumentEncoder(encoder, Layout.MASKED, 40, 80);
    encoder.parameters().forEach(p -> p.trainable(true));
    encoder.parameters().forEach(p -> p.gradient(manager).subi(p.gradient(manager)));
    DocumentEncoder.Features[] features = new DocumentEncoder.Features[1];
    backward(
        () -> {
          DocumentEncoder.Batch batch = batch(Layout.MASKED, documents);
          features[0] = reader.train(manager, batch, Masks.Rates.NONE, true);
          return features[0].pooled().sum();
        });
    features[0].lookups().forEach(lookup -> encoder.lookupBackward(manager, lookup, PAD));
    return encoder.parameters().stream().map(p -> floats(p.gradient(manager))).toList();
  }

  /** Under {@code frozenDropout: false} a frozen layer reads the same at every call. */
  @Test
  void frozenLayersMayKeepStill() {
    DocumentEncoder reader = new DocumentEncoder(encoder, Layout.MASKED, 4, 8);
    DocumentEncoder.Batch batch = batch(Layout.MASKED, new int[] {2, 3, 4, 5, 2}, new int[] {5});
    Masks.Rates rates = new Masks.Rates(.3, .3, .3, .3, 0);
    encoder.parameters().forEach(p -> p.trainable(false));
    float[] plain = pooled(Layout.MASKED, 4, 8, new int[] {2, 3, 4, 5, 2}, new int[] {5});
    DocumentEncoder.Features still = reader.train(manager, batch, rates, false);
    assertArrayEquals(plain, floats(still.pooled()), FORWARD);
    float[] dropped = floats(reader.train(manager, batch, rates, true).pooled());
    assertFalse(Arrays.equals(dropped, floats(reader.train(manager, batch, rates, true).pooled())));
    for (boolean frozenDropout : new boolean[] {true, false}) {
      Supplier<NDArray> sum =
          () -> reader.train(manager, batch, rates, frozenDropout).pooled().sum();
      assertThrows(EngineException.class, () -> backward(sum), "a frozen encoder was recorded");
    }
    encoder.layer(2).forEach(p -> p.trainable(true));
    float[][] top = new float[1][];
    backward(
        () -> {
          NDArray pooled = reader.train(manager, batch, rates, false).pooled();
          top[0] = floats(pooled);
          return pooled.sum();
        });
    assertFalse(Arrays.equals(floats(still.pooled()), top[0]), "a trained layer drops out");
  }
}
