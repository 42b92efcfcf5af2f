package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ulmfit.Golden;
import org.ulmfit.random.NumpyRandom;

class BpttWindowsTest {

  @Test
  void drawnAndUsedLengthsOfTheToy() {
    var windows = BpttWindows.randomised(51, 10, false, new NumpyRandom(42));
    int[][] expected =
        Golden.rowsOfInts(Golden.numeric("lm_batches", "toy_bptt10", "requested_and_used"));
    assertEquals(
        Golden.numeric("lm_batches", "toy_bptt10", "n_batches").intValue(), windows.size());
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i][0], windows.get(i).drawn());
      assertEquals(expected[i][1], windows.get(i).used());
    }
    assertEquals(
        Golden.numeric("lm_batches", "toy_bptt10", "rows_consumed").intValue(), consumed(windows));
  }

  @Test
  void theLibraryOfMarch2018() {
    var windows = BpttWindows.randomised(2000, 70, false, new NumpyRandom(42));
    String golden = "rows2000_bptt70_seed42";
    assertArrayEquals(Golden.ints(Golden.numeric("lm_batches", golden, "lens")), drawn(windows));
    assertEquals(
        Golden.numeric("lm_batches", golden, "n_batches").intValue(),
        BpttWindows.mostRandomised(2000, 70));
    assertEquals(Golden.numeric("lm_batches", golden, "consumed").intValue(), consumed(windows));
    int[] last = Golden.ints(Golden.numeric("lm_batches", golden, "used_last"));
    assertEquals(last[1], windows.get(windows.size() - 1).used());
  }

  @Test
  void theLibraryOfJune2018BeginsWithAFixedWindow() {
    var windows = BpttWindows.randomised(2000, 70, true, new NumpyRandom(42));
    String golden = "rows2000_bptt70_seed42_first95";
    assertArrayEquals(Golden.ints(Golden.numeric("lm_batches", golden, "lens")), drawn(windows));
    assertEquals(Golden.numeric("lm_batches", golden, "consumed").intValue(), consumed(windows));
  }

  @Test
  void aPlainStreamGoesOnIntoTheNextPass() {
    var random = new NumpyRandom(42);
    var first = BpttWindows.randomised(1000, 70, false, random);
    var second = BpttWindows.randomised(1000, 70, false, random);
    int[] both = Golden.ints(Golden.numeric("lm_batches", "rows2000_bptt70_seed42", "lens"));
    assertEquals(13, first.size());
    assertArrayEquals(
        Arrays.copyOf(both, 26),
        IntStream.concat(IntStream.of(drawn(first)), IntStream.of(drawn(second))).toArray());
  }

  @Test
  void distributionOfTwentyThousandLengths() {
    var random = new NumpyRandom(7);
    int[] lengths = IntStream.range(0, 20_000).map(i -> BpttWindows.length(70, random)).toArray();
    var golden = Golden.numeric("lm_batches", "seed7_20000");
    var statistics = IntStream.of(lengths).summaryStatistics();
    assertEquals(golden.get("mean").doubleValue(), statistics.getAverage(), 1e-9);
    assertEquals(golden.get("min").intValue(), statistics.getMin());
    assertEquals(golden.get("max").intValue(), statistics.getMax());
    double variance =
        IntStream.of(lengths)
            .mapToDouble(l -> (l - statistics.getAverage()) * (l - statistics.getAverage()))
            .average()
            .orElseThrow();
    assertEquals(golden.get("std").doubleValue(), Math.sqrt(variance), 1e-8);
    assertEquals(
        golden.get("frac_below_53").doubleValue(),
        IntStream.of(lengths).filter(l -> l < 53).count() / 20_000.0,
        1e-9);
    assertEquals(
        Golden.numeric("lm_batches", "theory", "E").doubleValue(), statistics.getAverage(), 0.3);
  }

  @Test
  void aLengthIsNeverBelowFive() {
    var random = new NumpyRandom(1);
    var lengths =
        IntStream.range(0, 1000).map(i -> BpttWindows.length(2, random)).summaryStatistics();
    assertEquals(5, lengths.getMin());
    assertTrue(lengths.getMax() > 5);
  }

  @Test
  void theLastWindowStopsOneRowBeforeTheEnd() {
    var windows = BpttWindows.randomised(140, 70, true, new NumpyRandom(42));
    assertEquals(List.of(new BpttWindows.Window(0, 95, 95)), windows);
    windows = BpttWindows.randomised(26, 8, true, new NumpyRandom(42));
    assertEquals(List.of(new BpttWindows.Window(0, 33, 25)), windows);
  }

  @Test
  void tooFewRowsGiveNoWindow() {
    assertEquals(List.of(), BpttWindows.randomised(139, 70, false, new NumpyRandom(42)));
    assertEquals(List.of(), BpttWindows.randomised(0, 70, true, new NumpyRandom(42)));
    assertEquals(List.of(), BpttWindows.fixed(0, 72));
  }

  @Test
  void fixedWindowsEndWithAShorterOne() {
    assertEquals(
        List.of(
            new BpttWindows.Window(0, 4, 4),
            new BpttWindows.Window(4, 4, 4),
            new BpttWindows.Window(8, 2, 2)),
        BpttWindows.fixed(10, 4));
    assertEquals(3, BpttWindows.countFixed(10, 4));
    assertEquals(2, BpttWindows.countFixed(8, 4));
    assertEquals(2, BpttWindows.fixed(8, 4).size());
  }

  private static int[] drawn(List<BpttWindows.Window> windows) {
    return windows.stream().mapToInt(BpttWindows.Window::drawn).toArray();
  }

  private static int consumed(List<BpttWindows.Window> windows) {
    var last = windows.get(windows.size() - 1);
    return last.start() + last.drawn();
  }
}
