package org.ulmfit.selftrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which texts a round takes. */
class SelectionTest {
  private static Answers answers(double... ofFirst) {
    float[][] probabilities = new float[ofFirst.length][];
    for (int i = 0; i < ofFirst.length; i++) {
      probabilities[i] = new float[] {(float) ofFirst[i], (float) (1 - ofFirst[i])};
    }
    return new Answers(List.of("a", "b"), probabilities);
  }

  @Test
  void allAreAllWhateverTheirLabelsAre() {
    Answers most = answers(.9, .8, .7, .6, .4);
    int[] all = IntStream.range(0, 5).toArray();
    long[] counts = {2, 2};
    assertArrayEquals(all, Selection.of(most, null, 1, counts));
    assertArrayEquals(all, Selection.of(most, most, 1, counts), "n-grams do not choose");
  }

  @Test
  void thoseOnWhichBothAgreeComeFirstThenTheSurest() {
    Answers model = answers(.9, .8, .7, .2, .1, .4);
    Answers second = answers(.1, .9, .9, .9, .1, .1);
    assertArrayEquals(new int[] {1, 2, 4, 5}, Selection.of(model, second, .66, new long[] {5, 5}));
    assertArrayEquals(new int[] {0, 1, 3, 4}, Selection.of(model, null, .66, new long[] {5, 5}));
  }
}
