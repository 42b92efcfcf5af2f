package org.ulmfit.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ulmfit.UlmfitException;

/**
 * Reads the JSON files that ulmfit writes, as it writes them: no key twice, none missing or
 * unknown, no number in place of another kind, nothing after the end.
 */
public final class StrictJson {
  /** Bytes of a file at most. */
  public static final long MAX_BYTES = 1 << 24;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private StrictJson() {}

  /**
   * Reads a file.
   *
   * @param type a record, or {@code JsonNode}; not null in the file
   * @param kind of what is refused
   * @param remedy ends the message
   * @throws UlmfitException of that kind if the file is too long, no JSON, not such a value, or
   *     cannot be read
   */
  public static <T> T read(Path file, Class<T> type, UlmfitException.Kind kind, String remedy) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new UlmfitException(kind, file + ": longer than " + MAX_BYTES + " bytes; " + remedy);
      }
      return value(file, MAPPER.readTree(Files.readAllBytes(file)), type, kind, remedy);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new UlmfitException(
          kind,
          file
              + ", line "
              + line
              + ": not valid JSON: "
              + UlmfitException.reason(e)
              + "; "
              + remedy,
          e);
    } catch (IOException e) {
      throw UlmfitException.cannotRead(kind, file, e);
    }
  }

  /**
   * What a file's tree says, as {@link #read} does.
   *
   * @param file for the message
   */
  public static <T> T value(
      Path file, JsonNode tree, Class<T> type, UlmfitException.Kind kind, String remedy) {
    JsonProcessingException cause = null;
    try {
      T value = MAPPER.treeToValue(tree, type);
      if (value != null) {
        return value;
      }
    } catch (JsonProcessingException e) {
      cause = e;
    }
    throw new UlmfitException(
        kind, file + ": not what ulmfit writes into this file; " + remedy, cause);
  }
}
