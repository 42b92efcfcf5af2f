package org.ulmfit.run;

import java.util.concurrent.Semaphore;
import org.ulmfit.UlmfitException;
import org.ulmfit.nn.Torch;
import org.ulmfit.random.Seeds;

/**
 * The right to draw from the engine's random generator, of which a process has only one: two
 * trainings side by side would draw each other's numbers.
 */
final class Turn implements AutoCloseable {
  private static final Semaphore ONE = new Semaphore(1);

  private Turn() {}

  /**
   * Takes the turn.
   *
   * @throws UlmfitException (usage) if another training has it
   */
  static Turn take() {
    if (!ONE.tryAcquire()) {
      throw UlmfitException.usage(
          "another training runs in this JVM, and both would draw from the engine's one random"
              + " generator; wait for it to end, or train in another process");
    }
    return new Turn();
  }

  /** Seeds the generator for the initial weights of a model. */
  void seed(long seed, long weights) {
    Torch.seed(Seeds.of(seed, weights));
  }

  @Override
  public void close() {
    ONE.release();
  }
}
