package org.ulmfit.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.ulmfit.train.Interval;

class AmountsTest {

  @Test
  void amountsAsPeopleReadThem() {
    assertEquals("3.4 s", Amounts.time(3.42));
    assertEquals("41 s", Amounts.time(41.4));
    assertEquals("3:05", Amounts.time(185));
    assertEquals("1:02:09", Amounts.time(3729));
    assertEquals("16 kB", Amounts.bytes(15_001));
    assertEquals("420 kB", Amounts.bytes(420_000));
    assertEquals("4.2 MB", Amounts.bytes(4_210_000));
    assertEquals("310 MB", Amounts.bytes(310e6));
    assertEquals("1.2 GB", Amounts.bytes(1.23e9));
    assertEquals("0.4", Amounts.rate(.41));
    assertEquals("15,650", Amounts.rate(15_650.2));
    assertEquals("p = 0.041", Amounts.probability(.0412));
    assertEquals("p = 0.0012", Amounts.probability(.00123));
    assertEquals("p < 0.0001", Amounts.probability(1e-9));
    assertEquals("0.9000-0.9231", Amounts.interval(new Interval(.9, .92309)));
  }
}
