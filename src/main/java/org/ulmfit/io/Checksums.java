package org.ulmfit.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ulmfit.UlmfitException;

/**
 * The last file of a complete folder, readable by {@code sha256sum -c checksums.txt}:
 *
 * <pre>
 * 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  config.json
 * 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752  model.safetensors
 * </pre>
 */
public final class Checksums {

  static final String FILE = "checksums.txt";

  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  ([^\\\\\\p{Cntrl}]+)");
  private static final long MAX_BYTES = 1 << 20;

  /** Lists every file under {@code dir}, sorted by name. */
  static void write(Path dir) throws IOException {
    Map<String, String> sums = new TreeMap<>();
    Files.walkFileTree(
        dir,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attrs)
              throws IOException {
            String name = dir.relativize(file).toString().replace('\\', '/');
            if (!name.equals(FILE)) {
              sums.put(name, sha256(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    StringBuilder text = new StringBuilder();
    sums.forEach((name, sum) -> text.append(sum).append("  ").append(name).append('\n'));
    Files.writeString(dir.resolve(FILE), text);
  }

  /**
   * Checks every listed file; of a model's card only that it is there.
   *
   * @param what the folder in words, for messages: {@code model} or {@code checkpoint}
   * @return name to checksum, in the order of the list
   * @throws UlmfitException (bad model) naming the first file that is missing or altered
   */
  static Map<String, String> verify(Path dir, String what) {
    Map<String, String> sums = read(dir, what);
    sums.forEach(
        (name, sum) -> {
          Path file = dir.resolve(name);
          if (!Files.isRegularFile(file)) {
            throw UlmfitException.badModel(
                file + ": missing, though " + FILE + " lists it; " + restore(what));
          }
          try {
            if (!file.endsWith(ModelFolder.CARD) && !sha256(file).equals(sum)) {
              throw UlmfitException.badModel(
                  file
                      + ": altered or damaged (sha256 differs from "
                      + FILE
                      + "); "
                      + restore(what));
            }
          } catch (IOException e) {
            throw UlmfitException.badModel(
                file + ": cannot be read: " + UlmfitException.reason(e) + "; " + restore(what));
          }
        });
    return sums;
  }

  private static Map<String, String> read(Path dir, String what) {
    Path list = dir.resolve(FILE);
    if (!Files.isRegularFile(list)) {
      throw UlmfitException.badModel(
          dir + ": no " + FILE + ", so this " + what + " is incomplete; " + restore(what));
    }
    Map<String, String> sums = new LinkedHashMap<>();
    try {
      if (Files.size(list) > MAX_BYTES) {
        throw UlmfitException.badModel(list + ": longer than " + MAX_BYTES + " bytes");
      }
      int row = 0;
      for (String line : Files.readAllLines(list, StandardCharsets.UTF_8)) {
        row++;
        Matcher m = LINE.matcher(line);
        if (!m.matches() || !inside(m.group(2))) {
          throw UlmfitException.badModel(
              list + ", line " + row + ": expected a sha256, two spaces and a file name");
        }
        if (sums.put(m.group(2), m.group(1)) != null) {
          throw UlmfitException.badModel(
              list + ", line " + row + ": " + m.group(2) + " is listed twice");
        }
      }
    } catch (CharacterCodingException e) {
      throw UlmfitException.badModel(list + ": not UTF-8; " + restore(what));
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_MODEL, list, e);
    }
    return sums;
  }

  /** Whether a listed name stays inside the folder. */
  private static boolean inside(String name) {
    if (name.startsWith("/") || name.contains(":")) {
      return false;
    }
    for (String step : name.split("/", -1)) {
      if (step.isEmpty() || step.equals(".") || step.equals("..")) {
        return false;
      }
    }
    return true;
  }

  private static String restore(String what) {
    return what.equals("model")
        ? "copy the model folder again or train it anew"
        : "an older checkpoint may be usable";
  }

  /** SHA-256 of a file's bytes, in hex. */
  public static String sha256(Path file) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** SHA-256 of bytes, in hex. */
  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  /** SHA-256 of what is yet to come. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private Checksums() {}
}
