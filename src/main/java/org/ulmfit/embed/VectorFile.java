package org.ulmfit.embed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Checksums;

/**
 * Vectors of texts that were read already, by what the texts are, in a file that only grows: a run
 * that is stopped loses at most the last block. What is damaged, and all behind it, is made again.
 *
 * <pre>
 * 8 bytes    magic
 * 32 bytes   SHA-256 of the encoder, its reading and the dimension
 * each       32 bytes SHA-256 of the pieces' ids, dimension x 4 of the vector,
 *            4 the seconds it took, 4 CRC-32 of all this
 * </pre>
 */
final class VectorFile implements AutoCloseable {
  private static final byte[] MAGIC = "ULMVECS1".getBytes(StandardCharsets.US_ASCII);
  private static final int HASH = 32;
  private static final int SECONDS = Float.BYTES;
  private static final int CHECK = 4;

  private final Path path;
  private final int dimension;
  private final FileChannel channel;
  private final Map<ByteBuffer, Made> vectors = new HashMap<>();

  /** A vector, and the seconds it took to make. */
  record Made(float[] vector, float seconds) {}

  private VectorFile(Path path, int dimension, FileChannel channel) {
    this.path = path;
    this.dimension = dimension;
    this.channel = channel;
  }

  /**
   * Opens a file, or makes it; one of another encoder or reading is begun anew.
   *
   * @throws UlmfitException (failure) if it cannot be read or written; (usage) if it is a file of
   *     another kind, which is left as it is
   */
  static VectorFile open(Path path, String sha256, EncoderReading reading, int dimension) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      FileChannel channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        VectorFile file = new VectorFile(path, dimension, channel);
        file.load(key(sha256, reading, dimension));
        return file;
      } catch (IOException | RuntimeException | Error e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(path, e);
    }
  }

  private static byte[] key(String sha256, EncoderReading reading, int dimension) {
    String all =
        String.join(
            "\n",
            sha256,
            reading.pooling() + " " + reading.normalise() + " " + reading.window(),
            reading.overlap() + " " + reading.windows(),
            Arrays.toString(reading.start()) + Arrays.toString(reading.end()),
            "" + dimension);
    return Checksums.digest().digest(all.getBytes(StandardCharsets.UTF_8));
  }

  private void load(byte[] key) throws IOException {
    ByteBuffer magic = ByteBuffer.allocate(MAGIC.length);
    boolean whole = fill(magic);
    byte[] written = Arrays.copyOf(MAGIC, magic.position()); // if it is one, perhaps cut short
    boolean begun = whole && Arrays.equals(magic.array(), MAGIC);
    if (!begun && !Arrays.equals(magic.array(), Arrays.copyOf(written, MAGIC.length))) {
      throw UlmfitException.usage(path + ": is no file of vectors; move it away");
    }
    ByteBuffer head = ByteBuffer.allocate(HASH);
    if (!begun || !fill(head) || !Arrays.equals(head.array(), key)) {
      channel.truncate(0);
      write(ByteBuffer.wrap(MAGIC));
      write(ByteBuffer.wrap(key));
      return;
    }
    ByteBuffer record = record();
    long end = channel.position();
    while (fill(record.clear()) && crc(record) == record.getInt(record.capacity() - CHECK)) {
      byte[] text = new byte[HASH];
      record.flip().get(text);
      float[] vector = new float[dimension];
      record.asFloatBuffer().get(vector);
      float seconds = record.getFloat(record.capacity() - CHECK - SECONDS);
      vectors.put(ByteBuffer.wrap(text), new Made(vector, seconds));
      end = channel.position();
    }
    channel.truncate(end).position(end);
  }

  private ByteBuffer record() {
    return ByteBuffer.allocate(HASH + dimension * Float.BYTES + SECONDS + CHECK)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private boolean fill(ByteBuffer to) throws IOException {
    while (to.hasRemaining()) {
      if (channel.read(to) < 0) {
        return false;
      }
    }
    return true;
  }

  private void write(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      channel.write(from);
    }
  }

  private static int crc(ByteBuffer record) {
    CRC32 crc = new CRC32();
    crc.update(record.duplicate().rewind().limit(record.capacity() - CHECK));
    return (int) crc.getValue();
  }

  /** What a text is known by. */
  static ByteBuffer text(int[] pieces) {
    ByteBuffer ids = ByteBuffer.allocate(pieces.length * Integer.BYTES);
    ids.asIntBuffer().put(pieces);
    return ByteBuffer.wrap(Checksums.digest().digest(ids.array()));
  }

  @Nullable Made get(ByteBuffer text) {
    return vectors.get(text);
  }

  int size() {
    return vectors.size();
  }

  /** Keeps vectors of texts, once each. */
  void put(Map<ByteBuffer, Made> more) {
    try {
      for (Map.Entry<ByteBuffer, Made> one : more.entrySet()) {
        if (vectors.put(one.getKey(), one.getValue()) == null) {
          ByteBuffer record = record();
          record.put(one.getKey().duplicate());
          for (float element : one.getValue().vector) {
            record.putFloat(element);
          }
          record.putFloat(one.getValue().seconds);
          record.putInt(crc(record));
          write(record.flip());
        }
      }
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(path, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(path, e);
    }
  }
}
