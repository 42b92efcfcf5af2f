package org.ulmfit.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.ulmfit.UlmfitException;

/**
 * Files of a jar, read into memory: nothing is unpacked, no class of it is loaded.
 *
 * <pre>
 * bge-small-en-v1.5-q.onnx  bge-small-en-v1.5-q-tokenizer.json  dev/langchain4j/.../*.class
 * </pre>
 */
public final class JarEntries {
  private static final long LONGEST_TOKENIZER = 256L << 20;

  private JarEntries() {}

  /** Whether a path is named like a jar. */
  public static boolean isJar(Path path) {
    return path.toString().endsWith(".jar");
  }

  /**
   * Names of its files.
   *
   * @throws UlmfitException (bad model) if it is none or cannot be read
   */
  public static List<String> names(Path jar, Predicate<String> wanted) {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream()
          .filter(entry -> !entry.isDirectory())
          .map(ZipEntry::getName)
          .filter(wanted)
          .toList();
    } catch (IOException | IllegalArgumentException e) {
      throw cannotRead(jar, e);
    }
  }

  /**
   * The one file whose name ends so.
   *
   * @throws UlmfitException (bad model) if there is none, or more than one
   */
  public static String only(Path jar, String ending) {
    List<String> found = names(jar, name -> name.endsWith(ending));
    if (found.size() != 1) {
      throw UlmfitException.badModel(
          jar
              + ": holds "
              + (found.isEmpty() ? "no" : found.size() + " files")
              + " *"
              + ending
              + "; give a jar with one, or a folder with model.onnx and tokenizer.json");
    }
    return found.get(0);
  }

  /**
   * What a file of it holds.
   *
   * @param most bytes that it may have
   * @throws UlmfitException (bad model) if it has more, or cannot be read
   */
  public static byte[] read(Path jar, String name, long most) {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry entry = zip.getEntry(name);
      try (InputStream in = zip.getInputStream(entry)) {
        byte[] bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, most + 1));
        if (bytes.length > most || in.read() >= 0) {
          throw UlmfitException.badModel(jar + ": " + name + " is longer than such a file can be");
        }
        return bytes;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw cannotRead(jar, e);
    }
  }

  /**
   * Its tokenizer.json, whatever stands before that in the name.
   *
   * @throws UlmfitException (bad model) if there is not one, or the jar cannot be read
   */
  public static byte[] tokenizer(Path jar) {
    return read(jar, only(jar, "tokenizer.json"), LONGEST_TOKENIZER);
  }

  private static UlmfitException cannotRead(Path jar, Exception e) {
    return new UlmfitException(
        UlmfitException.Kind.BAD_MODEL,
        jar + ": no jar that can be read: " + UlmfitException.reason(e) + "; copy it again",
        e);
  }
}
