package org.ulmfit.interop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ulmfit.UlmfitException;

/**
 * The entries of a ZIP as torch writes it: stored, not overlapping, under one top folder, with the
 * directory at the end of the file, in either of the classic and the ZIP64 form. Everything else is
 * refused, so no entry is longer than its bytes in the file.
 */
final class ZipIndex {

  /**
   * @param begin position in the file of the content
   * @param size of the content, in bytes
   */
  record Entry(String name, long begin, long size, long crc) {}

  private record Found(String path, long header, long size, long crc) {}

  private static final int LOCAL_HEADER = 30;
  private static final int CENTRAL_HEADER = 46;
  private static final int END = 22;
  private static final int END64 = 56;
  private static final int LOCATOR64 = 20;
  private static final long MAX_DIRECTORY = 16 << 20;
  private static final long IN_EXTRA = 0xFFFFFFFFL;

  private final Path file;
  private final FileChannel channel;

  private ZipIndex(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Entries by their path under the top folder. */
  static Map<String, Entry> read(Path file, FileChannel channel) throws IOException {
    return new ZipIndex(file, channel).entries();
  }

  private Map<String, Entry> entries() throws IOException {
    long size = channel.size();
    ByteBuffer end = size < END ? null : at(size - END, END);
    if (end == null || end.getInt(0) != 0x06054b50 || end.getShort(20) != 0) {
      throw Refusals.of(file, "a ZIP without its directory at the end; cut short");
    }
    long bytes = Integer.toUnsignedLong(end.getInt(12));
    long begin = Integer.toUnsignedLong(end.getInt(16));
    long count = Short.toUnsignedLong(end.getShort(10));
    long after = size - END;
    ByteBuffer locator = size < END + LOCATOR64 + END64 ? null : at(after - LOCATOR64, LOCATOR64);
    if (locator != null && locator.getInt(0) == 0x07064b50) {
      after = after - LOCATOR64 - END64;
      ByteBuffer end64 = at(after, END64);
      if (locator.getLong(8) != after || end64.getInt(0) != 0x06064b50) {
        throw damaged(after);
      }
      count = end64.getLong(32);
      bytes = end64.getLong(40);
      begin = end64.getLong(48);
    }
    if (begin < 0 || bytes < 0 || bytes > MAX_DIRECTORY || begin != after - bytes) {
      throw damaged(after);
    }
    List<Found> found = directory(at(begin, (int) bytes), begin);
    if (found.size() != count) {
      throw damaged(after);
    }
    return locate(found, begin);
  }

  private List<Found> directory(ByteBuffer from, long begin) {
    List<Found> found = new ArrayList<>();
    while (from.hasRemaining()) {
      int at = from.position();
      if (from.remaining() < CENTRAL_HEADER || from.getInt(at) != 0x02014b50) {
        throw damaged(begin + at);
      }
      int name = Short.toUnsignedInt(from.getShort(at + 28));
      int extra = Short.toUnsignedInt(from.getShort(at + 30));
      int next = at + CENTRAL_HEADER + name + extra + Short.toUnsignedInt(from.getShort(at + 32));
      if (next > from.limit()) {
        throw damaged(begin + at);
      }
      String path = path(from.slice(at + CENTRAL_HEADER, name), begin + at);
      ByteBuffer fields = from.slice(at + CENTRAL_HEADER + name, extra).order(from.order());
      found.add(entry(path, from, at, fields, begin + at));
      from.position(next);
    }
    return found;
  }

  private Found entry(String path, ByteBuffer from, int at, ByteBuffer extra, long position) {
    if ((from.getShort(at + 8) & 1) != 0) {
      throw Refusals.at(file, position, path + " is encrypted");
    }
    if (from.getShort(at + 10) != 0) {
      throw Refusals.at(
          file, position, path + " is compressed; torch stores: save it with torch.save");
    }
    long packed = Integer.toUnsignedLong(from.getInt(at + 20));
    long size = Integer.toUnsignedLong(from.getInt(at + 24));
    long header = Integer.toUnsignedLong(from.getInt(at + 42));
    ByteBuffer wide = zip64(extra);
    size = size == IN_EXTRA ? wideValue(wide, position) : size;
    packed = packed == IN_EXTRA ? wideValue(wide, position) : packed;
    header = header == IN_EXTRA ? wideValue(wide, position) : header;
    if (packed != size || size < 0 || header < 0) {
      throw damaged(position);
    }
    return new Found(path, header, size, Integer.toUnsignedLong(from.getInt(at + 16)));
  }

  /** The extra field of ZIP64: the values that do not fit 32 bits, in their order. */
  private static ByteBuffer zip64(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = extra.getShort();
      int length = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
      if (id == 1) {
        return extra.slice(extra.position(), length).order(extra.order());
      }
      extra.position(extra.position() + length);
    }
    return extra.limit(extra.position());
  }

  private long wideValue(ByteBuffer wide, long position) {
    if (wide.remaining() < Long.BYTES) {
      throw damaged(position);
    }
    return wide.getLong();
  }

  private String path(ByteBuffer utf8, long position) {
    String path;
    try {
      path = StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw Refusals.at(file, position, "an entry's name is not UTF-8");
    }
    boolean odd = path.isEmpty() || path.chars().anyMatch(c -> c < ' ' || c == '\\' || c == ':');
    for (String part : path.split("/", -1)) {
      odd |= part.isEmpty() || part.equals(".") || part.equals("..");
    }
    if (odd || !path.contains("/")) {
      String name = Refusals.quote(path);
      throw Refusals.at(
          file, position, "an entry named '" + name + "', which torch does not write");
    }
    return path;
  }

  private Map<String, Entry> locate(List<Found> found, long directory) throws IOException {
    found.sort(Comparator.comparingLong(Found::header));
    Map<String, Entry> entries = new LinkedHashMap<>();
    String top = null;
    long free = 0;
    for (Found one : found) {
      long begin = content(one, free, directory);
      free = begin + one.size;
      int slash = one.path.indexOf('/');
      if (top != null && !top.equals(one.path.substring(0, slash))) {
        throw Refusals.at(file, one.header, "a second top folder; torch writes one");
      }
      top = one.path.substring(0, slash);
      String name = one.path.substring(slash + 1);
      if (entries.put(name, new Entry(name, begin, one.size, one.crc)) != null) {
        throw Refusals.at(file, one.header, "the entry " + one.path + " stands twice");
      }
    }
    return entries;
  }

  /** Where an entry's content begins, after the header in front of it. */
  private long content(Found one, long free, long directory) throws IOException {
    if (one.header < free || one.header > directory - LOCAL_HEADER) {
      throw damaged(one.header);
    }
    ByteBuffer local = at(one.header, LOCAL_HEADER);
    byte[] name = one.path.getBytes(StandardCharsets.UTF_8);
    int length = Short.toUnsignedInt(local.getShort(26));
    long begin = one.header + LOCAL_HEADER + length + Short.toUnsignedInt(local.getShort(28));
    if (local.getInt(0) != 0x04034b50
        || local.getShort(8) != 0
        || length != name.length
        || begin > directory
        || one.size > directory - begin
        || !at(one.header + LOCAL_HEADER, length).equals(ByteBuffer.wrap(name))) {
      throw damaged(one.header);
    }
    return begin;
  }

  private ByteBuffer at(long position, int bytes) throws IOException {
    return TorchContainer.readFully(channel, ByteBuffer.allocate(bytes), position);
  }

  private UlmfitException damaged(long position) {
    return Refusals.at(
        file, position, "the directory of the ZIP does not fit its entries; damaged");
  }
}
