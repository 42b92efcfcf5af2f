package org.ulmfit.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.ulmfit.UlmfitException;

/**
 * Files and folders that are whole or absent. Everything is written under a hidden name beside its
 * target ({@code .NAME.part}), forced to disk, then renamed; a killed process leaves at most that
 * hidden remnant, which the next write of the same target removes. A target has one writer at a
 * time, but where it is said that it may have several.
 */
public final class AtomicFiles {

  private static final boolean WINDOWS =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

  private static final int REPLACEMENTS = 3; // attempts

  /**
   * Writes text as UTF-8.
   *
   * @throws UlmfitException (failure) if the file cannot be written; the old one is then untouched
   */
  public static void writeString(Path file, String text) {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes bytes.
   *
   * @throws UlmfitException (failure) if the file cannot be written; the old one is then untouched
   */
  public static void write(Path file, byte[] bytes) {
    write(file, (OutputStream out) -> out.write(bytes));
  }

  /**
   * Writes what {@code body} sends to a buffered stream.
   *
   * @throws UlmfitException (failure) if the file cannot be written; the old one is then untouched
   */
  public static void write(Path file, IOConsumer<OutputStream> body) {
    writeChannel(file, buffered(body));
  }

  /**
   * The same of a target that several processes may write at once, each aside under a name of its
   * own: one of them stays, whole. A killed one leaves its hidden remnant.
   */
  public static void writeShared(Path file, IOConsumer<OutputStream> body) {
    writeChannel(besideOwn(file), file, buffered(body));
  }

  private static IOConsumer<FileChannel> buffered(IOConsumer<OutputStream> body) {
    return channel -> {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      body.accept(out);
      out.flush();
    };
  }

  /** Writes what {@code body} sends to a channel. */
  static void writeChannel(Path file, IOConsumer<FileChannel> body) {
    writeChannel(beside(file, "part"), file, body);
  }

  private static void writeChannel(Path part, Path file, IOConsumer<FileChannel> body) {
    try {
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        body.accept(channel);
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncDirectory(folderOf(file));
    } catch (IOException | UncheckedIOException e) {
      deleteQuietly(part, e);
      throw UlmfitException.cannotWrite(file, e);
    } catch (RuntimeException | Error e) {
      deleteQuietly(part, e);
      throw e;
    }
  }

  /**
   * Writes a folder: {@code fill} gets an empty folder beside the target, whose files are then
   * forced to disk and which is renamed. An existing target is replaced only after the new folder
   * is complete. If the process dies between the two renames of a replacement, {@link #restore}
   * puts the old folder back.
   *
   * @throws UlmfitException (failure) if the folder cannot be written; the old one is then
   *     untouched
   */
  public static void writeFolder(Path target, IOConsumer<Path> fill) {
    Path part = beside(target, "part");
    Path old = beside(target, "old");
    try {
      restore(target);
      deleteTree(part);
      deleteTree(old);
      Files.createDirectories(part);
      fill.accept(part);
      syncTree(part);
      replace(target, part, old);
      syncDirectory(folderOf(target));
      tryToDelete(old); // the new one is there; Windows keeps what is mapped
    } catch (IOException | UncheckedIOException e) {
      undo(target, part, e);
      throw UlmfitException.cannotWrite(target, e);
    } catch (RuntimeException | Error e) {
      undo(target, part, e);
      throw e;
    }
  }

  private static void replace(Path target, Path part, Path old) throws IOException {
    for (int attempt = 1; ; attempt++) {
      if (Files.exists(target)) {
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
      }
      try {
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (IOException e) {
        if (attempt == REPLACEMENTS || !Files.exists(target)) {
          throw e; // else a reader took the moment for a death and put the old one back
        }
      }
    }
  }

  /**
   * Makes a folder that several processes may make at once, each aside under a name of its own: the
   * first that is complete stays. A killed one leaves its hidden remnant.
   *
   * @throws UlmfitException (failure) if the folder cannot be written
   */
  public static void makeFolder(Path target, IOConsumer<Path> fill) {
    Path part = besideOwn(target);
    try {
      Files.createDirectories(part);
      fill.accept(part);
      syncTree(part);
      try {
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        syncDirectory(folderOf(target));
      } catch (IOException e) {
        if (!Files.isDirectory(target)) {
          throw e;
        }
        deleteTree(part);
      }
    } catch (IOException | UncheckedIOException e) {
      discard(part, e);
      throw UlmfitException.cannotWrite(target, e);
    } catch (RuntimeException | Error e) {
      discard(part, e);
      throw e;
    }
  }

  private static void discard(Path part, Throwable cause) {
    try {
      deleteTree(part);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Puts back the folder that an interrupted {@link #writeFolder} had moved out of the way. */
  static void restore(Path target) throws IOException {
    Path old = beside(target, "old");
    if (!Files.exists(target) && Files.isDirectory(old)) {
      Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void undo(Path target, Path part, Throwable cause) {
    try {
      restore(target);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    discard(part, cause);
  }

  /**
   * Forces a folder's entries to disk. Windows has no such call and is passed over.
   *
   * @throws UlmfitException (failure) if the folder cannot be synced
   */
  public static void syncDirectory(Path dir) {
    if (WINDOWS) {
      return;
    }
    try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(dir, e);
    }
  }

  /**
   * Removes a file, or a folder with everything in it; does nothing if there is none. Links are not
   * followed.
   */
  public static void deleteTree(Path dir) throws IOException {
    if (!Files.exists(dir, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        dir,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attrs)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void syncTree(Path dir) throws IOException {
    Files.walkFileTree(
        dir,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attrs)
              throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
              channel.force(true);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException e) {
            syncDirectory(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** A root alone has none, and none is written. */
  private static Path folderOf(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }

  /** {@code .NAME.suffix} in the target's folder: the same file system, so a rename is atomic. */
  static Path beside(Path target, String suffix) {
    Path absolute = target.toAbsolutePath();
    return absolute.resolveSibling("." + absolute.getFileName() + "." + suffix);
  }

  /** The same for one of several writers. */
  private static Path besideOwn(Path target) {
    return beside(target, UUID.randomUUID() + ".part");
  }

  /** Copies a file's content, not its mode: a copy of what is read-only can be written. */
  public static void copy(Path from, Path to) throws IOException {
    try (OutputStream out = Files.newOutputStream(to)) {
      Files.copy(from, out);
    }
  }

  /** Copies the files of a folder, and of those in it, into another, which is there. */
  public static void copyTree(Path from, Path to) throws IOException {
    Path root = from.toRealPath(); // a link to a folder would be walked as if it were empty
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(root.relativize(file).toString());
        Files.createDirectories(target.getParent());
        copy(file, target);
      }
    }
  }

  /** What cannot be deleted stays. */
  public static void tryToDelete(Path dir) {
    try {
      deleteTree(dir);
    } catch (IOException e) {
      // nothing hangs on it
    }
  }

  private static void deleteQuietly(Path file, Throwable cause) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private AtomicFiles() {}
}
