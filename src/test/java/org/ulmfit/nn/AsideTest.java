package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.ulmfit.UlmfitException;

/** What is computed once leaves no thread, and its failure is the caller's. */
class AsideTest {
  @Test
  void itsThreadEnds() {
    Thread thread = Torch.aside(Thread::currentThread);
    assertNotSame(Thread.currentThread(), thread);
    assertFalse(thread.isAlive());
  }

  @Test
  void whatItThrowsIsThrown() {
    UlmfitException refused = UlmfitException.usage("no");
    Error error = new StackOverflowError();
    assertSame(
        refused,
        assertThrows(
            UlmfitException.class,
            () ->
                Torch.aside(
                    () -> {
                      throw refused;
                    })));
    assertSame(
        error,
        assertThrows(
            Error.class,
            () ->
                Torch.aside(
                    () -> {
                      throw error;
                    })));
  }

  @Test
  void anInterruptStands() {
    Thread.currentThread().interrupt();
    assertEquals(7, Torch.aside(() -> 7));
    assertTrue(Thread.interrupted());
  }
}
