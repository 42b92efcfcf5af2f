package org.ulmfit.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Writes a TorchScript archive: a ZIP of stored entries under one top folder.
 *
 * <pre>
 * ops/data.pkl            pickle protocol 2: one object of class __torch__.Ops and its attributes
 * ops/code/__torch__.py   the methods, as serialised TorchScript text
 * ops/data/0, data/1 ...  the values of its tensors
 * ops/constants.pkl       an empty tuple
 * ops/version             3
 * ops/byteorder           little
 * </pre>
 *
 * The same file loads in plain PyTorch with {@code torch.jit.load}. The same content gives the same
 * bytes.
 */
public final class TorchScriptArchive {

  private static final String TOP = "ops";

  private TorchScriptArchive() {}

  /**
   * An attribute that holds a float tensor.
   *
   * @param name an identifier
   * @param values asked when the tensor's turn comes, so that no more than one need be in memory
   */
  public record Tensor(String name, long[] shape, Supplier<float[]> values) {}

  /**
   * Writes a module without tensors.
   *
   * @param methods their definitions in serialised TorchScript form, indented by two blanks
   */
  public static void write(OutputStream out, String methods) throws IOException {
    write(out, methods, List.of());
  }

  /**
   * Writes a module.
   *
   * @param methods their definitions in serialised TorchScript form, indented by two blanks
   * @param tensors its parameters, which ask for no gradient
   * @throws IOException if the archive would grow beyond 4 GiB, or from {@code out}
   */
  public static void write(OutputStream out, String methods, List<Tensor> tensors)
      throws IOException {
    Map<String, TorchStorage> stored = new LinkedHashMap<>();
    for (Tensor tensor : tensors) {
      stored.put(tensor.name, new TorchStorage(stored.size(), tensor.shape, tensor.values));
    }
    StoredZip zip = new StoredZip(out, TOP);
    zip.entry("data.pkl", modulePickle(stored));
    zip.entry(
        "code/__torch__.py",
        moduleText(List.copyOf(stored.keySet()), methods).getBytes(StandardCharsets.UTF_8));
    for (Map.Entry<String, TorchStorage> tensor : stored.entrySet()) {
      tensor.getValue().write(zip, tensor.getKey());
    }
    zip.entry("constants.pkl", new PickleBytes().protocol().op(')', '.').toByteArray());
    zip.entry("version", "3\n".getBytes(StandardCharsets.US_ASCII));
    zip.entry("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    zip.finish();
  }

  private static String moduleText(List<String> tensors, String methods) {
    List<String> lines = new ArrayList<>();
    lines.add("class Ops(Module):");
    lines.add(
        tensors.stream()
            .map(name -> '"' + name + "\", ")
            .collect(Collectors.joining("", "  __parameters__ = [", "]")));
    lines.add("  __buffers__ = []");
    tensors.forEach(name -> lines.add("  " + name + " : Tensor"));
    lines.add("  training : bool");
    lines.add("  _is_full_backward_hook : Optional[bool]");
    return String.join("\n", lines) + "\n" + methods;
  }

  private static byte[] modulePickle(Map<String, TorchStorage> tensors) {
    PickleBytes pickle = new PickleBytes().protocol().global("__torch__", "Ops");
    pickle.op(')', 0x81, '}', '('); // NEWOBJ
    tensors.forEach((name, tensor) -> tensor.rebuild(pickle.text(name)));
    return pickle
        .text("training")
        .op(0x88) // NEWTRUE
        .text("_is_full_backward_hook")
        .op('N', 'u', 'b', '.') // SETITEMS, BUILD, STOP
        .toByteArray();
  }
}
