package org.ulmfit.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.ulmfit.UlmfitException;

/** A folder for temporary files, removed with all it holds when closed. */
public final class ScratchFolder implements AutoCloseable {
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path path;

  private ScratchFolder(Path path) {
    this.path = path;
    OPEN.add(path);
  }

  /**
   * Makes one where the system keeps temporary files.
   *
   * @throws UlmfitException (failure) if that cannot be done
   */
  public static ScratchFolder make() {
    try {
      return new ScratchFolder(Files.createTempDirectory("ulmfit"));
    } catch (IOException e) {
      throw UlmfitException.failure(
          "no temporary folder can be made in "
              + System.getProperty("java.io.tmpdir")
              + ": "
              + UlmfitException.reason(e),
          e);
    }
  }

  public Path path() {
    return path;
  }

  /** Removes all that are open: the process ends at once, and nobody will close them. */
  public static void removeAll() {
    OPEN.forEach(AtomicFiles::tryToDelete);
  }

  /** What cannot be removed now (Windows: a file that is mapped) goes as the process ends. */
  @Override
  public void close() {
    try {
      AtomicFiles.deleteTree(path);
      OPEN.remove(path);
    } catch (IOException e) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> AtomicFiles.tryToDelete(path)));
    }
  }
}
