package org.ulmfit.corpus;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/** Bytes of one input, unpacked if they are gzip; standard input for {@code -}. */
final class Source {
  /** So much of the start is looked at to find out what it is. */
  static final int SNIFF = 1 << 18;

  private final Path path;
  private final @Nullable InputStream stdin;
  private @Nullable InputStream unpackedStdin;
  private int arrived = SNIFF;

  private Source(Path path, @Nullable InputStream stdin) {
    this.path = path;
    this.stdin = stdin;
  }

  static Source of(Path path) {
    return of(path, System.in);
  }

  /**
   * @param stdin what {@code -} stands for
   */
  static Source of(Path path, InputStream stdin) {
    boolean standardInput = path.toString().equals("-");
    return new Source(path, standardInput ? new BufferedInputStream(stdin, 1 << 16) : null);
  }

  /**
   * Standard input of which no more is waited for than has come within the patience.
   *
   * @param patienceNanos after the first line
   */
  static Source patient(Path path, InputStream stdin, long patienceNanos) {
    PatientInput in = new PatientInput(stdin, SNIFF);
    Source source = of(path, in);
    try {
      if (!in.awaitStart(patienceNanos)) {
        source.arrived = in.available();
      }
    } catch (IOException e) {
      throw source.unreadable(e);
    }
    return source;
  }

  /** Whether more may come than {@link #head} gives. */
  boolean isEarly() {
    return arrived < SNIFF;
  }

  boolean isStandardInput() {
    return stdin != null;
  }

  /** Whether a file has nothing in it, packed or not. */
  boolean isEmpty() {
    return head(1).length == 0;
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

  /**
   * The unpacked bytes; can be marked and reset.
   *
   * @throws UlmfitException (bad data) if there is no such file
   */
  InputStream open() throws IOException {
    if (stdin == null) {
      return unpacked(new BufferedInputStream(Files.newInputStream(path), 1 << 16));
    }
    if (unpackedStdin == null) {
      unpackedStdin = unpacked(stdin);
    }
    return unpackedStdin;
  }

  private static InputStream unpacked(InputStream raw) throws IOException {
    raw.mark(2);
    boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
    raw.reset();
    return gzip
        ? new BufferedInputStream(new GZIPInputStream(new Patient(raw), 1 << 16), 1 << 16)
        : raw;
  }

  /**
   * Says that there is more until there is not: packed files may stand one behind the other, and
   * Java looks for the next one only if some of it has come already.
   */
  private static final class Patient extends FilterInputStream {
    Patient(InputStream in) {
      super(in);
    }

    @Override
    public int available() throws IOException {
      return Math.max(1, super.available());
    }
  }

  /**
   * The start of the input, not consumed.
   *
   * @param lines after so many line feeds no more is waited for; 0: up to {@link #SNIFF} bytes
   */
  byte[] head(int lines) {
    try {
      if (isStandardInput()) {
        InputStream in = open();
        return peek(in, lines, in == stdin ? arrived : SNIFF);
      }
      try (InputStream in = open()) {
        return peek(in, lines, SNIFF);
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static byte[] peek(InputStream in, int lines, int most) throws IOException {
    in.mark(SNIFF);
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int ends = 0;
    while (head.size() < most && (lines == 0 || ends < lines)) {
      int c = in.read();
      if (c < 0) {
        break;
      }
      head.write(c);
      ends += c == '\n' ? 1 : 0;
    }
    in.reset();
    return head.toByteArray();
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
    return unreadable(name, Objects.requireNonNull(e.getCause())); // it cannot be made without one
  }
}
