package org.ulmfit.nn;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.ulmfit.UlmfitException;

/** The engine: loaded on first use, offline, never more than once. */
public final class Torch {

  private Torch() {}

  private static final class Holder {
    private static final EngineStart START = EngineStart.tried();
  }

  /**
   * DJL's PyTorch engine.
   *
   * @throws UlmfitException (failure) if its native libraries are missing or can be neither
   *     unpacked nor loaded; a second call says the same
   */
  public static Engine engine() {
    return Holder.START.orThrow();
  }

  /**
   * Starts the engine beside what the caller goes on with; {@link #engine} then waits for the rest.
   * Loading the native libraries takes half a second of one core.
   */
  public static void startAside() {
    Thread starter = new Thread(Torch::tryToStart, "engine start");
    starter.setDaemon(true);
    starter.start();
  }

  private static void tryToStart() {
    try {
      engine();
    } catch (UlmfitException e) {
      // whoever needs the engine gets the error
    }
  }

  /**
   * Computes on a thread that ends with it. The engine's OpenMP (libgomp) keeps threads for each
   * thread that ever computed, and once all of them are more than the cores none waits awake any
   * more: whoever then asks for one text after the other waits three times as long
   * (docs/benchmarks.md). What is computed once is therefore not computed by a thread that stays.
   *
   * @throws RuntimeException what the computation threw, errors too
   */
  public static <T> T aside(Supplier<T> computation) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(computation.get());
              } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
              }
            },
            "engine, once");
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /**
   * The device named on the command line.
   *
   * @param name {@code auto | cpu | cuda:N}
   */
  public static Device device(String name) {
    String s = name.toLowerCase(Locale.ROOT);
    if (s.equals("cpu")) {
      return Device.cpu();
    }
    if (s.equals("auto")) {
      return engine().getGpuCount() > 0 ? Device.gpu(0) : Device.cpu();
    }
    if (s.matches("cuda(:\\d{1,3})?")) {
      int index = s.equals("cuda") ? 0 : Integer.parseInt(s.substring(5));
      int count = engine().getGpuCount();
      if (index >= count) {
        throw UlmfitException.usage(
            "--device "
                + name
                + ": the engine sees "
                + count
                + " CUDA devices; use --device cpu, or install libtorch with CUDA (see doctor)");
      }
      return Device.gpu(index);
    }
    throw UlmfitException.usage("--device " + name + ": expected auto, cpu or cuda:N");
  }

  /** Seeds the engine's generator (masks, initial weights). */
  public static void seed(long seed) {
    engine().setRandomSeed((int) (seed ^ (seed >>> 32)));
  }

  /** Threads of one operator. */
  public static int threads() {
    engine();
    return Kernels.threads();
  }
}
