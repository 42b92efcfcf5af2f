package org.ulmfit.embed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The tiny sentence encoders that {@code scripts/parity/make-encoder-fixtures.py} makes. */
public final class Encoders {
  /** The file of the encoder, its card and its tokenizer in a folder. */
  public static final Path FOLDER = Path.of("src/test/resources/embed/encoder");

  private static final Path ALL = FOLDER.getParent();

  private Encoders() {}

  static Path file(String name) {
    return ALL.resolve(name);
  }

  static JsonNode cases() {
    try {
      return new ObjectMapper().readTree(file("cases.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy of the folder that a test may change. */
  public static Path copy(Path to) throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      for (Path from : (Iterable<Path>) files::iterator) {
        Files.copy(from, to.resolve(FOLDER.relativize(from).toString()));
      }
    }
    return to;
  }

  /** A copy with another model, and no card but its window. */
  public static Path with(Path to, String model) throws IOException {
    Files.createDirectories(to);
    Files.copy(file(model), to.resolve("model.onnx"));
    for (String name : List.of("tokenizer.json", "config.json")) {
      Files.copy(FOLDER.resolve(name), to.resolve(name));
    }
    return to;
  }

  /** A jar of files by their names in it. */
  public static Path jar(Path to, Map<String, byte[]> files) throws IOException {
    try (OutputStream out = Files.newOutputStream(to);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
        zip.closeEntry();
      }
    }
    return to;
  }

  /** What LangChain4j's jars hold: a model, a tokenizer, and a class that names the pooling. */
  public static Path langchain(Path to, String pooling) throws IOException {
    String named = "\u0001\0" + (char) pooling.length() + pooling;
    return jar(
        to,
        Map.of(
            "tiny-q.onnx", Files.readAllBytes(FOLDER.resolve("model.onnx")),
            "tiny-q-tokenizer.json", Files.readAllBytes(FOLDER.resolve("tokenizer.json")),
            "dev/langchain4j/model/embedding/onnx/tiny/TinyEmbeddingModel.class",
                named.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)));
  }
}
