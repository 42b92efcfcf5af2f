package org.ulmfit.interop;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.PickleBytes;
import org.ulmfit.io.StoredZip;

/**
 * Writes a state dict of float tensors as {@code torch.save} of torch 1.6 and later does: an
 * OrderedDict in the container that {@link TorchZip} describes. {@code torch.load} takes it with
 * {@code weights_only=True}. The same tensors give the same bytes.
 */
public final class TorchWriter {

  private static final String TOP = "model";
  private static final int CHUNK_FLOATS = 1 << 16;

  /**
   * One tensor to write; made by {@link #of} or {@link #alias}.
   *
   * @param shape none for an alias
   * @param values asked when the tensor's turn comes, so that no more than one need be in memory;
   *     null for an alias
   * @param aliasOf name of an earlier tensor whose storage this one shares, or null
   */
  public record Tensor(
      String name, long[] shape, @Nullable Supplier<float[]> values, @Nullable String aliasOf) {

    /** A tensor with data of its own, row-major. */
    public static Tensor of(String name, long[] shape, Supplier<float[]> values) {
      return new Tensor(name, shape.clone(), values, null);
    }

    /** A second name for an earlier tensor, with which it stays tied when it is loaded. */
    public static Tensor alias(String name, String aliasOf) {
      return new Tensor(name, new long[0], null, aliasOf);
    }
  }

  /** A tensor with data of its own, and the key of its storage. */
  private record Stored(int key, long[] shape, long elements, Supplier<float[]> values) {}

  /**
   * Writes a file aside, forces it to disk and renames it.
   *
   * @param tensors in this order
   * @throws IllegalArgumentException if names repeat, an alias is of nothing that came before it,
   *     or values do not fit their shape
   * @throws UlmfitException (failure) if the file cannot be written, or would exceed 4 GiB
   */
  public static void write(Path file, List<Tensor> tensors) {
    Map<String, Stored> stored = stored(tensors);
    byte[] pickle = pickle(stored);
    AtomicFiles.write(
        file,
        (OutputStream out) -> {
          StoredZip zip = new StoredZip(out, TOP);
          zip.entry("data.pkl", pickle);
          zip.entry("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
          for (Tensor tensor : tensors) {
            if (tensor.aliasOf == null) {
              writeStorage(zip, tensor.name, Objects.requireNonNull(stored.get(tensor.name)));
            }
          }
          zip.entry("version", "3\n".getBytes(StandardCharsets.US_ASCII));
          zip.finish();
        });
  }

  /** Every name with the storage that holds its data. */
  private static Map<String, Stored> stored(List<Tensor> tensors) {
    Map<String, Stored> stored = new LinkedHashMap<>();
    int keys = 0;
    for (Tensor tensor : tensors) {
      Stored its = stored.get(tensor.aliasOf);
      if (tensor.values != null) {
        long elements = 1;
        for (long n : tensor.shape) {
          elements = Math.multiplyExact(elements, n);
        }
        its = new Stored(keys++, tensor.shape, elements, tensor.values);
      }
      if (its == null) {
        throw new IllegalArgumentException(
            tensor.name + " is an alias of " + tensor.aliasOf + ", which is not before it");
      }
      if (stored.put(tensor.name, its) != null) {
        throw new IllegalArgumentException("two tensors named " + tensor.name);
      }
    }
    return stored;
  }

  private static byte[] pickle(Map<String, Stored> tensors) {
    PickleBytes pickle = new PickleBytes().protocol();
    emptyOrderedDict(pickle).op('(');
    tensors.forEach((name, stored) -> rebuild(pickle.text(name), stored));
    return pickle.op('u', '.').toByteArray();
  }

  /** {@code _rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())}. */
  private static void rebuild(PickleBytes pickle, Stored stored) {
    pickle.global("torch._utils", "_rebuild_tensor_v2").op('(');
    pickle.op('(').text("storage").global("torch", "FloatStorage");
    pickle.text(Integer.toString(stored.key)).text("cpu").number(stored.elements).op('t', 'Q');
    pickle.number(0);
    int dimensions = stored.shape.length;
    long[] strides = new long[dimensions];
    long stride = 1;
    for (int d = dimensions - 1; d >= 0; d--) {
      strides[d] = stride;
      stride *= Math.max(1, stored.shape[d]);
    }
    tuple(pickle, stored.shape);
    tuple(pickle, strides);
    emptyOrderedDict(pickle.op(0x89)).op('t', 'R');
  }

  private static PickleBytes emptyOrderedDict(PickleBytes pickle) {
    return pickle.global("collections", "OrderedDict").op(')', 'R');
  }

  private static void tuple(PickleBytes pickle, long[] numbers) {
    pickle.op('(');
    for (long n : numbers) {
      pickle.number(n);
    }
    pickle.op('t');
  }

  private static void writeStorage(StoredZip zip, String name, Stored stored) throws IOException {
    float[] values = stored.values.get();
    if (values.length != stored.elements) {
      throw new IllegalArgumentException(
          name + ": " + values.length + " values for a shape of " + stored.elements);
    }
    long size = stored.elements * Float.BYTES;
    zip.entry("data/" + stored.key, size, out -> writeFloats(values, out));
  }

  private static void writeFloats(float[] values, OutputStream out) throws IOException {
    int most = Math.min(CHUNK_FLOATS, values.length);
    ByteBuffer chunk = ByteBuffer.allocate(most * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < values.length; done += most) {
      int n = Math.min(most, values.length - done);
      chunk.asFloatBuffer().put(values, done, n);
      out.write(chunk.array(), 0, n * Float.BYTES);
    }
  }

  private TorchWriter() {}
}
