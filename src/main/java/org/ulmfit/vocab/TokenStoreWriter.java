package org.ulmfit.vocab;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.ulmfit.UlmfitException;

/**
 * Writes a {@link TokenStore} as a stream: the file has its name only once {@link #finish} has
 * returned.
 */
public final class TokenStoreWriter implements AutoCloseable {
  private static final int BUFFER = 1 << 18;

  private final Path file;
  private final Path aside;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private final Path idsAside;
  private final OutputStream ids; // apart until all are known: they may be gigabytes
  private long idBytes;
  private long[] starts = new long[1024];
  private long[] idStarts = new long[1024];
  private long[] labelStarts = new long[1024];
  private int[] labels = new int[1024];
  private int documents;
  private long tokens;
  private boolean finished;

  /**
   * Starts {@code file}, under a temporary name beside it.
   *
   * @throws UlmfitException (failure) if it cannot be written
   */
  public TokenStoreWriter(Path file) {
    this.file = file;
    this.aside = file.resolveSibling(file.getFileName() + ".tmp");
    this.idsAside = file.resolveSibling(file.getFileName() + ".ids.tmp");
    try {
      this.channel =
          FileChannel.open(
              aside,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING);
      this.ids = new BufferedOutputStream(Files.newOutputStream(idsAside), BUFFER);
      putLong(TokenStore.MAGIC);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /**
   * Adds a document.
   *
   * @param labelIds indices of its labels; none: it is unlabelled
   * @throws UlmfitException (failure) if it cannot be written
   */
  public void append(String id, int[] tokenIds, int... labelIds) {
    if (documents + 1 == starts.length) {
      starts = Arrays.copyOf(starts, starts.length * 2);
      idStarts = Arrays.copyOf(idStarts, idStarts.length * 2);
      labelStarts = Arrays.copyOf(labelStarts, labelStarts.length * 2);
    }
    int labelled = Math.toIntExact(labelStarts[documents] + labelIds.length);
    if (labelled > labels.length) {
      labels = Arrays.copyOf(labels, Math.max(labelled, labels.length * 2));
    }
    try {
      for (int tokenId : tokenIds) {
        putInt(tokenId);
      }
      byte[] idOf = id.getBytes(StandardCharsets.UTF_8);
      ids.write(idOf);
      idBytes += idOf.length;
    } catch (IOException e) {
      throw cannotWrite(e);
    }
    System.arraycopy(labelIds, 0, labels, labelled - labelIds.length, labelIds.length);
    tokens += tokenIds.length;
    documents++;
    starts[documents] = tokens;
    idStarts[documents] = idBytes;
    labelStarts[documents] = labelled;
  }

  /**
   * Completes the file and gives it its name.
   *
   * @throws UlmfitException (failure) if it cannot be written
   */
  public void finish() {
    try {
      align(tokens);
      putOffsets(starts);
      putOffsets(idStarts);
      putOffsets(labelStarts);
      long labelCount = labelStarts[documents];
      for (int i = 0; i < labelCount; i++) {
        putInt(labels[i]);
      }
      align(labelCount);
      flush();
      ids.write(new byte[(int) (TokenStore.pad(idBytes) - idBytes)]);
      ids.close();
      append(idsAside);
      putLong(idBytes);
      putLong(labelCount);
      putLong(documents);
      putLong(tokens);
      putLong(TokenStore.MAGIC);
      flush();
      channel.force(true);
      channel.close();
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Files.delete(idsAside);
      finished = true;
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** Without {@link #finish} before, drops what was written. */
  @Override
  public void close() {
    if (!finished) {
      try {
        channel.close();
        ids.close();
        Files.deleteIfExists(aside);
        Files.deleteIfExists(idsAside);
      } catch (IOException e) {
        throw cannotWrite(e);
      }
    }
  }

  private void append(Path other) throws IOException {
    try (FileChannel from = FileChannel.open(other, StandardOpenOption.READ)) {
      for (long done = 0; done < from.size(); ) {
        done += from.transferTo(done, from.size() - done, channel);
      }
    }
  }

  private void putOffsets(long[] offsets) throws IOException {
    for (int i = 0; i <= documents; i++) {
      putLong(offsets[i]);
    }
  }

  private void align(long ints) throws IOException {
    if (ints % 2 != 0) {
      putInt(0);
    }
  }

  private void putInt(int value) throws IOException {
    if (buffer.remaining() < 4) {
      flush();
    }
    buffer.putInt(value);
  }

  private void putLong(long value) throws IOException {
    if (buffer.remaining() < 8) {
      flush();
    }
    buffer.putLong(value);
  }

  private void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  private UlmfitException cannotWrite(IOException e) {
    return UlmfitException.cannotWrite(file, e);
  }
}
