package org.ulmfit.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/**
 * A folder to oneself: a lock on {@value #NAME} in it, which ends with the process whatever ends
 * it. Where the file system knows no locks, the folder goes without.
 */
public final class FolderLock implements AutoCloseable {

  /** The file that is locked. */
  public static final String NAME = ".lock";

  /** Folders that this process holds: a lock excludes other processes only. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final Path real;
  private final FileChannel channel;

  private FolderLock(Path path, Path real, FileChannel channel) {
    this.path = path;
    this.real = real;
    this.channel = channel;
  }

  /**
   * Takes the lock of a folder.
   *
   * @param what may hold it, in a word
   * @throws UlmfitException (usage) if another holds it
   */
  public static FolderLock take(Path folder, String what) throws IOException {
    Path real = folder.toRealPath();
    if (!HELD.add(real)) {
      throw taken(folder, what);
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (locks(channel)) {
        return new FolderLock(folder, real, channel);
      }
      throw taken(folder, what);
    } catch (IOException | RuntimeException e) {
      release(real, channel);
      throw e;
    }
  }

  /** Whether the lock is ours, or there are none on this file system. */
  private static boolean locks(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // held through another class loader of this JVM
    } catch (IOException e) {
      return true;
    }
  }

  private static UlmfitException taken(Path path, String what) {
    return UlmfitException.usage(
        path
            + ": another "
            + what
            + " is writing there; wait for it, stop it, or give another --out");
  }

  private static void release(Path real, @Nullable FileChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      HELD.remove(real);
    }
  }

  /** The folder, without links. */
  public Path real() {
    return real;
  }

  /** Gives the folder back. */
  @Override
  public void close() {
    try {
      release(real, channel);
    } catch (IOException e) {
      throw UlmfitException.failure(path + ": its lock cannot be given back", e);
    }
  }
}
