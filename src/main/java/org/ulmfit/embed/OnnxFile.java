package org.ulmfit.embed;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.Checksums;
import org.ulmfit.io.JarEntries;

/** An ONNX file, which may be longer than the heap, or one in a jar, which is read whole. */
sealed interface OnnxFile {
  long LONGEST = Integer.MAX_VALUE - 16L; // protocol buffers have no more

  static OnnxFile of(Path file) {
    try {
      if (Files.size(file) > LONGEST) {
        throw UlmfitException.badModel(file + ": longer than an ONNX file can be");
      }
      return new Alone(file.toAbsolutePath(), file.toString());
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_MODEL, file, e);
    }
  }

  static OnnxFile in(Path jar) {
    String entry = JarEntries.only(jar, ".onnx");
    return new Packed(jar + ": " + entry, JarEntries.read(jar, entry, LONGEST));
  }

  /** For messages. */
  String name();

  String sha256();

  OnnxGraph graph();

  /** Hands it to the engine. */
  void load(Model model, Map<String, String> options) throws IOException, MalformedModelException;

  void copy(Path to) throws IOException;

  private static OnnxGraph graph(String name, ByteBuffer bytes) {
    try {
      return OnnxGraph.of(bytes);
    } catch (IllegalArgumentException e) {
      throw UlmfitException.badModel(
          name + ": no ONNX model: " + e.getMessage() + "; copy it again");
    }
  }

  /** By itself. */
  record Alone(Path file, String name) implements OnnxFile {
    @Override
    public String sha256() {
      try {
        return Checksums.sha256(file);
      } catch (IOException e) {
        throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_MODEL, file, e);
      }
    }

    @Override
    public OnnxGraph graph() {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return OnnxFile.graph(name, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
      } catch (IOException e) {
        throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_MODEL, file, e);
      }
    }

    @Override
    public void load(Model model, Map<String, String> options)
        throws IOException, MalformedModelException {
      model.load(file.getParent(), String.valueOf(file.getFileName()), options);
    }

    @Override
    public void copy(Path to) throws IOException {
      AtomicFiles.copy(file, to);
    }
  }

  /** Of a jar. */
  final class Packed implements OnnxFile {
    private final String name;
    private final byte[] bytes;

    private Packed(String name, byte[] bytes) {
      this.name = name;
      this.bytes = bytes;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String sha256() {
      return Checksums.sha256(bytes);
    }

    @Override
    public OnnxGraph graph() {
      return OnnxFile.graph(name, ByteBuffer.wrap(bytes));
    }

    @Override
    public void load(Model model, Map<String, String> options)
        throws IOException, MalformedModelException {
      model.load(new ByteArrayInputStream(bytes), options);
    }

    @Override
    public void copy(Path to) throws IOException {
      Files.write(to, bytes);
    }
  }
}
