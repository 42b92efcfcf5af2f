package org.ulmfit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StopTest {

  @Test
  void oneWithinAnotherHearsItAndNotTheOtherWayRound() {
    Stop outer = new Stop();
    Stop inner = outer.within(1000);
    assertFalse(inner.requested());
    inner.request();
    assertTrue(inner.requested());
    assertFalse(outer.requested());
    assertFalse(inner.isOver());
    Stop other = outer.within(1000);
    outer.request();
    assertTrue(other.requested());
    assertFalse(other.isOver());
  }

  @Test
  void itsTimeEndsIt() {
    Stop outer = new Stop();
    Stop over = outer.within(0);
    assertTrue(over.requested() && over.isOver());
    assertFalse(outer.requested() || outer.isOver());
    UlmfitException e = assertThrows(UlmfitException.class, () -> over.check("here"));
    assertEquals(UlmfitException.Kind.INTERRUPTED, e.kind());
    assertFalse(outer.within(Double.MAX_VALUE).requested());
    assertTrue(over.within(Double.MAX_VALUE).requested());
  }
}
