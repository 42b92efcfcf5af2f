package org.ulmfit.nn;

import ai.djl.engine.Engine;
import ai.djl.util.Platform;
import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
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
    Platform here = Platform.fromSystem("pytorch");
    String platform = here.getOsPrefix() + "-" + here.getOsArch();
    List<String> others = platforms();
    if (!others.contains(platform)) {
      missing.add(
          "ai.djl.pytorch:pytorch-native-cpu:"
              + Version.libtorch()
              + ":"
              + platform
              + (others.isEmpty() ? "" : " (in place of " + String.join(", ", others) + ")"));
    }
    if (EngineStart.class.getClassLoader().getResource("jnilib/pytorch.properties") == null) {
      missing.add("ai.djl.pytorch:pytorch-jni:" + Version.libtorch() + "-" + Version.djl());
    }
    return String.join(" and ", missing);
  }

  /** The classifiers of the natives that are on the class path. */
  private static List<String> platforms() {
    List<String> platforms = new ArrayList<>();
    try {
      Enumeration<URL> all =
          EngineStart.class.getClassLoader().getResources("native/lib/pytorch.properties");
      while (all.hasMoreElements()) {
        try (InputStream in = all.nextElement().openStream()) {
          Properties properties = new Properties();
          properties.load(in);
          platforms.add(properties.getProperty("classifier", "unknown"));
        }
      }
    } catch (IOException e) {
      return platforms; // those that were read; the reason why the engine did not start is another
    }
    return platforms;
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
