package org.ulmfit.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;

/**
 * A matrix of float32 as NumPy reads it, written row by row:
 *
 * <pre>
 * \\x93NUMPY 1 0   2 bytes: length of what follows
 * {'descr': '<f4', 'fortran_order': False, 'shape': (rows, columns), }   spaces, line end
 * rows x columns x 4 bytes
 * </pre>
 *
 * <p>Source: numpy.lib.format, version 1.0.
 */
public final class NpyFile {
  private static final int HEAD = 128; // room for any shape; a multiple of 64, as NumPy wants it

  private final FileChannel channel;
  private long rows;
  private int columns;

  private NpyFile(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Writes what {@code body} puts.
   *
   * @throws UlmfitException (failure) if the file cannot be written; the old one is then untouched
   */
  public static void write(Path file, IOConsumer<NpyFile> body) {
    AtomicFiles.writeChannel(
        file,
        channel -> {
          NpyFile matrix = new NpyFile(channel);
          channel.position(HEAD);
          body.accept(matrix);
          channel.position(0);
          matrix.writeWhole(matrix.head());
        });
  }

  /**
   * Adds rows.
   *
   * @param more all as wide as the first one
   */
  public void put(float[][] more) throws IOException {
    for (float[] row : more) {
      if (rows == 0) {
        columns = row.length;
      }
      if (row.length != columns) {
        throw new IllegalArgumentException(row.length + " columns where " + columns + " belong");
      }
      ByteBuffer bytes =
          ByteBuffer.allocate(row.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(row);
      writeWhole(bytes);
      rows++;
    }
  }

  private ByteBuffer head() {
    String shape =
        Shown.format(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", rows, columns);
    ByteBuffer head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
    head.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1);
    head.put((byte) 0).putShort((short) (HEAD - 10));
    head.put(shape.getBytes(StandardCharsets.US_ASCII));
    while (head.position() < HEAD - 1) {
      head.put((byte) ' ');
    }
    return head.put((byte) '\n').flip();
  }

  private void writeWhole(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
