package org.ulmfit.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes a TorchScript archive: a ZIP of stored entries under one top folder.
 *
 * <pre>
 * ops/data.pkl            pickle protocol 2: one object of class __torch__.Ops and its attributes
 * ops/code/__torch__.py   the kernels, as serialised TorchScript text
 * ops/constants.pkl       an empty tuple
 * ops/version             3
 * ops/byteorder           little
 * </pre>
 *
 * The same file loads in plain PyTorch with {@code torch.jit.load}.
 */
public final class TorchScriptArchive {

  private static final String TOP = "ops";

  private TorchScriptArchive() {}

  /**
   * Writes a module without tensors.
   *
   * @param kernels method definitions in serialised TorchScript form, indented by two blanks
   */
  public static void write(OutputStream out, String kernels) throws IOException {
    StoredZip zip = new StoredZip(out, TOP);
    zip.entry("data.pkl", modulePickle());
    zip.entry("code/__torch__.py", moduleText(kernels).getBytes(StandardCharsets.UTF_8));
    zip.entry("constants.pkl", new PickleBytes().protocol().op(')', '.').toByteArray());
    zip.entry("version", "3\n".getBytes(StandardCharsets.US_ASCII));
    zip.entry("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    zip.finish();
  }

  private static String moduleText(String kernels) {
    return "class Ops(Module):\n"
        + "  __parameters__ = []\n"
        + "  __buffers__ = []\n"
        + "  training : bool\n"
        + "  _is_full_backward_hook : Optional[bool]\n"
        + kernels;
  }

  private static byte[] modulePickle() {
    return new PickleBytes()
        .protocol()
        .global("__torch__", "Ops")
        .op(')', 0x81, '}', '(') // NEWOBJ
        .text("training")
        .op(0x88) // NEWTRUE
        .text("_is_full_backward_hook")
        .op('N', 'u', 'b', '.') // SETITEMS, BUILD, STOP
        .toByteArray();
  }
}
