package org.ulmfit.cli;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.ScratchFolder;

/**
 * What happens on SIGINT and SIGTERM: a running job is asked to stop, writes its checkpoint, and
 * the process ends with 130; a second signal ends it at once. A command without a job just ends
 * with 130.
 */
final class Interrupts {
  /** A signal to the process and one to its group, as {@code timeout} sends them, are one. */
  private static final long ONE_PRESS_NANOS = 500_000_000;

  private static final int CODE = UlmfitException.Kind.INTERRUPTED.exitCode();
  private static final AtomicReference<Running> RUNNING = new AtomicReference<>();
  private static volatile boolean requested; // a job that begins later is stopped too
  private static volatile boolean halting;
  private static final CountDownLatch FINISHED = new CountDownLatch(1);

  /** A job, and what becomes of it when it is asked to stop. */
  private record Running(Stop stop, String becomes) {}

  private Interrupts() {}

  /** Runs a training, or more of them, which can be asked to stop. */
  static <T> T running(Function<Stop, T> job) {
    return running("the run is being saved (a second signal ends it at once, unsaved)", job);
  }

  /**
   * Runs a job that can be asked to stop.
   *
   * @param becomes what then happens, in words
   */
  static <T> T running(String becomes, Function<Stop, T> job) {
    Stop stop = new Stop();
    RUNNING.set(new Running(stop, becomes));
    if (requested) {
      stop.request();
    }
    try {
      return job.apply(stop);
    } finally {
      RUNNING.set(null);
    }
  }

  /** For the process as a whole, not for commands run inside another program. */
  static void install() {
    Runtime.getRuntime().addShutdownHook(new Thread(Interrupts::shutdown, "interrupt"));
    try {
      hearEverySignal();
    } catch (ReflectiveOperationException e) {
      // a Java without that class: the hook hears the first signal, and further ones do nothing
    }
  }

  /**
   * By reflection, since the compiler warns of this class and cannot be told not to; there is no
   * other way to hear of a signal while the process is ending.
   */
  private static void hearEverySignal() throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    AtomicLong first = new AtomicLong();
    Object end =
        Proxy.newProxyInstance(
            Interrupts.class.getClassLoader(),
            new Class<?>[] {handler},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("handle")) {
                throw new UnsupportedOperationException(method.getName());
              }
              long now = System.nanoTime();
              if (first.compareAndSet(0, now)) {
                System.exit(CODE);
              } else if (now - first.get() > ONE_PRESS_NANOS) {
                Runtime.getRuntime().halt(CODE);
              }
              return null;
            });
    for (String name : List.of("INT", "TERM")) {
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), end);
    }
  }

  /** Asks the job that is running, if there is one. */
  static void requestStop() {
    Running running = RUNNING.get();
    if (running != null) {
      running.stop.request();
    }
  }

  /** The command is done; the process ends by itself. */
  static void finished() {
    FINISHED.countDown();
  }

  /** Whether the process is about to end in the middle of a command. */
  static boolean halting() {
    return halting;
  }

  private static void shutdown() {
    if (FINISHED.getCount() == 0) {
      return;
    }
    requested = true;
    Running running = RUNNING.get();
    if (running != null) {
      System.err.print("ulmfit: stopping; " + running.becomes + "\n");
      requestStop();
      try {
        FINISHED.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    halting = true;
    ScratchFolder.removeAll();
    Runtime.getRuntime().halt(CODE);
  }
}
