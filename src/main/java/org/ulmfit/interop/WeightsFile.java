package org.ulmfit.interop;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ulmfit.io.Safetensors;

/** Named tensors in a file, of whichever format: torch's or safetensors. */
interface WeightsFile extends AutoCloseable {

  /**
   * @param dtype as the format names it, such as F32
   * @param alias the first tensor that is the same data in the same shape, itself if there is no
   *     other; null where the format shares nothing
   */
  record Tensor(String name, String dtype, long[] shape, String alias) {
    long elements() {
      long product = 1;
      for (long n : shape) {
        product = Math.multiplyExact(product, n);
      }
      return product;
    }
  }

  /** What messages call the format. */
  String format();

  /** In the file's order. */
  Map<String, Tensor> tensors();

  /** All values of a floating-point tensor, widened to float32. */
  float[] read(String name);

  @Override
  void close();

  static WeightsFile torch(Path path) {
    TorchFile file = TorchFile.open(path);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    file.tensors()
        .forEach((n, t) -> tensors.put(n, new Tensor(n, t.dtype(), t.shape(), t.alias())));
    return new WeightsFile() {
      @Override
      public String format() {
        return "torch file";
      }

      @Override
      public Map<String, Tensor> tensors() {
        return tensors;
      }

      @Override
      public float[] read(String name) {
        float[] values = new float[Math.toIntExact(tensors.get(name).elements())];
        file.tensors().get(name).read(values);
        return values;
      }

      @Override
      public void close() {
        file.close();
      }
    };
  }

  static WeightsFile safetensors(Path path) {
    Safetensors.Reader file = Safetensors.Reader.open(path);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    file.tensors()
        .forEach(
            (n, info) -> tensors.put(n, new Tensor(n, info.dtype().name(), info.shape(), null)));
    return new WeightsFile() {
      @Override
      public String format() {
        return "safetensors";
      }

      @Override
      public Map<String, Tensor> tensors() {
        return tensors;
      }

      @Override
      public float[] read(String name) {
        float[] values = new float[Math.toIntExact(tensors.get(name).elements())];
        file.read(name, values);
        return values;
      }

      @Override
      public void close() {
        file.close();
      }
    };
  }
}
