package org.ulmfit.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.ulmfit.UlmfitException;

/**
 * What happens on SIGINT and SIGTERM: a running job is asked to stop, writes its checkpoint, and
 * the process ends with 130. A command without a job just ends with 130.
 */
final class Interrupts {
  private static final AtomicReference<Runnable> STOP = new AtomicReference<>();
  private static final CountDownLatch FINISHED = new CountDownLatch(1);

  private static volatile boolean requested;

  private Interrupts() {}

  /** Runs a job that can be asked to stop. */
  static <T> T running(Runnable requestStop, Supplier<T> job) {
    STOP.set(requestStop);
    try {
      return job.get();
    } finally {
      STOP.set(null);
    }
  }

  /** Whether the process was told to end. */
  static boolean requested() {
    return requested;
  }

  /** For the process as a whole, not for commands run inside another program. */
  static void install() {
    Runtime.getRuntime().addShutdownHook(new Thread(Interrupts::shutdown, "interrupt"));
  }

  /** The command is done; the process ends by itself. */
  static void finished() {
    FINISHED.countDown();
  }

  private static void shutdown() {
    if (FINISHED.getCount() == 0) {
      return;
    }
    requested = true;
    Runnable stop = STOP.get();
    if (stop != null) {
      System.err.println("ulmfit: stopping; the run is being saved");
      stop.run();
      try {
        FINISHED.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    Runtime.getRuntime().halt(UlmfitException.Kind.INTERRUPTED.exitCode());
  }
}
