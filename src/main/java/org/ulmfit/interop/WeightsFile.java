package org.ulmfit.interop;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.io.Safetensors;

/** Named tensors in a file, of whichever format: torch's or safetensors. */
final class WeightsFile implements AutoCloseable {

  /**
   * @param dtype as the format names it, such as F32
   * @param elements product of the shape
   * @param alias the first tensor that is the same data in the same shape, itself if there is no
   *     other; null where the format shares nothing
   */
  record Tensor(String name, String dtype, long[] shape, long elements, @Nullable String alias) {}

  private final String format;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final BiConsumer<String, float[]> reader;
  private final Runnable closer;

  private WeightsFile(String format, BiConsumer<String, float[]> reader, Runnable closer) {
    this.format = format;
    this.reader = reader;
    this.closer = closer;
  }

  static WeightsFile torch(Path path) {
    TorchFile file = TorchFile.open(path);
    WeightsFile weights =
        new WeightsFile(
            "torch file",
            (name, into) -> Objects.requireNonNull(file.tensors().get(name), name).read(into),
            file::close);
    file.tensors().forEach((n, t) -> weights.add(n, t.dtype(), t.shape(), t.elements(), t.alias()));
    return weights;
  }

  static WeightsFile safetensors(Path path) {
    Safetensors.Reader file = Safetensors.Reader.open(path);
    WeightsFile weights = new WeightsFile("safetensors", file::read, file::close);
    file.tensors()
        .forEach((n, t) -> weights.add(n, t.dtype().name(), t.shape(), t.elements(), null));
    return weights;
  }

  private void add(String name, String dtype, long[] shape, long elements, @Nullable String alias) {
    tensors.put(name, new Tensor(name, dtype, shape, elements, alias));
  }

  /** What messages call the format. */
  String format() {
    return format;
  }

  /** In the file's order. */
  Map<String, Tensor> tensors() {
    return tensors;
  }

  /** One that it holds. */
  Tensor tensor(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  /** All values of a floating-point tensor, widened to float32. */
  float[] read(String name) {
    float[] values = new float[Math.toIntExact(tensor(name).elements())];
    reader.accept(name, values);
    return values;
  }

  @Override
  public void close() {
    closer.run();
  }
}
