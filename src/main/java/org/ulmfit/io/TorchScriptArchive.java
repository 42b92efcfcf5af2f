package org.ulmfit.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

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

  private static final String TOP = "ops/";
  private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

  private TorchScriptArchive() {}

  /**
   * Writes a module without tensors.
   *
   * @param kernels method definitions in serialised TorchScript form, indented by two blanks
   */
  public static void write(OutputStream out, String kernels) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      stored(zip, "data.pkl", modulePickle());
      stored(zip, "code/__torch__.py", moduleText(kernels).getBytes(StandardCharsets.UTF_8));
      stored(zip, "constants.pkl", EMPTY_TUPLE);
      stored(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
      stored(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static String moduleText(String kernels) {
    return "class Ops(Module):\n"
        + "  __parameters__ = []\n"
        + "  __buffers__ = []\n"
        + "  training : bool\n"
        + "  _is_full_backward_hook : Optional[bool]\n"
        + kernels;
  }

  private static byte[] modulePickle() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x80, 2});
    out.write("c__torch__\nOps\n)".getBytes(StandardCharsets.US_ASCII));
    out.write(new byte[] {(byte) 0x81, '}', '('});
    text(out, "training");
    out.write((byte) 0x88); // NEWTRUE
    text(out, "_is_full_backward_hook");
    out.write('N');
    out.write("ub.".getBytes(StandardCharsets.US_ASCII)); // SETITEMS, BUILD, STOP
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String s) throws IOException {
    byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
    out.write('X');
    out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length).array());
    out.write(bytes);
  }

  private static void stored(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(TOP + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(crc.getValue());
    entry.setTime(315619200000L); // 1980-01-02: the same archive every time
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
