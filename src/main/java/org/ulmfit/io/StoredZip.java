package org.ulmfit.io;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/**
 * Writes the ZIP that PyTorch reads and maps: entries stored, under one top folder, their contents
 * at multiples of 64 bytes, padded as PyTorch pads ({@code FB}, the padding's length, Z...). Sizes
 * and checksums stand before the contents, so that the simplest reader can read it. The same
 * entries give the same bytes.
 */
public final class StoredZip {

  private static final int ALIGNMENT = 64; // caffe2/serialize/inline_container.h
  private static final long MAX_BYTES = 0xFFFFFFFFL; // more needs the ZIP64 format
  private static final int MAX_ENTRIES = 0xFFFE;
  private static final int LOCAL_HEADER = 30;
  private static final int CENTRAL_HEADER = 46;
  private static final int END_RECORD = 22;
  private static final short VERSION = 20;
  private static final short UTF8_NAMES = 0x800;
  private static final short FIRST_DAY = 0x21; // 1980-01-01

  private final OutputStream out;
  private final String top;
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private final Set<String> names = new HashSet<>();
  private long at;

  /**
   * @param out not closed
   * @param top name of the top folder
   */
  public StoredZip(OutputStream out, String top) {
    this.out = out;
    this.top = top;
  }

  /** Writes an entry that is in memory. */
  public void entry(String name, byte[] content) throws IOException {
    entry(name, content.length, to -> to.write(content));
  }

  /**
   * Writes an entry.
   *
   * @param size bytes that {@code body} writes
   * @param body called twice, once for the checksum; must write the same bytes each time
   * @throws IOException if the archive would grow beyond 4 GiB, or from {@code out}
   * @throws IllegalArgumentException if the name repeats or {@code body} writes another size
   */
  public void entry(String name, long size, IOConsumer<OutputStream> body) throws IOException {
    byte[] path = (top + "/" + name).getBytes(StandardCharsets.UTF_8);
    if (!names.add(name)) {
      throw new IllegalArgumentException("two entries named " + name);
    }
    long bytesToCome = LOCAL_HEADER + 2 * ALIGNMENT + path.length + size;
    long directoryToCome = (long) directory.size() + CENTRAL_HEADER + path.length + END_RECORD;
    if (at + bytesToCome + directoryToCome > MAX_BYTES || names.size() > MAX_ENTRIES) {
      throw new IOException("a torch archive of more than 4 GiB is not supported");
    }
    CRC32 crc = new CRC32();
    Counter counter = new Counter(OutputStream.nullOutputStream());
    body.accept(new CheckedOutputStream(counter, crc));
    if (counter.count != size) {
      throw new IllegalArgumentException(
          name + ": " + counter.count + " bytes handed over where " + size + " were due");
    }
    byte[] padding = padding(at + LOCAL_HEADER + path.length);
    long start = at;
    write(header(0x04034b50, LOCAL_HEADER, crc.getValue(), size, path, padding.length, start));
    write(path);
    write(padding);
    Counter written = new Counter(out);
    body.accept(written);
    at += written.count;
    if (written.count != size) {
      throw new IllegalArgumentException(name + ": another size at the second call");
    }
    directory.write(header(0x02014b50, CENTRAL_HEADER, crc.getValue(), size, path, 0, start));
    directory.write(path);
  }

  /** Writes the directory, after the last entry. */
  public void finish() throws IOException {
    ByteBuffer end = ByteBuffer.allocate(END_RECORD).order(ByteOrder.LITTLE_ENDIAN);
    end.putInt(0x06054b50).putInt(0);
    end.putShort((short) names.size()).putShort((short) names.size());
    end.putInt(directory.size()).putInt((int) at).putShort((short) 0);
    directory.writeTo(out);
    out.write(end.array());
  }

  /** The head of an entry; the directory's has the same fields, some before and some after. */
  private static byte[] header(
      int signature, int length, long crc, long size, byte[] path, int extra, long start) {
    ByteBuffer head = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(signature);
    if (length == CENTRAL_HEADER) {
      head.putShort(VERSION);
    }
    head.putShort(VERSION).putShort(UTF8_NAMES).putShort((short) 0); // stored
    head.putShort((short) 0).putShort(FIRST_DAY);
    head.putInt((int) crc).putInt((int) size).putInt((int) size);
    head.putShort((short) path.length).putShort((short) extra);
    if (length == CENTRAL_HEADER) {
      head.putInt(length - Integer.BYTES, (int) start);
    }
    return head.array();
  }

  /** An extra field that moves the content to the next multiple of the alignment. */
  private static byte[] padding(long position) {
    int length = Math.floorMod(-position, ALIGNMENT);
    if (length > 0 && length < Integer.BYTES) {
      length += ALIGNMENT;
    }
    byte[] padding = new byte[length];
    if (length > 0) {
      Arrays.fill(padding, (byte) 'Z');
      ByteBuffer field = ByteBuffer.wrap(padding).order(ByteOrder.LITTLE_ENDIAN);
      field.put((byte) 'F').put((byte) 'B').putShort((short) (length - Integer.BYTES));
    }
    return padding;
  }

  private void write(byte[] bytes) throws IOException {
    out.write(bytes);
    at += bytes.length;
  }

  private static final class Counter extends FilterOutputStream {
    private long count;

    Counter(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count += length;
    }
  }
}
