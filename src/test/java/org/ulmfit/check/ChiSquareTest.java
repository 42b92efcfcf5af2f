package org.ulmfit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Expected values: scipy.stats.chi2_contingency(correction=False) and chi2.isf of SciPy. */
class ChiSquareTest {
  private static final double CLOSE = 1e-10;

  @Test
  void figuresAreScipys() {
    long[] train = {1713, 10010, 7017, 2942, 1412, 737, 406, 257, 506};
    long[] test = {1945, 10311, 6876, 2818, 1333, 689, 366, 221, 441};
    ChiSquare found = ChiSquare.of(train, test);
    assertEquals(36.40758525807711, found.statistic(), CLOSE * 36);
    assertEquals(8, found.freedom());
    assertEquals(1.4785749109997859e-05, found.p(), CLOSE * 1e-5);
    assertEquals(15.507313055865454, found.critical(), CLOSE * 15);
    assertTrue(found.differ());
  }

  @Test
  void binsThatAreEmptyInBothAreLeftOut() {
    ChiSquare found = ChiSquare.of(new long[] {5, 0, 12, 3}, new long[] {9, 0, 4, 8});
    assertEquals(7.395593692022265, found.statistic(), CLOSE);
    assertEquals(2, found.freedom());
    assertEquals(0.024778056252998698, found.p(), CLOSE);
    assertEquals(5.991464547107983, found.critical(), CLOSE);
  }

  @Test
  void allInOneBinAreNoDifference() {
    ChiSquare found = ChiSquare.of(new long[] {7, 0}, new long[] {3, 0});
    assertFalse(found.differ());
    assertEquals(0, found.freedom());
  }

  @Test
  void equalSharesAreNoDifference() {
    ChiSquare found = ChiSquare.of(new long[] {10, 20, 30}, new long[] {1, 2, 3});
    assertEquals(0, found.statistic(), CLOSE);
    assertEquals(1, found.p(), CLOSE);
  }
}
