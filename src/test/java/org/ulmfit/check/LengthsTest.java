package org.ulmfit.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LengthsTest {

  @Test
  void figuresAreThoseOfTheTextbook() {
    Lengths lengths = Lengths.of(new int[] {5, 1, 2, 100, 4, 900});
    assertEquals(6, lengths.size());
    assertEquals(4.5, lengths.median());
    assertEquals(1012 / 6.0, lengths.mean(), 1e-12);
    assertEquals(129871.06666666667, lengths.variance(), 1e-6); // numpy.var(ddof=1)
    assertEquals(1, lengths.quantile(0));
    assertEquals(2, lengths.quantile(0.3));
    assertEquals(900, lengths.quantile(1));
    assertArrayEquals(new long[] {4, 1, 0, 0, 0, 0, 0, 0, 1}, lengths.bins());
    assertEquals("100-199", Lengths.bin(1));
    assertEquals("800+", Lengths.bin(8));
  }

  @Test
  void ofNoneAllAreZero() {
    Lengths none = Lengths.of(new int[0]);
    assertEquals(0, none.median());
    assertEquals(0, none.mean());
    assertEquals(0, none.variance());
    assertEquals(0, none.quantile(0.5));
    assertEquals(0, Lengths.of(new int[] {3}).variance());
  }
}
