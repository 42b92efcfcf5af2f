package org.ulmfit.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden section 1: values of NumPy's legacy generator. */
class NumpyRandomTest {
  private static JsonNode golden;

  @BeforeAll
  static void readGolden() throws Exception {
    try (InputStream in =
        NumpyRandomTest.class.getResourceAsStream("/golden/golden_numeric.json")) {
      golden = new ObjectMapper().readTree(in).get("rng");
    }
  }

  @Test
  void rawOutputs() {
    NumpyRandom random = new NumpyRandom(42);
    for (JsonNode expected : golden.get("u32_seed42")) {
      assertEquals(expected.asLong(), Integer.toUnsignedLong(random.nextInt32()));
    }
  }

  @Test
  void doubles() {
    NumpyRandom random = new NumpyRandom(42);
    for (JsonNode expected : golden.get("double_seed42")) {
      assertEquals(expected.asDouble(), random.nextDouble(), 0.0);
    }
  }

  @Test
  void normals() {
    NumpyRandom random = new NumpyRandom(42);
    for (JsonNode expected : golden.get("normal70_5_seed42")) {
      assertEquals(expected.asDouble(), random.nextNormal(70, 5), 1e-12);
    }
  }

  @Test
  void cachedNormalSurvivesOtherDraws() {
    NumpyRandom plain = new NumpyRandom(42);
    plain.nextNormal(0, 1);
    double second = plain.nextNormal(0, 1);
    NumpyRandom mixed = new NumpyRandom(42);
    mixed.nextNormal(0, 1);
    mixed.nextDouble();
    mixed.permutation(5);
    assertEquals(second, mixed.nextNormal(0, 1), 0.0);
  }

  @Test
  void permutationOfTen() {
    assertArrayEquals(ints(golden.get("perm10")), new NumpyRandom(42).permutation(10));
  }

  @Test
  void lessonPermutationsFollowOneStream() throws Exception {
    JsonNode imdb = golden.get("imdb");
    NumpyRandom random = new NumpyRandom(42);
    int[] train = random.permutation(75_000);
    int[] test = random.permutation(25_000);
    int[] split = random.permutation(100_000);
    check(imdb, train, "trn_first10", "trn_last3", "sha_trn");
    check(imdb, test, "val_first10", "val_last3", "sha_val");
    check(imdb, split, "split_first10", "split_last3", "sha_split");
    assertArrayEquals(ints(imdb.get("lm_valid_rows_first5")), Arrays.copyOf(split, 5));
    assertArrayEquals(
        ints(imdb.get("lm_train_rows_first5")), Arrays.copyOfRange(split, 10_000, 10_005));
  }

  @Test
  void labelsOfTheShuffledTrainingSet() throws Exception {
    JsonNode imdb = golden.get("imdb");
    int[] train = new NumpyRandom(42).permutation(75_000);
    int[] labels = Arrays.stream(train).map(i -> Math.min(2, i / 12_500)).toArray();
    assertArrayEquals(ints(imdb.get("trn_labels_first20")), Arrays.copyOf(labels, 20));
    assertArrayEquals(
        ints(imdb.get("clas_train_labels_first20")),
        Arrays.stream(labels).filter(label -> label != 2).limit(20).toArray());
  }

  @Test
  void seedByArray() {
    // Reference output of mt19937ar for the key 0x123, 0x234, 0x345, 0x456 (Matsumoto, Nishimura).
    NumpyRandom random = new NumpyRandom(0x123, 0x234, 0x345, 0x456);
    long[] expected = {1067595299L, 955945823L, 477289528L, 4107218783L, 4228976476L};
    for (long value : expected) {
      assertEquals(value, Integer.toUnsignedLong(random.nextInt32()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 7, 8, 1000, Integer.MAX_VALUE})
  void boundedStaysInRange(int max) {
    NumpyRandom random = new NumpyRandom(7);
    int raw = new NumpyRandom(7).nextInt32();
    boolean any = IntStream.range(0, 200).map(i -> random.nextBounded(max)).anyMatch(v -> v > max);
    assertEquals(false, any);
    NumpyRandom untouched = new NumpyRandom(7);
    untouched.nextBounded(0);
    assertEquals(raw, untouched.nextInt32(), "a bound of 0 draws nothing");
  }

  @Test
  void seedsOutOfRangeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new NumpyRandom(-1));
    assertThrows(IllegalArgumentException.class, () -> new NumpyRandom(1L << 32));
    assertThrows(IllegalArgumentException.class, () -> new NumpyRandom(1, 1L << 32));
    assertThrows(IllegalArgumentException.class, () -> new NumpyRandom(new long[0]));
  }

  private static void check(JsonNode imdb, int[] order, String first, String last, String sha)
      throws Exception {
    assertArrayEquals(ints(imdb.get(first)), Arrays.copyOf(order, 10));
    assertArrayEquals(
        ints(imdb.get(last)), Arrays.copyOfRange(order, order.length - 3, order.length));
    String joined = Arrays.stream(order).mapToObj(String::valueOf).collect(Collectors.joining(","));
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(joined.getBytes(StandardCharsets.US_ASCII));
    assertEquals(imdb.get(sha).asText(), HexFormat.of().formatHex(digest));
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }
}
