package org.ulmfit.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;

/**
 * The folder of a run: {@code recipe.yaml}, {@code log.jsonl}, {@code checkpoints/}, {@code
 * prepared/} and the models. A folder that holds anything is never touched without being asked, and
 * a run that is open has its folder to itself: a lock on {@code .lock}, which ends with the process
 * whatever ends it. Where the file system knows no locks, the folder goes without.
 */
public final class RunFolder implements AutoCloseable {

  private static final String RECIPE = "recipe.yaml";
  private static final String LOCK = ".lock";

  /** Data of a run that is to replace the one that is there. */
  private static final String NEXT = ".next";

  /** Checkpoints of a run that has ended, on their way out. */
  private static final String ENDED = ".checkpoints.ended";

  private static final Set<String> OWN = Set.of(LOCK, NEXT, ENDED, "." + RECIPE + ".part");

  /** Folders that this process holds: a lock excludes other processes only. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private enum Start {
    NEW,
    REPLACING,
    RESUMED
  }

  private final Path path;
  private final Path real;
  private final FileChannel lock;
  private final Start start;
  private final boolean created;

  private RunFolder(Path path, Path real, FileChannel lock, Start start, boolean created) {
    this.path = path;
    this.real = real;
    this.lock = lock;
    this.start = start;
    this.created = created;
  }

  /**
   * Opens or creates the folder of a new or a resumed run and takes its lock. Nothing that it holds
   * is changed before {@link #begin}.
   *
   * @throws UlmfitException (usage) if it holds something else or another run is writing to it;
   *     (failure) if it cannot be written to
   */
  public static RunFolder open(Path path, boolean resume, boolean overwrite) {
    if (resume && overwrite) {
      throw UlmfitException.usage("--resume and --overwrite exclude each other; give one");
    }
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw UlmfitException.usage(path + ": is a file; give a folder for the run");
    }
    try {
      if (Files.isDirectory(path)) {
        checkWanted(path, resume, overwrite);
      }
      boolean created = !Files.isDirectory(path);
      Files.createDirectories(path);
      Path real = path.toRealPath();
      FileChannel lock = lock(path, real);
      try {
        boolean filled = checkWanted(path, resume, overwrite); // nobody changes it any more
        AtomicFiles.deleteTree(path.resolve(NEXT));
        AtomicFiles.deleteTree(path.resolve(ENDED));
        Start start = !filled ? Start.NEW : overwrite ? Start.REPLACING : Start.RESUMED;
        return new RunFolder(path, real, lock, start, created);
      } catch (IOException | RuntimeException e) {
        release(real, lock);
        throw e;
      }
    } catch (IOException e) {
      throw UlmfitException.failure(
          path + ": cannot be used as run folder: " + UlmfitException.reason(e), e);
    }
  }

  /** Whether there is a run in the folder; refuses what must not be touched. */
  private static boolean checkWanted(Path path, boolean resume, boolean overwrite)
      throws IOException {
    boolean filled = !entries(path).isEmpty();
    if (filled && !resume && !overwrite) {
      throw UlmfitException.usage(
          path
              + ": is not empty; continue with --resume, replace with --overwrite, or give"
              + " another --out");
    }
    if (filled && !Files.exists(path.resolve(RECIPE))) {
      throw UlmfitException.usage(path + ": holds other files than a run; give another --out");
    }
    return filled;
  }

  /** Everything in the folder but what comes and goes with a run. */
  private static List<Path> entries(Path path) throws IOException {
    try (Stream<Path> entries = Files.list(path)) {
      return entries.filter(entry -> !OWN.contains(entry.getFileName().toString())).toList();
    }
  }

  private static FileChannel lock(Path path, Path real) throws IOException {
    if (!HELD.add(real)) {
      throw taken(path);
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (locks(channel)) {
        return channel;
      }
      throw taken(path);
    } catch (IOException | RuntimeException e) {
      release(real, channel);
      throw e;
    }
  }

  /** Whether the lock is ours, or there are none on this file system. */
  private static boolean locks(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (IOException e) {
      return true;
    }
  }

  private static UlmfitException taken(Path path) {
    return UlmfitException.usage(
        path + ": another run is writing there; wait for it, stop it, or give another --out");
  }

  private static void release(Path real, FileChannel channel) throws IOException {
    HELD.remove(real);
    if (channel != null) {
      channel.close();
    }
  }

  /**
   * Refuses an input that lies in the folder of a run that is to be replaced.
   *
   * @param what the input in words
   */
  public void checkOutside(Path input, String what) {
    try {
      if (start == Start.REPLACING && input.toRealPath().startsWith(real)) {
        throw UlmfitException.usage(
            input
                + ": this "
                + what
                + " lies in the folder that --overwrite replaces; give another"
                + " --out");
      }
    } catch (IOException e) {
      // an input that is not there is refused by its reader
    }
  }

  /**
   * Prepares the data and writes the recipe. What the run replaces goes only when the data is
   * there; a new run that fails here leaves nothing behind, so that the mended command can be given
   * again as it is; a resumed one must have the recipe it was begun with.
   *
   * @param preparation makes the data in the folder it is given; asked a second time it finds it
   */
  public <T extends AutoCloseable> T begin(String recipe, Function<Path, T> preparation) {
    return switch (start) {
      case NEW -> beginNew(recipe, preparation);
      case REPLACING -> replace(recipe, preparation);
      case RESUMED -> {
        checkRecipe(recipe);
        yield preparation.apply(prepared());
      }
    };
  }

  private <T> T beginNew(String recipe, Function<Path, T> preparation) {
    try {
      AtomicFiles.writeString(recipe(), recipe); // killed from here on, the run can be resumed
      return preparation.apply(prepared());
    } catch (RuntimeException | Error e) {
      try {
        AtomicFiles.deleteTree(prepared());
        AtomicFiles.deleteTree(recipe());
        if (created) {
          AtomicFiles.deleteTree(path);
        }
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private <T extends AutoCloseable> T replace(String recipe, Function<Path, T> preparation) {
    Path next = path.resolve(NEXT);
    try {
      preparation.apply(next).close();
      for (Path entry : entries(path)) {
        if (!entry.endsWith(RECIPE)) { // the last to go: with it the folder is known as a run's
          AtomicFiles.deleteTree(entry);
        }
      }
      AtomicFiles.writeString(recipe(), recipe);
      Files.move(next, prepared(), StandardCopyOption.ATOMIC_MOVE);
    } catch (UlmfitException e) {
      throw e;
    } catch (Exception e) {
      throw UlmfitException.failure(path + ": cannot be replaced: " + UlmfitException.reason(e), e);
    } finally {
      removeQuietly(next);
    }
    return preparation.apply(prepared());
  }

  private void checkRecipe(String recipe) {
    try {
      if (!Files.readString(recipe()).equals(recipe)) {
        throw UlmfitException.usage(
            path
                + ": was begun with another recipe; repeat the first command unchanged with"
                + " --resume, or start again with --overwrite");
      }
    } catch (IOException e) {
      throw UlmfitException.cannotRead(recipe(), e);
    }
  }

  /** Refuses to resume a run that has ended: its model is there and no checkpoint is left. */
  public void checkUnfinished(String kind) {
    if (start == Start.RESUMED
        && Files.isDirectory(model(kind))
        && !Files.isDirectory(checkpoints())) {
      throw UlmfitException.usage(path + ": this run is complete; train it again with --overwrite");
    }
  }

  public Path path() {
    return path;
  }

  public Path recipe() {
    return path.resolve(RECIPE);
  }

  public Path log() {
    return path.resolve("log.jsonl");
  }

  public Path checkpoints() {
    return path.resolve("checkpoints");
  }

  public Path prepared() {
    return path.resolve("prepared");
  }

  public Path model(String kind) {
    return path.resolve(kind);
  }

  /**
   * Ends the run: its checkpoints go, all at once.
   *
   * @param told gets the result first: a run that ends in it can be resumed, and comes to it again
   */
  public <T> T end(T result, Consumer<T> told) {
    told.accept(result);
    dropCheckpoints();
    return result;
  }

  private void dropCheckpoints() {
    Path ended = path.resolve(ENDED);
    try {
      if (Files.isDirectory(checkpoints())) {
        Files.move(checkpoints(), ended, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw UlmfitException.failure(
          checkpoints() + ": cannot be removed: " + UlmfitException.reason(e), e);
    }
    removeQuietly(ended);
  }

  /** What cannot be removed now goes when the folder is opened the next time. */
  private static void removeQuietly(Path folder) {
    try {
      AtomicFiles.deleteTree(folder);
    } catch (IOException e) {
      // a file that is still open, on Windows
    }
  }

  /** Gives the folder free. */
  @Override
  public void close() {
    try {
      release(real, lock);
    } catch (IOException e) {
      throw UlmfitException.failure(path + ": its lock cannot be given back", e);
    }
  }
}
