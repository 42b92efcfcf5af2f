package org.ulmfit.nn;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.Version;
import org.ulmfit.io.NativeLibraries;

/**
 * How the engine's start came out. A failure is kept as a value: thrown while a class is
 * initialised, it would reach the second caller as a class that cannot be found.
 *
 * @param engine null if it does not start
 * @param failure null if it does
 */
record EngineStart(@Nullable Engine engine, @Nullable UlmfitException failure) {

  static EngineStart tried() {
    if (System.getProperty("ai.djl.offline") == null) {
      System.setProperty("ai.djl.offline", "true");
    }
    try {
      return new EngineStart(started(), null);
    } catch (UlmfitException e) {
      return new EngineStart(null, e);
    }
  }

  private static Engine started() {
    Path folder = Utils.getEngineCacheDir("pytorch");
    NativeLibraries.checkGiven("PYTORCH_LIBRARY_PATH");
    NativeLibraries.checkGiven("PYTORCH_EXTRA_LIBRARY_PATH");
    NativeLibraries.checkGiven("LIBSTDCXX_LIBRARY_PATH");
    NativeLibraries.ready(folder);
    try {
      return Engine.getEngine("PyTorch");
    } catch (RuntimeException | LinkageError e) {
      throw NativeLibraries.failure("the PyTorch engine", folder, missing(), e);
    }
  }

  /** The artifacts of the natives that the class path lacks, as Maven names them. */
  private static String missing() {
    List<String> missing = new ArrayList<>();
    if (!onClassPath("native/lib/pytorch.properties")) {
      missing.add(
          "ai.djl.pytorch:pytorch-native-cpu:"
              + Version.libtorch()
              + " (with this platform's classifier)");
    }
    if (!onClassPath("jnilib/pytorch.properties")) {
      missing.add("ai.djl.pytorch:pytorch-jni:" + Version.libtorch() + "-" + Version.djl());
    }
    return String.join(" and ", missing);
  }

  private static boolean onClassPath(String resource) {
    return EngineStart.class.getClassLoader().getResource(resource) != null;
  }

  /**
   * The engine.
   *
   * @throws UlmfitException (failure) if it does not start: the same at every call
   */
  Engine orThrow() {
    if (failure != null) {
      throw UlmfitException.failure(failure.getMessage(), failure);
    }
    return Objects.requireNonNull(engine); // one of the two is there
  }
}
