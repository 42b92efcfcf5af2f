package org.ulmfit.embed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Checksums;
import org.ulmfit.io.JarEntries;

/**
 * An ONNX file, by itself or in a jar.
 *
 * @param name for messages
 * @param bytes all of it
 */
record OnnxFile(String name, byte[] bytes) {
  private static final long LONGEST = Integer.MAX_VALUE - 16L; // protocol buffers have no more

  static OnnxFile of(Path file) {
    try {
      if (Files.size(file) > LONGEST) {
        throw UlmfitException.badModel(file + ": longer than an ONNX file can be");
      }
      return new OnnxFile(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_MODEL, file, e);
    }
  }

  static OnnxFile in(Path jar) {
    String entry = JarEntries.only(jar, ".onnx");
    return new OnnxFile(jar + ": " + entry, JarEntries.read(jar, entry, LONGEST));
  }

  String sha256() {
    return Checksums.sha256(bytes);
  }

  OnnxGraph graph() {
    try {
      return OnnxGraph.of(ByteBuffer.wrap(bytes));
    } catch (IllegalArgumentException e) {
      throw UlmfitException.badModel(
          name + ": no ONNX model: " + e.getMessage() + "; copy it again");
    }
  }
}
