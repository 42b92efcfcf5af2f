package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.Golden;
import org.ulmfit.UlmfitException;
import org.ulmfit.random.NumpyRandom;

class SamplersTest {

  private static final int[] TOY = {3, 9, 4, 9, 1, 7, 5};
  private static final int[] EVEN = IntStream.range(0, 230).map(i -> 5 + 37 * i % 101).toArray();

  @ParameterizedTest
  @CsvSource({"sortish-2018-03, mar2018", "sortish-2018-04, jun2018_v1", "sorted-dl, fastai2"})
  void ordersAreTheGoldenOnes(String sampler, String key) throws NoSuchAlgorithmException {
    var golden = Golden.numeric("samplers", key);
    int[] toy = Samplers.training(sampler, TOY, 2, new NumpyRandom(42));
    assertArrayEquals(Golden.ints(golden.get("toy7_bs2")), toy);

    int[] order = Samplers.training(sampler, EVEN, 2, new NumpyRandom(42));
    assertArrayEquals(Golden.ints(golden.get("n230_bs2_first20")), Arrays.copyOf(order, 20));
    assertEquals(golden.get("n230_sha256").textValue(), sha256(order));
    assertArrayEquals(
        Golden.ints(golden.get("first_batch_lens")), new int[] {EVEN[order[0]], EVEN[order[1]]});
  }

  @Test
  void theRaggedGroupOfTheOldSamplersMayLandInFrontOfOthers() {
    // fastai 0.7 and 1: document 4, the group of one, is not last; batches after it are shifted.
    int[] order = Samplers.training("sortish-2018-04", TOY, 2, new NumpyRandom(42));
    assertEquals(
        "[[1, 3], [2, 0], [4, 5], [6]]",
        Arrays.deepToString(Batches.cut(order, TOY, 2, 0).toArray()));
    int[] dl = Samplers.training("sorted-dl", TOY, 2, new NumpyRandom(42));
    assertEquals(
        "[[1, 3], [2, 0], [5, 6], [4]]", Arrays.deepToString(Batches.cut(dl, TOY, 2, 0).toArray()));
  }

  @Test
  void validationIsSortedByLengthTiesInIndexOrder() {
    int[] ascending = Golden.ints(Golden.numeric("samplers", "sort_asc_toy7"));
    int[] descending = Golden.ints(Golden.numeric("samplers", "sort_desc_toy7"));
    assertArrayEquals(ascending, Samplers.sorted(TOY, false));
    assertArrayEquals(descending, Samplers.sorted(TOY, true));
    assertArrayEquals(ascending, Samplers.validation("sortish-2018-03", TOY));
    assertArrayEquals(descending, Samplers.validation("sortish-2018-04", TOY));
    assertArrayEquals(descending, Samplers.validation("sorted-dl", TOY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sortish-2018-03", "sortish-2018-04", "sorted-dl"})
  void thePlainStreamRunsOnAndTheOthersBeginAfresh(String sampler) {
    var stream = new NumpyRandom(42);
    for (int epoch = 0; epoch < 3; epoch++) {
      assertArrayEquals(
          Samplers.training(sampler, EVEN, 4, stream),
          Samplers.training(sampler, EVEN, 4, 42, 7, epoch, true));
      assertArrayEquals(
          Samplers.training(sampler, EVEN, 4, new NumpyRandom(42, 7, epoch)),
          Samplers.training(sampler, EVEN, 4, 42, 7, epoch, false));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sortish-2018-03", "sortish-2018-04", "sorted-dl"})
  void seedsPhasesAndEpochsDiffer(String sampler) {
    int[] order = Samplers.training(sampler, EVEN, 4, 42, 0, 0, false);
    assertArrayEquals(order, Samplers.training(sampler, EVEN, 4, 42, 0, 0, false));
    assertFalse(Arrays.equals(order, Samplers.training(sampler, EVEN, 4, 43, 0, 0, false)));
    assertFalse(Arrays.equals(order, Samplers.training(sampler, EVEN, 4, 42, 1, 0, false)));
    assertFalse(Arrays.equals(order, Samplers.training(sampler, EVEN, 4, 42, 0, 1, false)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sortish-2018-03", "sortish-2018-04", "sorted-dl"})
  void fewDocumentsAreNoSpecialCase(String sampler) {
    assertArrayEquals(new int[0], Samplers.training(sampler, new int[0], 4, 42, 0, 0, false));
    assertArrayEquals(new int[] {0}, Samplers.training(sampler, new int[] {9}, 4, 42, 0, 0, false));
    int[] five = Samplers.training(sampler, new int[] {1, 5, 2, 4, 3}, 4, 42, 0, 0, false);
    assertArrayEquals(new int[] {0, 1, 2, 3, 4}, Arrays.stream(five).sorted().toArray());
    assertArrayEquals(new int[0], Samplers.validation(sampler, new int[0]));
  }

  @Test
  void anUnknownSamplerIsNamed() {
    var error =
        assertThrows(
            UlmfitException.class, () -> Samplers.training("sorted", TOY, 2, 42, 0, 0, false));
    assertEquals(UlmfitException.Kind.USAGE, error.kind());
    assertEquals(
        "classifier.sampler: unknown sampler \"sorted\"; use one of sortish-2018-03,"
            + " sortish-2018-04, sorted-dl",
        error.getMessage());
    assertThrows(UlmfitException.class, () -> Samplers.validation("sorted", TOY));
  }

  @Test
  void inverseRestoresInputOrder() {
    int[] order = Samplers.sorted(TOY, true);
    int[] places = Samplers.inverse(order);
    int[] read = Arrays.stream(order).map(doc -> TOY[doc]).toArray();
    assertArrayEquals(TOY, Arrays.stream(places).map(place -> read[place]).toArray());
  }

  private static String sha256(int[] order) throws NoSuchAlgorithmException {
    String text = Arrays.stream(order).mapToObj(Integer::toString).collect(Collectors.joining(","));
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(digest);
  }
}
