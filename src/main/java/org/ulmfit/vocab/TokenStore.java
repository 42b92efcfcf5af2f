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
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.IntConsumer;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Checksums;

/**
 * Numericalised documents in one memory-mapped, read-only file; its size is not bounded by the
 * heap. Thread-safe. Layout, little-endian:
 *
 * <pre>
 * 8 bytes   magic
 * 4 x T     token ids of all documents, padded to a multiple of 8
 * 8 x (D+1) index of each document's first token, and T
 * 8 x (D+1) offset of each document's id, and the length of all ids
 * 8 x (D+1) place of each document's first label, and L
 * 4 x L     label indices of all documents; padded to a multiple of 8
 * ...       ids of the documents, UTF-8, padded to a multiple of 8
 * 8         length of all ids
 * 8         L
 * 8         D
 * 8         T
 * 8 bytes   magic
 * </pre>
 */
public final class TokenStore implements AutoCloseable {
  private static final long MAGIC = 0x32534b4f544d4c55L; // "ULMTOKS2"
  private static final long MAGIC_1 = 0x31534b4f544d4c55L; // one label a document
  private static final int TRAILER = 40;

  private final Path file;
  private final Segments bytes;
  private final int documents;
  private final long tokens;
  private final long starts;
  private final long idStarts;
  private final long labelStarts;
  private final long labels;
  private final long ids;

  private TokenStore(Path file, Segments bytes) {
    this.file = file;
    this.bytes = bytes;
    long end = bytes.length();
    long idBytes = at(end - TRAILER);
    long labelCount = at(end - 32);
    long count = at(end - 24);
    this.tokens = at(end - 16);
    this.documents = (int) Math.max(0, Math.min(Integer.MAX_VALUE - 1, count));
    this.starts = 8 + pad(4 * tokens);
    this.idStarts = starts + 8L * (documents + 1);
    this.labelStarts = idStarts + 8L * (documents + 1);
    this.labels = labelStarts + 8L * (documents + 1);
    this.ids = labels + pad(4 * labelCount);
    boolean sized =
        count == documents
            && tokens >= 0
            && tokens <= end / 4 // so that no sum here overflows
            && labelCount >= 0
            && labelCount <= end / 4
            && idBytes >= 0
            && idBytes <= end
            && ids + pad(idBytes) + TRAILER == end;
    if (!sized
        || !rises(starts, tokens)
        || !rises(idStarts, idBytes)
        || !rises(labelStarts, labelCount)) {
      throw broken(file);
    }
  }

  /** Whether the D + 1 offsets from there on go from 0 to a length without a step back. */
  private boolean rises(long from, long length) {
    long last = at(from);
    if (last != 0 || at(from + 8L * documents) != length) {
      return false;
    }
    for (int doc = 1; doc <= documents; doc++) {
      long next = at(from + 8L * doc);
      if (next < last || next - last > Integer.MAX_VALUE) {
        return false;
      }
      last = next;
    }
    return true;
  }

  /**
   * Opens a store written by {@link Writer}.
   *
   * @throws UlmfitException (bad data) if it is no complete store or cannot be read
   */
  public static TokenStore open(Path file) {
    return open(file, Segments.DEFAULT_SIZE);
  }

  static TokenStore open(Path file, int segmentSize) {
    try {
      Segments bytes = Segments.map(file, segmentSize);
      long end = bytes.length();
      if (end >= 8 && bytes.getLong(0) == MAGIC_1) {
        throw UlmfitException.badData(
            file
                + ": a token store of an earlier ulmfit, with one label a document; prepare the"
                + " corpus again");
      }
      if (end < 8 + 24 + TRAILER
          || end % 8 != 0
          || bytes.getLong(0) != MAGIC
          || bytes.getLong(end - 8) != MAGIC) {
        throw broken(file);
      }
      return new TokenStore(file, bytes);
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_DATA, file, e);
    }
  }

  /** Number of documents. */
  public int size() {
    return documents;
  }

  /** Number of tokens of all documents. */
  public long tokens() {
    return tokens;
  }

  /** Tokens of one document. */
  public int length(int doc) {
    return (int) (at(starts + 8L * (within(doc) + 1)) - at(starts + 8L * doc));
  }

  /** Ids of one document; a fresh array. */
  public int[] ids(int doc) {
    int[] target = new int[length(doc)];
    bytes.getInts(8 + 4 * at(starts + 8L * doc), target);
    return target;
  }

  /** Indices of the document's labels, none for an unlabelled one; a fresh array. */
  public int[] labels(int doc) {
    long from = at(labelStarts + 8L * within(doc));
    int[] target = new int[(int) (at(labelStarts + 8L * (doc + 1)) - from)];
    bytes.getInts(labels + 4 * from, target);
    return target;
  }

  /** The document's id in the corpus. */
  public String id(int doc) {
    long from = at(idStarts + 8L * within(doc));
    int n = (int) (at(idStarts + 8L * (doc + 1)) - from);
    return new String(bytes.getBytes(ids + from, n), StandardCharsets.UTF_8);
  }

  /**
   * Documents of each label.
   *
   * @param labels number of labels there are
   */
  public long[] labelCounts(int labels) {
    long[] counts = new long[labels];
    for (int doc = 0; doc < size(); doc++) {
      for (int label : labels(doc)) {
        counts[label]++;
      }
    }
    return counts;
  }

  /**
   * How often each id occurs.
   *
   * @return one count for each of the ids 0 to {@code vocabSize - 1}
   * @throws UlmfitException (bad data) if an id is not below {@code vocabSize}
   */
  public long[] counts(int vocabSize) {
    long[] counts = new long[vocabSize];
    forEachId(vocabSize, id -> counts[id]++);
    return counts;
  }

  /**
   * Looks at every document.
   *
   * @param fewest labels that a document has
   * @param most labels that a document has
   * @param names number of labels there are
   * @throws UlmfitException (bad data) if a token id is not below {@code vocabSize}, a label index
   *     not below {@code names}, or a document has fewer or more labels, or one twice
   */
  public void check(int vocabSize, int fewest, int most, int names) {
    forEachId(vocabSize, id -> {});
    for (int doc = 0; doc < documents; doc++) {
      int[] own = labels(doc);
      if (own.length < fewest || own.length > most) {
        throw UlmfitException.badData(
            file + ": a document with " + own.length + " labels; prepare the corpus again");
      }
      if (own.length > 1 && Arrays.stream(own).distinct().count() < own.length) {
        throw UlmfitException.badData(
            file + ": a document with a label twice; prepare the corpus again");
      }
      for (int label : own) {
        if (label < 0 || label >= names) {
          throw UlmfitException.badData(
              file
                  + ": label index "
                  + label
                  + " for "
                  + names
                  + " labels; prepare the corpus again");
        }
      }
    }
  }

  /**
   * What its tokens and labels are known by, whatever its documents are called: SHA-256, in hex.
   */
  public String sha256() {
    MessageDigest sha = Checksums.digest();
    for (int doc = 0; doc < documents; doc++) {
      int[] ids = ids(doc);
      int[] own = labels(doc);
      ByteBuffer buffer = ByteBuffer.allocate(4 * (ids.length + own.length + 2));
      buffer.putInt(ids.length).asIntBuffer().put(ids);
      buffer.position(4 * (ids.length + 1));
      buffer.putInt(own.length).asIntBuffer().put(own);
      sha.update(buffer.array());
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private void forEachId(int vocabSize, IntConsumer action) {
    for (int doc = 0; doc < documents; doc++) {
      for (int id : ids(doc)) {
        if (id < 0 || id >= vocabSize) {
          throw UlmfitException.badData(
              file
                  + ": token id "
                  + id
                  + " for a vocabulary of "
                  + vocabSize
                  + "; it belongs to another vocabulary: prepare the corpus again");
        }
        action.accept(id);
      }
    }
  }

  /** One line: documents and tokens. */
  public String description() {
    return Shown.format("%,d documents, %,d tokens", documents, tokens);
  }

  /** Nothing to release now: the mapping goes with the object. */
  @Override
  public void close() {}

  private long at(long position) {
    return bytes.getLong(position);
  }

  private int within(int doc) {
    if (doc < 0 || doc >= documents) {
      throw new IndexOutOfBoundsException("document " + doc + " of " + documents);
    }
    return doc;
  }

  private static long pad(long n) {
    return (n + 7) / 8 * 8;
  }

  private static UlmfitException broken(Path file) {
    return UlmfitException.badData(file + ": not a complete token store; prepare the corpus again");
  }

  /** Writes a store as a stream: the file has its name only once {@link #finish} has returned. */
  public static final class Writer implements AutoCloseable {
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
    public Writer(Path file) {
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
        putLong(MAGIC);
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
        ids.write(new byte[(int) (pad(idBytes) - idBytes)]);
        ids.close();
        append(idsAside);
        putLong(idBytes);
        putLong(labelCount);
        putLong(documents);
        putLong(tokens);
        putLong(MAGIC);
        flush();
        channel.force(true);
        channel.close();
        Files.move(
            aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
}
