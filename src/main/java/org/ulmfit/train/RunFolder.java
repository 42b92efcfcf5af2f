package org.ulmfit.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;

/**
 * The folder of a run: {@code recipe.yaml}, {@code log.jsonl}, {@code checkpoints/}, {@code
 * prepared/} and the models. A folder that holds anything is never touched without being asked.
 */
public record RunFolder(Path path) {

  /** Opens or creates the folder of a new or a resumed run. */
  public static RunFolder open(Path path, boolean resume, boolean overwrite) {
    if (resume && overwrite) {
      throw UlmfitException.usage("--resume and --overwrite exclude each other; give one");
    }
    RunFolder run = new RunFolder(path);
    try {
      if (Files.exists(path) && !Files.isDirectory(path)) {
        throw UlmfitException.usage(path + ": is a file; give a folder for the run");
      }
      boolean filled = Files.isDirectory(path) && !empty(path);
      if (filled && !resume && !overwrite) {
        throw UlmfitException.usage(
            path
                + ": is not empty; continue with --resume, replace with --overwrite, or give"
                + " another --out");
      }
      if (filled && !Files.exists(run.recipe())) {
        throw UlmfitException.usage(path + ": holds other files than a run; give another --out");
      }
      if (filled && overwrite) {
        AtomicFiles.deleteTree(path);
      }
      Files.createDirectories(path);
      return run;
    } catch (IOException e) {
      throw UlmfitException.failure(path + ": cannot be used as run folder: " + e.getMessage(), e);
    }
  }

  /** Refuses to resume a run that has ended: its model is there and no checkpoint is left. */
  public void checkUnfinished(String kind, boolean resume) {
    if (resume && Files.isDirectory(model(kind)) && !Files.isDirectory(checkpoints())) {
      throw UlmfitException.usage(path + ": this run is complete; train it again with --overwrite");
    }
  }

  private static boolean empty(Path path) throws IOException {
    try (Stream<Path> entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    }
  }

  /** A folder beside a run's, for what a dry run has to write; {@link #delete} it afterwards. */
  public static RunFolder scratch(Path out) {
    return new RunFolder(out.resolveSibling(out.getFileName() + ".dry-run"));
  }

  /** Removes the folder and all in it. */
  public void delete() {
    remove(path);
  }

  public Path recipe() {
    return path.resolve("recipe.yaml");
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

  /** Removes the checkpoints of a run that has ended. */
  public void dropCheckpoints() {
    remove(checkpoints());
  }

  private static void remove(Path folder) {
    try {
      if (Files.isDirectory(folder)) {
        AtomicFiles.deleteTree(folder);
      }
    } catch (IOException e) {
      throw UlmfitException.failure(folder + ": cannot be removed: " + e.getMessage(), e);
    }
  }
}
