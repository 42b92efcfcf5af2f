package org.ulmfit.corpus;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.ulmfit.UlmfitException;

/** Bytes of one input, unpacked if they are gzip; standard input for {@code -}. */
final class Source {
  private static final int SNIFF = 1 << 16;

  private final Path path;
  private final InputStream stdin;

  private Source(Path path, InputStream stdin) {
    this.path = path;
    this.stdin = stdin;
  }

  static Source of(Path path) {
    boolean standardInput = path.toString().equals("-");
    return new Source(path, standardInput ? new BufferedInputStream(System.in, SNIFF) : null);
  }

  boolean isStandardInput() {
    return stdin != null;
  }

  /** How messages call it. */
  String name() {
    return isStandardInput() ? "standard input" : path.toString();
  }

  /** The last part of the name, in lower case and without {@code .gz}, for the format. */
  String shortName() {
    Path last = path.getFileName();
    String name = last == null ? "" : last.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
  }

  /** The unpacked bytes; can be marked and reset within the first 64 KB. */
  InputStream open() throws IOException {
    InputStream raw =
        isStandardInput() ? stdin : new BufferedInputStream(Files.newInputStream(path), SNIFF);
    raw.mark(2);
    boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
    raw.reset();
    return gzip ? new BufferedInputStream(new GZIPInputStream(raw, SNIFF), SNIFF) : raw;
  }

  /** Up to 64 KB from the start, not consumed. */
  byte[] head() {
    if (isStandardInput()) {
      return peek(stdin);
    }
    try (InputStream in = open()) {
      return peek(in);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private byte[] peek(InputStream in) {
    try {
      in.mark(SNIFF);
      byte[] head = in.readNBytes(SNIFF);
      in.reset();
      return head;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  UlmfitException unreadable(IOException e) {
    return unreadable(name(), e);
  }

  /** Bad data, whatever the reason. */
  static UlmfitException unreadable(String name, IOException e) {
    if (e instanceof EOFException || e instanceof ZipException) {
      return corrupt(name, e);
    }
    return UlmfitException.badData(name + ": cannot be read: " + reason(name, e));
  }

  /** An archive that cannot be unpacked to its end. */
  static UlmfitException corrupt(String name, Exception e) {
    return UlmfitException.badData(
        name
            + ": the archive is corrupt or cut short ("
            + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
            + "); fetch it again");
  }

  /** With the file's own name where it is one of several. */
  private static String reason(String name, IOException e) {
    String file = e instanceof FileSystemException system ? system.getFile() : null;
    String reason = UlmfitException.reason(e);
    return file == null || file.equals(name) ? reason : file + ": " + reason;
  }

  static UlmfitException unreadable(String name, UncheckedIOException e) {
    return unreadable(name, e.getCause());
  }
}
