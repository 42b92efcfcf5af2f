package org.ulmfit.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.ulmfit.io.Safetensors.Entry;

/** Writes what {@link SafetensorsHeader} describes. */
final class SafetensorsWriter {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int ALIGNMENT = 8;

  static void write(Path file, Map<String, String> metadata, List<Entry> entries) {
    long[] sizes = sizes(entries);
    AtomicFiles.writeChannel(
        file,
        channel -> {
          byte[] header = header(metadata, entries, sizes);
          ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          writeFully(channel, length.putLong(header.length).flip());
          writeFully(channel, ByteBuffer.wrap(header));
          for (int i = 0; i < sizes.length; i++) {
            writeTensor(channel, entries.get(i), sizes[i]);
          }
        });
  }

  private static long[] sizes(List<Entry> entries) {
    Set<String> names = new HashSet<>();
    long[] sizes = new long[entries.size()];
    for (int i = 0; i < sizes.length; i++) {
      Entry entry = entries.get(i);
      String problem = SafetensorsHeader.problemWithName(entry.name());
      if (problem != null || entry.name().equals(SafetensorsHeader.METADATA)) {
        throw new IllegalArgumentException(problem == null ? "reserved name" : problem);
      }
      if (!names.add(entry.name())) {
        throw new IllegalArgumentException("two tensors named " + entry.name());
      }
      long elements = SafetensorsHeader.elements(entry.shape());
      for (long n : entry.shape()) {
        elements = n < 0 ? -1 : elements;
      }
      if (elements < 0) {
        throw new IllegalArgumentException(
            entry.name() + ": shape " + Arrays.toString(entry.shape()));
      }
      sizes[i] = Math.multiplyExact(elements, entry.dtype().bytes());
    }
    return sizes;
  }

  private static byte[] header(Map<String, String> metadata, List<Entry> entries, long[] sizes)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(SafetensorsHeader.METADATA);
        for (Map.Entry<String, String> pair : new TreeMap<>(metadata).entrySet()) {
          json.writeStringField(pair.getKey(), pair.getValue());
        }
        json.writeEndObject();
      }
      long at = 0;
      for (int i = 0; i < sizes.length; i++) {
        Entry entry = entries.get(i);
        json.writeObjectFieldStart(entry.name());
        json.writeStringField("dtype", entry.dtype().name());
        json.writeFieldName("shape");
        json.writeArray(entry.shape(), 0, entry.shape().length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {at, at + sizes[i]}, 0, 2);
        json.writeEndObject();
        at += sizes[i];
      }
      json.writeEndObject();
    }
    while (bytes.size() % ALIGNMENT != 0) {
      bytes.write(' ');
    }
    if (bytes.size() > SafetensorsHeader.MAX_HEADER_BYTES) {
      throw new IllegalArgumentException("header of " + bytes.size() + " bytes is too long");
    }
    return bytes.toByteArray();
  }

  private static void writeTensor(FileChannel channel, Entry entry, long size) throws IOException {
    for (long left = size; left > 0; ) {
      ByteBuffer piece = entry.bytes().get();
      int length = piece.remaining();
      if (length == 0 || length > left) {
        throw new IllegalArgumentException(
            entry.name() + ": " + length + " bytes handed over where " + left + " were due");
      }
      writeFully(channel, piece.duplicate());
      left -= length;
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private SafetensorsWriter() {}
}
