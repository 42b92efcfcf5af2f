package org.ulmfit.interop;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a torch file holds.
 *
 * @param root the pickled object
 * @param storages position in the file of the first byte of every storage that the object names;
 *     its bytes are all there
 */
record TorchContainer(Object root, Map<String, Long> storages) {

  private static final int HEAD = 512;
  private static final byte[] LEGACY_MAGIC = {
    0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
  };

  /** Reads either container, up to the storages. */
  static TorchContainer read(Path file, FileChannel channel) throws IOException {
    ByteBuffer head = ByteBuffer.allocate((int) Math.min(HEAD, channel.size()));
    readFully(channel, head, 0);
    String text = new String(head.array(), StandardCharsets.ISO_8859_1);
    if (text.startsWith("PK")) {
      return TorchZip.read(file, channel);
    }
    if (text.startsWith("\u0080")
        && text.contains(new String(LEGACY_MAGIC, StandardCharsets.ISO_8859_1))) {
      return TorchLegacy.read(file, channel);
    }
    throw Refusals.of(file, "not a torch file; " + guess(text));
  }

  private static String guess(String head) {
    if (head.startsWith("\u0089HDF")) {
      return "a real HDF5 file, which PyTorch does not write (fastai's .h5 files are torch files)";
    }
    if (head.startsWith("\u001f\u008b")) {
      return "a gzip file: give it the name it was published under (.tgz), or unpack it";
    }
    if (head.startsWith("ustar", 257)) {
      return "a tar file: unpack it (or one of torch before 0.1.10: save it with a later torch)";
    }
    if (head.startsWith("\u0080")) {
      return "a plain pickle (is it the vocabulary?)";
    }
    if (head.startsWith("<") || head.startsWith("version https://git-lfs")) {
      return "a web page or a pointer in the place of the file; download it again";
    }
    return "it begins neither as a ZIP nor as torch.save before 1.6 writes";
  }

  /** Fills a buffer from a position, little-endian and ready to be read. */
  static ByteBuffer readFully(FileChannel channel, ByteBuffer to, long position)
      throws IOException {
    long at = position;
    while (to.hasRemaining()) {
      int n = channel.read(to, at);
      if (n < 0) {
        throw new EOFException("file ends at byte " + at);
      }
      at += n;
    }
    return to.order(ByteOrder.LITTLE_ENDIAN).flip();
  }
}
