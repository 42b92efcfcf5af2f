package org.ulmfit.embed;

import ai.djl.engine.Engine;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.Version;
import org.ulmfit.io.NativeLibraries;

/**
 * How the start of DJL's ONNX Runtime engine came out: loaded on first use, offline, never more
 * than once. A failure is kept as a value, as that of PyTorch's start is.
 *
 * @param failure null if it started
 */
record OnnxStart(@Nullable UlmfitException failure) {
  static final String NAME = "OnnxRuntime";

  /** DJL would start PyTorch beside it, for arithmetic that is not asked of it here. */
  private static final String ALONE = "ai.djl.onnx.disable_alternative";

  private static final class Holder {
    static final OnnxStart START = tried();
  }

  /**
   * Starts the engine, if it has not been.
   *
   * @throws UlmfitException (failure) if it is not on the class path or does not start; a second
   *     call says the same
   */
  static void ready() {
    UlmfitException failure = Holder.START.failure;
    if (failure != null) {
      throw UlmfitException.failure(failure.getMessage(), failure);
    }
  }

  private static OnnxStart tried() {
    for (String property : new String[] {"ai.djl.offline", ALONE}) {
      if (System.getProperty(property) == null) {
        System.setProperty(property, "true");
      }
    }
    try {
      if (!Engine.hasEngine(NAME)) {
        return new OnnxStart(missing());
      }
      NativeLibraries.checkGiven("onnxruntime.native.path");
      NativeLibraries.checkTemporary();
      Engine.getEngine(NAME);
      return new OnnxStart(null);
    } catch (UlmfitException e) {
      return new OnnxStart(e);
    } catch (RuntimeException | LinkageError e) {
      return new OnnxStart(failed(e));
    }
  }

  private static UlmfitException missing() {
    return UlmfitException.failure(
        "the ONNX Runtime engine is not there: put ai.djl.onnxruntime:onnxruntime-engine:"
            + Version.djl()
            + " on the class path (the distribution of ulmfit has it in lib/)",
        null);
  }

  private static UlmfitException failed(Throwable e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    if (String.valueOf(deepest.getMessage()).contains("one already exists")) {
      return UlmfitException.failure(
          "the ONNX Runtime engine does not start: another part of this program has started ONNX"
              + " Runtime by itself; load a model of the family embedding, or call"
              + " ai.djl.engine.Engine.getEngine(\"OnnxRuntime\"), before that",
          e);
    }
    return UlmfitException.failure(
        "the ONNX Runtime engine does not start: "
            + deepest.getMessage()
            + "; its libraries are unpacked where Java keeps temporary files, "
            + System.getProperty("java.io.tmpdir")
            + ": let -Djava.io.tmpdir name a folder with 50 MB of room that programs may be run from",
        e);
  }
}
