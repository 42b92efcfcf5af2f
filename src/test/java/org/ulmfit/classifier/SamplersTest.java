package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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
import org.junit.jupiter.params.provider.EnumSource;
import org.ulmfit.Golden;
import org.ulmfit.config.Recipe.Sampler;
import org.ulmfit.random.NumpyRandom;

class SamplersTest {

  private static final int[] TOY = {3, 9, 4, 9, 1, 7, 5};
  private static final int[] EVEN = IntStream.range(0, 230).map(i -> 5 + 37 * i % 101).toArray();

  @ParameterizedTest
  @CsvSource({"SORTISH_2018_03, mar2018", "SORTISH_2018_04, jun2018_v1", "SORTED_DL, fastai2"})
  void ordersAreTheGoldenOnes(Sampler sampler, String key) throws NoSuchAlgorithmException {
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
    int[] order = Samplers.training(Sampler.SORTISH_2018_04, TOY, 2, new NumpyRandom(42));
    assertEquals(
        "[[1, 3], [2, 0], [4, 5], [6]]",
        Arrays.deepToString(Batches.cut(order, TOY, 2, 0).toArray()));
    int[] dl = Samplers.training(Sampler.SORTED_DL, TOY, 2, new NumpyRandom(42));
    assertEquals(
        "[[1, 3], [2, 0], [5, 6], [4]]", Arrays.deepToString(Batches.cut(dl, TOY, 2, 0).toArray()));
  }

  @Test
  void validationIsSortedByLengthTiesInIndexOrder() {
    int[] ascending = Golden.ints(Golden.numeric("samplers", "sort_asc_toy7"));
    int[] descending = Golden.ints(Golden.numeric("samplers", "sort_desc_toy7"));
    assertArrayEquals(ascending, Samplers.sorted(TOY, false));
    assertArrayEquals(descending, Samplers.sorted(TOY, true));
  }

  @ParameterizedTest
  @EnumSource
  void thePlainStreamRunsOnAndTheOthersBeginAfresh(Sampler sampler) {
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
  @EnumSource
  void seedsPhasesAndEpochsDiffer(Sampler sampler) {
    int[] order = Samplers.training(sampler, EVEN, 4, 42, 0, 0, false);
    assertArrayEquals(order, Samplers.training(sampler, EVEN, 4, 42, 0, 0, false));
    assertFalse(Arrays.equals(order, Samplers.training(sampler, EVEN, 4, 43, 0, 0, false)));
    assertFalse(Arrays.equals(order, Samplers.training(sampler, EVEN, 4, 42, 1, 0, false)));
    assertFalse(Arrays.equals(order, Samplers.training(sampler, EVEN, 4, 42, 0, 1, false)));
  }

  @ParameterizedTest
  @EnumSource
  void fewDocumentsAreNoSpecialCase(Sampler sampler) {
    assertArrayEquals(new int[0], Samplers.training(sampler, new int[0], 4, 42, 0, 0, false));
    assertArrayEquals(new int[] {0}, Samplers.training(sampler, new int[] {9}, 4, 42, 0, 0, false));
    int[] five = Samplers.training(sampler, new int[] {1, 5, 2, 4, 3}, 4, 42, 0, 0, false);
    assertArrayEquals(new int[] {0, 1, 2, 3, 4}, Arrays.stream(five).sorted().toArray());
  }

  private static String sha256(int[] order) throws NoSuchAlgorithmException {
    String text = Arrays.stream(order).mapToObj(Integer::toString).collect(Collectors.joining(","));
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(digest);
  }
}
