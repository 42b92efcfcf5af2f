package org.ulmfit.vocab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
  static final long MAGIC = 0x32534b4f544d4c55L; // "ULMTOKS2"
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

  /** Bytes that {@code n} take with what fills them up to a multiple of 8. */
  static long pad(long n) {
    return (n + 7) / 8 * 8;
  }

  private static UlmfitException broken(Path file) {
    return UlmfitException.badData(file + ": not a complete token store; prepare the corpus again");
  }
}
