package org.ulmfit.prepare;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.Split;
import org.ulmfit.io.Checksums;

/**
 * The documents of a corpus in a temporary file, so that they can be taken in any order, tokenized
 * once and written as CSV without holding them in memory. In memory: some 25 bytes a document.
 */
final class Spill implements AutoCloseable {
  private static final Split[] SPLITS = Split.values();

  private final Path file;
  private final DataOutputStream out;
  private final Map<String, Integer> labelIndex = new LinkedHashMap<>();
  private final MessageDigest sha = Checksums.digest();

  @SuppressWarnings("NullAway.Init") // finish opens it
  private FileChannel in;

  private long[] offsets = new long[1024];
  private long[] hashes = new long[1024];
  private int[] labelEnds = new int[1024]; // in labels, of each document
  private int[] labels = new int[1024];
  private byte[] splits = new byte[1024];
  private final BitSet leftOut = new BitSet();
  private int size;

  Spill(Path file) {
    this.file = file;
    try {
      OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file), 1 << 18);
      this.out = new DataOutputStream(stream);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Adds a document; it gets the next number from 0. */
  void add(Split split, Document document) {
    if (size + 1 == offsets.length) {
      grow();
    }
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    writeUtf8(record, document.id());
    for (String field : document.fields()) {
      byte[] bytes = writeUtf8(record, field);
      sha.update(bytes);
      sha.update((byte) 0);
    }
    hashes[size] = ByteBuffer.wrap(sha.digest()).getLong();
    splits[size] = (byte) split.ordinal();
    int end = size == 0 ? 0 : labelEnds[size - 1];
    for (String label : document.labels() == null ? List.<String>of() : document.labels()) {
      if (end == labels.length) {
        labels = Arrays.copyOf(labels, labels.length * 2);
      }
      labels[end++] = labelIndex.computeIfAbsent(label, name -> labelIndex.size());
    }
    labelEnds[size] = end;
    try {
      out.write(record.toByteArray());
    } catch (IOException e) {
      throw failed(e);
    }
    offsets[size + 1] = offsets[size] + record.size();
    size++;
  }

  /** Ends the writing; documents can be taken from here on. */
  void finish() {
    try {
      out.close();
      in = FileChannel.open(file);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  int size() {
    return size;
  }

  /** Names of the labels in the order they were met. */
  List<String> labelNames() {
    return new ArrayList<>(labelIndex.keySet());
  }

  /** Indices into {@link #labelNames}; none: unlabelled, or labelled with none. */
  int[] labels(int doc) {
    return Arrays.copyOfRange(labels, doc == 0 ? 0 : labelEnds[doc - 1], labelEnds[doc]);
  }

  /** Takes a document out of all that is made of the corpus. */
  void leaveOut(int doc) {
    leftOut.set(doc);
  }

  boolean isLeftOut(int doc) {
    return leftOut.get(doc);
  }

  Split split(int doc) {
    return SPLITS[splits[doc]];
  }

  /** 64 bits of SHA-256 of the text. */
  long hash(int doc) {
    return hashes[doc];
  }

  /** Id of a document. */
  String id(int doc) {
    return read(doc).get(0);
  }

  /** Text columns of a document. */
  List<String> fields(int doc) {
    List<String> strings = read(doc);
    return strings.subList(1, strings.size());
  }

  /** Documents by split, label and id (by code point), as a folder would list them. */
  int[] sorted() {
    List<String> names = labelNames();
    String[] ids = IntStream.range(0, size).mapToObj(this::id).toArray(String[]::new);
    return IntStream.range(0, size)
        .boxed()
        .sorted(
            Comparator.<Integer, Split>comparing(this::split)
                .thenComparing(
                    doc -> labels(doc).length == 0 ? "" : names.get(labels(doc)[0]),
                    CorpusReader.BY_CODE_POINT)
                .thenComparing(doc -> ids[doc], CorpusReader.BY_CODE_POINT))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  @Override
  public void close() {
    try {
      out.close();
      if (in != null) {
        in.close();
      }
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** The id, then the fields. */
  private List<String> read(int doc) {
    ByteBuffer record = ByteBuffer.allocate((int) (offsets[doc + 1] - offsets[doc]));
    try {
      while (record.hasRemaining()) {
        if (in.read(record, offsets[doc] + record.position()) < 0) {
          throw new IOException("cut short");
        }
      }
    } catch (IOException e) {
      throw failed(e);
    }
    record.flip();
    List<String> strings = new ArrayList<>();
    while (record.hasRemaining()) {
      byte[] bytes = new byte[record.getInt()];
      record.get(bytes);
      strings.add(new String(bytes, StandardCharsets.UTF_8));
    }
    return strings;
  }

  private void grow() {
    offsets = Arrays.copyOf(offsets, offsets.length * 2);
    hashes = Arrays.copyOf(hashes, offsets.length);
    labelEnds = Arrays.copyOf(labelEnds, offsets.length);
    splits = Arrays.copyOf(splits, offsets.length);
  }

  private static byte[] writeUtf8(ByteArrayOutputStream record, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    record.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
    record.writeBytes(bytes);
    return bytes;
  }

  private UlmfitException failed(IOException e) {
    return UlmfitException.failure(file + ": temporary file: " + UlmfitException.reason(e), e);
  }
}
