package org.ulmfit.nn;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ulmfit.Shown;
import org.ulmfit.io.TorchScriptArchive;

/**
 * The operators DJL lacks, called by name: {@code kernels.txt} packed into a TorchScript archive
 * and loaded through DJL. The only class that knows DJL's JNI classes.
 *
 * <p>{@link #call} with tensors alone is thread-safe; {@link #callLists} names its arguments and is
 * for the one training thread.
 */
public final class Kernels implements AutoCloseable {

  /** The dtype in which LSTM, decoder and head compute. Parameters are float32 in any case. */
  public enum Arithmetic {
    FLOAT32("6"),
    BFLOAT16("15");

    private final String scalarType;

    Arithmetic(String scalarType) {
      this.scalarType = scalarType;
    }
  }

  private final NDManager manager;
  private final PtSymbolBlock module;
  private final Arithmetic arithmetic;
  private final boolean packs;

  private Kernels(NDManager manager, PtSymbolBlock module, Arithmetic arithmetic, boolean packs) {
    this.manager = manager;
    this.module = module;
    this.arithmetic = arithmetic;
    this.packs = packs;
  }

  /** Loads the kernels for a device. */
  public static Kernels load(Device device, Arithmetic arithmetic) {
    String text = source(arithmetic);
    if (!device.isGpu()) {
      try {
        return load(device, arithmetic, text + text("kernels-onednn.txt", arithmetic), true);
      } catch (EngineException e) {
        // a libtorch without oneDNN (macOS) does not know its operators; the others must load
      }
    }
    return load(device, arithmetic, text, false);
  }

  /**
   * The kernels of {@code kernels-onednn.txt} alone, which is quicker.
   *
   * @throws EngineException if libtorch has no oneDNN
   */
  static Kernels loadReading(Device device, Arithmetic arithmetic) {
    return load(device, arithmetic, text("kernels-onednn.txt", arithmetic), true);
  }

  private static Kernels load(Device device, Arithmetic arithmetic, String text, boolean packs) {
    NDManager manager = Torch.engine().newBaseManager(device);
    try {
      return new Kernels(manager, module(manager, text), arithmetic, packs);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  private static PtSymbolBlock module(NDManager manager, String text) {
    try {
      ByteArrayOutputStream archive = new ByteArrayOutputStream();
      TorchScriptArchive.write(archive, text);
      return JniUtils.loadModule(
          (PtNDManager) manager, new ByteArrayInputStream(archive.toByteArray()), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The kernels' TorchScript text for an arithmetic, comments dropped; oneDNN's are left out. */
  public static String source(Arithmetic arithmetic) {
    return text("kernels.txt", arithmetic) + text("kernels-networks.txt", arithmetic);
  }

  private static String text(String resource, Arithmetic arithmetic) {
    try (InputStream in = Kernels.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.replace("$T", arithmetic.scalarType))
          .collect(Collectors.joining("\n", "", "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Arithmetic arithmetic() {
    return arithmetic;
  }

  NDManager newManager() {
    return manager.newSubManager();
  }

  /** Whether LSTM weights can be packed for oneDNN ({@code kernels-onednn.txt}). */
  boolean packs() {
    return packs
        && (arithmetic == Arithmetic.FLOAT32 || Bfloat16.of(manager.getDevice()) != Bfloat16.PLAIN);
  }

  /** Calls a kernel; the results belong to {@code owner}. */
  public NDList call(NDManager owner, String kernel, NDArray... tensors) {
    NDList arguments = new NDList(tensors.length + 1);
    for (NDArray tensor : tensors) {
      arguments.add(tensor);
    }
    return run(owner, kernel, arguments);
  }

  /** {@link #call} for a kernel with one result. */
  public NDArray one(NDManager owner, String kernel, NDArray... tensors) {
    return call(owner, kernel, tensors).singletonOrThrow();
  }

  /** Calls a kernel whose first arguments are lists of tensors; not thread-safe. */
  public NDList callLists(NDManager owner, String kernel, List<NDList> lists, NDArray... tensors) {
    NDList arguments = new NDList();
    try {
      for (int i = 0; i < lists.size(); i++) {
        for (NDArray tensor : lists.get(i)) {
          tensor.setName(Shown.format("list%d[]", i));
          arguments.add(tensor);
        }
      }
      for (NDArray tensor : tensors) {
        arguments.add(tensor);
      }
      return run(owner, kernel, arguments);
    } finally {
      lists.forEach(list -> list.forEach(tensor -> tensor.setName(null)));
    }
  }

  private NDList run(NDManager owner, String kernel, NDList arguments) {
    try (NDArray selector = manager.create(0f)) {
      selector.setName("module_method:" + kernel);
      arguments.add(selector);
      // per thread; the optimiser rewrites a kernel after its first calls, and a run that was
      // resumed would differ in the last bits from one that was not
      JniUtils.setGraphExecutorOptimize(false);
      NDList results = IValueUtils.forward(module, arguments, true);
      results.attach(owner);
      return results;
    }
  }

  /** Computes without a graph. A fresh thread records, and this one does afterwards if it did. */
  public static <T> T withoutRecording(Supplier<T> computation) {
    return recording(false, computation);
  }

  /** As {@link #withoutRecording(Supplier)}, for what has no result. */
  public static void withoutRecording(Runnable computation) {
    recording(
        false,
        () -> {
          computation.run();
          return null;
        });
  }

  /** Computes with or without a graph of the calling thread, which then records as before. */
  static <T> T recording(boolean on, Supplier<T> computation) {
    boolean was = JniUtils.isGradMode();
    JniUtils.setGradMode(on);
    try {
      return computation.get();
    } finally {
      JniUtils.setGradMode(was);
    }
  }

  /** Computes with a graph, whatever the thread did before. */
  public static <T> T recording(Supplier<T> computation) {
    return recording(true, computation);
  }

  /**
   * Adds the gradients of the arrays that a result was recorded of, and frees its graph. It needs
   * no collector, of which there is one at a time: a training may go on beside.
   *
   * @param gradient of the result, of its shape
   */
  public static void backward(NDArray result, NDArray gradient) {
    JniUtils.backward((PtNDArray) result, (PtNDArray) gradient, false, false);
  }

  static int threads() {
    return JniUtils.getNumThreads();
  }

  @Override
  public void close() {
    module.close();
    manager.close();
  }
}
