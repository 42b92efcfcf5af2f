package org.ulmfit.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.ulmfit.io.TorchScriptArchive;
import org.ulmfit.nn.Torch;

/**
 * How fast this machine multiplies matrices by the route our kernels take, TorchScript text run by
 * libtorch: a large square and the three products of the decoder's chunk. Series {@code "fp32
 * square"} and the like, in GFLOP.
 */
final class MatmulPeaks {

  /** C (m, n) = A (m, k) B; {@code transposed}: B is stored (n, k), as weights are. */
  record Shapes(String name, long m, long k, long n, boolean transposed) {

    double gflop() {
      return 2e-9 * m * k * n;
    }
  }

  private static final String KERNELS =
      """
        def product(self: __torch__.Ops, a: Tensor, b: Tensor) -> Tensor:
          return torch.matmul(a, b)

        def product_t(self: __torch__.Ops, a: Tensor, b: Tensor) -> Tensor:
          return torch.linear(a, b)

        def bf16(self: __torch__.Ops, a: Tensor) -> Tensor:
          return torch.to(a, 15)
      """;

  private final NDManager manager;
  private final PtSymbolBlock module;

  private MatmulPeaks(NDManager manager) throws IOException {
    this.manager = manager;
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    TorchScriptArchive.write(archive, KERNELS);
    this.module =
        JniUtils.loadModule(
            (PtNDManager) manager, new ByteArrayInputStream(archive.toByteArray()), false, false);
  }

  /** Shapes for a vocabulary, an embedding and the rows of a chunk. */
  static List<Shapes> shapes(int square, int vocabulary, int embedding, int rows) {
    return List.of(
        new Shapes("square", square, square, square, false),
        new Shapes("logits", rows, embedding, vocabulary, true),
        new Shapes("input gradient", rows, vocabulary, embedding, false),
        new Shapes("weight gradient", vocabulary, rows, embedding, false));
  }

  static Measurement measure(List<Shapes> all, List<String> precisions, int repeats)
      throws IOException {
    Measurement measured = Measurement.empty();
    try (NDManager manager = Torch.engine().newBaseManager(Device.cpu())) {
      JniUtils.setGradMode(false);
      MatmulPeaks peaks = new MatmulPeaks(manager);
      for (Shapes shapes : all) {
        for (String precision : precisions) {
          peaks.measure(shapes, precision, repeats, measured);
        }
      }
      peaks.module.close();
    }
    return measured;
  }

  private void measure(Shapes s, String precision, int repeats, Measurement into) {
    try (NDManager local = manager.newSubManager()) {
      NDArray a = local.randomUniform(-1, 1, new Shape(s.m, s.k));
      Shape second = s.transposed ? new Shape(s.n, s.k) : new Shape(s.k, s.n);
      NDArray b = local.randomUniform(-1, 1, second);
      if (precision.equals("bf16")) {
        a = call("bf16", local, a);
        b = call("bf16", local, b);
      }
      String kernel = s.transposed ? "product_t" : "product";
      call(kernel, local, a, b).close();
      for (int i = 0; i < repeats; i++) {
        long started = System.nanoTime();
        NDArray c = call(kernel, local, a, b);
        into.add(precision + " " + s.name, (System.nanoTime() - started) / 1e9, s.gflop());
        c.close();
      }
    }
  }

  private NDArray call(String kernel, NDManager owner, NDArray... arguments) {
    try (NDArray selector = manager.create(0f)) {
      selector.setName("module_method:" + kernel);
      NDList list = new NDList(arguments);
      list.add(selector);
      JniUtils.setGraphExecutorOptimize(false);
      NDList result = IValueUtils.forward(module, list, false);
      result.attach(owner);
      return result.singletonOrThrow();
    }
  }
}
