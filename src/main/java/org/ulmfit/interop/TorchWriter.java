package org.ulmfit.interop;

import java.io.OutputStream;
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
import org.ulmfit.io.TorchStorage;

/**
 * Writes a state dict of float tensors as {@code torch.save} of torch 1.6 and later does: an
 * OrderedDict in the container that {@link TorchZip} describes. {@code torch.load} takes it with
 * {@code weights_only=True}. The same tensors give the same bytes.
 */
public final class TorchWriter {

  private static final String TOP = "model";

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

  /**
   * Writes a file aside, forces it to disk and renames it.
   *
   * @param tensors in this order
   * @throws IllegalArgumentException if names repeat, an alias is of nothing that came before it,
   *     or values do not fit their shape
   * @throws UlmfitException (failure) if the file cannot be written, or would exceed 4 GiB
   */
  public static void write(Path file, List<Tensor> tensors) {
    Map<String, TorchStorage> stored = stored(tensors);
    byte[] pickle = pickle(stored);
    AtomicFiles.write(
        file,
        (OutputStream out) -> {
          StoredZip zip = new StoredZip(out, TOP);
          zip.entry("data.pkl", pickle);
          zip.entry("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
          for (Tensor tensor : tensors) {
            if (tensor.aliasOf == null) {
              Objects.requireNonNull(stored.get(tensor.name)).write(zip, tensor.name);
            }
          }
          zip.entry("version", "3\n".getBytes(StandardCharsets.US_ASCII));
          zip.finish();
        });
  }

  /** Every name with the storage that holds its data. */
  private static Map<String, TorchStorage> stored(List<Tensor> tensors) {
    Map<String, TorchStorage> stored = new LinkedHashMap<>();
    int keys = 0;
    for (Tensor tensor : tensors) {
      TorchStorage its = stored.get(tensor.aliasOf);
      if (tensor.values != null) {
        its = new TorchStorage(keys++, tensor.shape, tensor.values);
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

  private static byte[] pickle(Map<String, TorchStorage> tensors) {
    PickleBytes pickle = new PickleBytes().protocol();
    TorchStorage.emptyOrderedDict(pickle).op('(');
    tensors.forEach((name, stored) -> stored.rebuild(pickle.text(name)));
    return pickle.op('u', '.').toByteArray();
  }

  private TorchWriter() {}
}
