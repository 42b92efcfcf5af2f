package org.ulmfit.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Safetensors.DType;
import org.ulmfit.io.Safetensors.Info;

/**
 * The head of a safetensors file:
 *
 * <pre>
 * 8 bytes   length of the header, little-endian
 * header    {"__metadata__": {"key": "value"},
 *            "0.encoder.weight": {"dtype": "F32", "shape": [60008, 300], "data_offsets": [0, 72009600]}}
 *           padded with spaces
 * data      the tensors, without gap or overlap, to the end of the file
 * </pre>
 *
 * Everything the format leaves to the reader's good faith is checked here; each refusal names the
 * file, the tensor and the byte.
 */
record SafetensorsHeader(Map<String, Info> tensors, Map<String, String> metadata, long dataStart) {

  static final String METADATA = "__metadata__";
  // The limit of the format's own implementation.
  static final int MAX_HEADER_BYTES = 100_000_000;
  private static final int MAX_DIMENSIONS = 32;
  private static final int LENGTH_BYTES = 8;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxNumberLength(20)
                  .maxNameLength(MAX_HEADER_BYTES)
                  .maxStringLength(MAX_HEADER_BYTES)
                  .build())
          .build();

  /** Reads and checks the head of an open file. */
  static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < LENGTH_BYTES) {
      throw refuse(file, size, "file ends inside the 8-byte header length; it is cut short");
    }
    ByteBuffer head = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, head, 0);
    long length = head.flip().getLong();
    if (length < 2 || length > MAX_HEADER_BYTES) {
      throw refuse(
          file,
          0,
          "header length "
              + Long.toUnsignedString(length)
              + " is outside 2.."
              + MAX_HEADER_BYTES
              + "; not a safetensors file");
    }
    if (length > size - LENGTH_BYTES) {
      throw refuse(
          file, 0, "header length " + length + " runs past the end of the file; it is cut short");
    }
    ByteBuffer header = ByteBuffer.allocate((int) length);
    readFully(channel, header, LENGTH_BYTES);
    return new Scan(file, header.array(), size - LENGTH_BYTES - length).run();
  }

  /** Fills the buffer's remaining space from a position of the file. */
  static void readFully(FileChannel channel, ByteBuffer to, long position) throws IOException {
    long at = position;
    while (to.hasRemaining()) {
      int n = channel.read(to, at);
      if (n < 0) {
        throw new EOFException("file ends at byte " + at);
      }
      at += n;
    }
  }

  static UlmfitException refuse(Path file, long at, String problem) {
    return UlmfitException.badModel(file + ", byte " + at + ": " + problem);
  }

  /** Number of elements; −1 if it does not fit a long. */
  static long elements(long[] shape) {
    long count = 1;
    boolean tooBig = false;
    for (long n : shape) {
      if (n == 0) {
        return 0;
      }
      tooBig |= n > Long.MAX_VALUE / count;
      count = tooBig ? count : count * n;
    }
    return tooBig ? -1 : count;
  }

  /** What is wrong with a tensor's name, or null. */
  static @Nullable String problemWithName(String name) {
    if (name.isEmpty()) {
      return "a tensor's name is empty";
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < name.length()
              && Character.isLowSurrogate(name.charAt(i + 1));
      if (Character.isISOControl(c) || (Character.isSurrogate(c) && !pair)) {
        return Shown.format("a tensor's name holds U+%04X", (int) c);
      }
      i += pair ? 1 : 0;
    }
    return null;
  }

  /** One pass over the header's JSON. */
  private static final class Scan {
    private final Path file;
    private final byte[] header;
    private final long dataBytes;
    private final List<Info> found = new ArrayList<>();
    private final Map<String, Long> place = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    @SuppressWarnings("NullAway.Init") // run makes it
    private JsonParser json;

    Scan(Path file, byte[] header, long dataBytes) {
      this.file = file;
      this.header = header;
      this.dataBytes = dataBytes;
    }

    SafetensorsHeader run() throws IOException {
      if (header[0] != '{') {
        throw refuse(file, LENGTH_BYTES, "header does not begin with {; not a safetensors file");
      }
      requireUtf8();
      try (JsonParser parser = JSON.createParser(header)) {
        json = parser;
        json.nextToken();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          if (json.currentName().equals(METADATA)) {
            readMetadata();
          } else {
            readTensor(json.currentName());
          }
        }
        long end = json.currentLocation().getByteOffset();
        for (int i = (int) end; i < header.length; i++) {
          if (header[i] != ' ') {
            throw refuse(file, LENGTH_BYTES + i, "header goes on after its closing brace");
          }
        }
      } catch (JsonProcessingException e) {
        long at = e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
        throw refuse(
            file,
            LENGTH_BYTES + Math.max(at, 0),
            "header is not valid: " + e.getOriginalMessage().lines().findFirst().orElse("JSON"));
      }
      return new SafetensorsHeader(
          cover(), Collections.unmodifiableMap(metadata), (long) LENGTH_BYTES + header.length);
    }

    private void requireUtf8() {
      ByteBuffer bytes = ByteBuffer.wrap(header);
      try {
        StandardCharsets.UTF_8.newDecoder().decode(bytes);
      } catch (CharacterCodingException e) {
        throw refuse(file, LENGTH_BYTES + bytes.position(), "header is not UTF-8");
      }
    }

    private void readMetadata() throws IOException {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw refuseHere(METADATA, "is not an object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        if (json.nextToken() != JsonToken.VALUE_STRING) {
          throw refuseHere(METADATA, "value of \"" + key + "\" is not a string");
        }
        metadata.put(key, json.getText());
      }
    }

    private void readTensor(String name) throws IOException {
      long at = LENGTH_BYTES + json.currentTokenLocation().getByteOffset();
      String problem = problemWithName(name);
      if (problem != null) {
        throw refuse(file, at, problem);
      }
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw refuseHere(name, "is not described by an object");
      }
      DType dtype = null;
      long[] shape = null;
      long[] offsets = null;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        json.nextToken();
        switch (key) {
          case "dtype" -> dtype = readDType(name);
          case "shape" -> shape = readLongs(name, key, MAX_DIMENSIONS);
          case "data_offsets" -> offsets = readLongs(name, key, 2);
          default -> throw refuseHere(name, "unknown key \"" + key + "\"");
        }
      }
      if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
        throw refuse(file, at, "tensor " + name + ": needs dtype, shape and two data_offsets");
      }
      check(name, dtype, shape, offsets, at);
      found.add(new Info(name, dtype, shape, offsets[0], offsets[1]));
      place.put(name, at);
    }

    private DType readDType(String name) throws IOException {
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        for (DType dtype : DType.values()) {
          if (dtype.name().equals(json.getText())) {
            return dtype;
          }
        }
      }
      throw refuseHere(name, "unknown dtype " + json.getText());
    }

    private long[] readLongs(String name, String key, int most) throws IOException {
      if (json.currentToken() != JsonToken.START_ARRAY) {
        throw refuseHere(name, key + " is not a list");
      }
      List<Long> values = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
          throw refuseHere(name, key + " holds " + json.getText() + ", not a whole number");
        }
        if (values.size() == most) {
          throw refuseHere(name, key + " has more than " + most + " entries");
        }
        long value = json.getLongValue();
        if (value < 0) {
          throw refuseHere(name, key + " holds " + value);
        }
        values.add(value);
      }
      return values.stream().mapToLong(Long::longValue).toArray();
    }

    private void check(String name, DType dtype, long[] shape, long[] offsets, long at) {
      String tensor = "tensor " + name + ": ";
      long begin = offsets[0];
      long end = offsets[1];
      if (begin > end) {
        throw refuse(file, at, tensor + "data_offsets [" + begin + ", " + end + "] run backwards");
      }
      if (end > dataBytes) {
        throw refuse(
            file,
            at,
            tensor
                + "ends at data byte "
                + end
                + " but the file holds "
                + dataBytes
                + "; it is cut short");
      }
      long elements = elements(shape);
      if (elements < 0 || elements > Long.MAX_VALUE / dtype.bytes()) {
        throw refuse(file, at, tensor + "shape " + text(shape) + " is too large");
      }
      if (elements * dtype.bytes() != end - begin) {
        throw refuse(
            file,
            at,
            tensor
                + "shape "
                + text(shape)
                + " of "
                + dtype
                + " needs "
                + elements * dtype.bytes()
                + " bytes, data_offsets give "
                + (end - begin));
      }
    }

    /** The tensors in the order of their data, which they must cover exactly. */
    private Map<String, Info> cover() {
      found.sort(Comparator.comparingLong(Info::begin).thenComparingLong(Info::end));
      Map<String, Info> tensors = new LinkedHashMap<>();
      long at = 0;
      for (Info info : found) {
        if (info.begin() != at) {
          throw refuse(
              file,
              Objects.requireNonNull(place.get(info.name())),
              "tensor "
                  + info.name()
                  + ": begins at data byte "
                  + info.begin()
                  + (info.begin() < at ? ", inside the tensor before it" : ", after a gap")
                  + " (expected "
                  + at
                  + ")");
        }
        at = info.end();
        tensors.put(info.name(), info);
      }
      if (at != dataBytes) {
        throw refuse(
            file,
            LENGTH_BYTES + header.length + at,
            (dataBytes - at)
                + " bytes after the last tensor"
                + (found.isEmpty() ? "" : " (" + found.get(found.size() - 1).name() + ")"));
      }
      return Collections.unmodifiableMap(tensors);
    }

    private UlmfitException refuseHere(String name, String problem) {
      long at = LENGTH_BYTES + json.currentTokenLocation().getByteOffset();
      return refuse(file, at, (name.equals(METADATA) ? "" : "tensor ") + name + ": " + problem);
    }

    private static String text(long[] shape) {
      return Arrays.toString(shape);
    }
  }
}
