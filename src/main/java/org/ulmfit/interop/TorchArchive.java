package org.ulmfit.interop;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;

/** A published archive ({@code wt103-fwd.tgz}): weights and a vocabulary in a packed tar. */
public final class TorchArchive {

  // Weights pack to half of their size; beyond this an archive is made to fill the disk.
  private static final int MAX_RATIO = 32;
  private static final long ALLOWANCE = 64 << 20;
  private static final int MAX_ENTRIES = 10_000;

  /** The unpacked files. */
  public record Unpacked(Path weights, Path vocabulary) {}

  private record Names(String weights, String vocabulary) {}

  /** What is done with a file of the archive. */
  @FunctionalInterface
  private interface Visitor {
    void file(String path, boolean plain, InputStream content) throws IOException;
  }

  private final Path tgz;

  private TorchArchive(Path tgz) {
    this.tgz = tgz;
  }

  /**
   * Copies the weights (.pth, .h5, .pt) and the vocabulary (.pkl; of several the one named itos*)
   * out of an archive. Nothing else is written, and nowhere else.
   *
   * @param folder exists
   * @throws UlmfitException (bad model) if there is not one of each, a path leads out of the
   *     archive, or it grows beyond 32 times its size; (failure) if a file cannot be written
   */
  public static Unpacked unpack(Path tgz, Path folder) {
    TorchArchive archive = new TorchArchive(tgz);
    Names names = archive.find();
    Unpacked unpacked =
        new Unpacked(
            folder.resolve(baseName(names.weights)), folder.resolve(baseName(names.vocabulary)));
    archive.visit(
        (path, plain, content) -> {
          if (path.equals(names.weights)) {
            AtomicFiles.write(unpacked.weights, content::transferTo);
          } else if (path.equals(names.vocabulary)) {
            AtomicFiles.write(unpacked.vocabulary, content::transferTo);
          }
        });
    return unpacked;
  }

  private Names find() {
    List<String> weights = new ArrayList<>();
    List<String> pickles = new ArrayList<>();
    visit(
        (path, plain, content) -> {
          String name = baseName(path).toLowerCase(Locale.ROOT);
          boolean pickle = name.endsWith(".pkl");
          boolean wanted = pickle || name.matches(".*\\.(pth|pt|h5)");
          if (wanted && !name.startsWith(".")) {
            if (!plain) {
              throw Refusals.of(tgz, Refusals.quote(path) + " is a link, not a file");
            }
            (pickle ? pickles : weights).add(path);
          }
        });
    List<String> itos = pickles.stream().filter(p -> baseName(p).startsWith("itos")).toList();
    return new Names(
        one(weights, "weights (.pth, .h5, .pt)"),
        one(pickles.size() > 1 ? itos : pickles, "a vocabulary (.pkl, itos*.pkl)"));
  }

  private String one(List<String> found, String what) {
    if (found.size() != 1) {
      String all = found.isEmpty() ? "" : ": " + Refusals.quote(String.join(", ", found));
      throw Refusals.of(tgz, "holds " + found.size() + " files of " + what + ", not one" + all);
    }
    return found.get(0);
  }

  private void visit(Visitor visitor) {
    try {
      long most = MAX_RATIO * Files.size(tgz) + ALLOWANCE;
      try (InputStream packed = new BufferedInputStream(Files.newInputStream(tgz));
          InputStream unpacked = new Bounded(new GZIPInputStream(packed), most);
          TarArchiveInputStream tar =
              new TarArchiveInputStream(unpacked, StandardCharsets.UTF_8.name())) {
        int count = 0;
        TarArchiveEntry entry;
        while ((entry = tar.getNextEntry()) != null) {
          if (++count > MAX_ENTRIES) {
            throw new IOException("more than " + MAX_ENTRIES + " entries");
          }
          if (!entry.isDirectory()) {
            visitor.file(checked(entry.getName()), entry.isFile() && !link(entry), tar);
          }
        }
        unpacked.transferTo(OutputStream.nullOutputStream()); // to the checksum at the end
      }
    } catch (IOException | IllegalArgumentException e) {
      // the tar reader throws the latter at some damaged headers
      throw new UlmfitException(
          UlmfitException.Kind.BAD_MODEL,
          tgz
              + ": cannot be unpacked: "
              + Refusals.quote(e.getMessage() == null ? "cut short" : e.getMessage()),
          e);
    }
  }

  private static boolean link(TarArchiveEntry entry) {
    return entry.isLink() || entry.isSymbolicLink() || entry.isSparse();
  }

  private String checked(String path) {
    boolean odd = path.startsWith("/") || path.chars().anyMatch(TorchArchive::odd);
    for (String part : path.split("/", -1)) {
      odd |= part.isEmpty() || part.equals("..");
    }
    if (odd) {
      throw Refusals.of(tgz, "holds a file named '" + Refusals.quote(path) + "'; not unpacked");
    }
    return path;
  }

  private static boolean odd(int c) {
    return c < ' ' || c > '~' || c == '\\' || c == ':';
  }

  private static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** A stream that fails when it has grown too long. */
  private static final class Bounded extends FilterInputStream {
    private long left;

    Bounded(InputStream in, long most) {
      super(in);
      this.left = most;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      left -= b < 0 ? 0 : count(1);
      return b;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int n = super.read(to, offset, length);
      left -= n < 0 ? 0 : count(n);
      return n;
    }

    @Override
    public long skip(long length) throws IOException {
      long n = super.skip(length);
      left -= count(n);
      return n;
    }

    private long count(long n) throws IOException {
      if (n > left) {
        throw new IOException("it grows beyond " + MAX_RATIO + " times its size");
      }
      return n;
    }
  }
}
