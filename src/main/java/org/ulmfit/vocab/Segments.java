package org.ulmfit.vocab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file mapped read-only in pieces, since one mapping ends at 2 GB. Little-endian. */
final class Segments {
  /** Bytes of a piece; a multiple of 8, so that no aligned number crosses a border. */
  static final int DEFAULT_SIZE = 1 << 30;

  private final ByteBuffer[] pieces;
  private final int size;
  private final long length;

  private Segments(ByteBuffer[] pieces, int size, long length) {
    this.pieces = pieces;
    this.size = size;
    this.length = length;
  }

  static Segments map(Path file, int size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = channel.size();
      ByteBuffer[] pieces = new ByteBuffer[(int) ((length + size - 1) / size)];
      for (int i = 0; i < pieces.length; i++) {
        long start = (long) i * size;
        pieces[i] =
            channel
                .map(FileChannel.MapMode.READ_ONLY, start, Math.min(size, length - start))
                .order(ByteOrder.LITTLE_ENDIAN);
      }
      return new Segments(pieces, size, length);
    }
  }

  long length() {
    return length;
  }

  int getInt(long position) {
    return pieces[(int) (position / size)].getInt((int) (position % size));
  }

  long getLong(long position) {
    return pieces[(int) (position / size)].getLong((int) (position % size));
  }

  void getInts(long position, int[] target) {
    int done = 0;
    while (done < target.length) {
      long at = position + 4L * done;
      int offset = (int) (at % size);
      ByteBuffer piece = pieces[(int) (at / size)];
      int n = Math.min(target.length - done, (piece.limit() - offset) / 4);
      IntBuffer ints = piece.slice(offset, 4 * n).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
      ints.get(target, done, n);
      done += n;
    }
  }

  byte[] getBytes(long position, int n) {
    byte[] bytes = new byte[n];
    int done = 0;
    while (done < n) {
      int offset = (int) ((position + done) % size);
      ByteBuffer piece = pieces[(int) ((position + done) / size)];
      int part = Math.min(n - done, piece.limit() - offset);
      piece.get(offset, bytes, done, part);
      done += part;
    }
    return bytes;
  }
}
