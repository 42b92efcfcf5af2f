package org.ulmfit.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.FolderLock;

/**
 * The folder of a run: {@code recipe.yaml}, {@code log.jsonl}, {@code checkpoints/}, {@code
 * prepared/} and the models. A folder that holds anything is never touched without being asked, and
 * a run that is open has its folder to itself ({@link FolderLock}).
 */
public final class RunFolder implements AutoCloseable {

  private static final String RECIPE = "recipe.yaml";

  /** Data of a run that is to replace the one that is there. */
  private static final String NEXT = ".next";

  /** Checkpoints of a run that has ended, on their way out. */
  private static final String ENDED = ".checkpoints.ended";

  private static final Set<String> OWN =
      Set.of(FolderLock.NAME, NEXT, ENDED, "." + RECIPE + ".part");

  /** What runs make; anything else in their folder is somebody's. */
  private static final Set<String> OF_RUNS =
      Set.of(
          RECIPE, "log.jsonl", "prepared", "checkpoints", "report", "lm", "encoder", "classifier");

  private static final Set<String> HIDDEN = Set.of(".DS_Store", "Thumbs.db", "desktop.ini");

  /** What is written aside. */
  private static final Pattern ASIDE = Pattern.compile("\\.(.+?)\\.(?:part|old)");

  private enum Start {
    NEW,
    REPLACING,
    RESUMED
  }

  private final Path path;
  private final FolderLock lock;
  private final Start start;
  private final boolean created;

  private RunFolder(Path path, FolderLock lock, Start start, boolean created) {
    this.path = path;
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
      FolderLock lock = FolderLock.take(path, "run");
      try {
        boolean filled = checkWanted(path, resume, overwrite); // nobody changes it any more
        AtomicFiles.deleteTree(path.resolve(NEXT));
        AtomicFiles.deleteTree(path.resolve(ENDED));
        Start start = !filled ? Start.NEW : overwrite ? Start.REPLACING : Start.RESUMED;
        return new RunFolder(path, lock, start, created);
      } catch (IOException | RuntimeException e) {
        lock.close();
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
    if (filled && overwrite) {
      for (Path entry : entries(path)) {
        if (!isOfRuns(entry)) {
          throw UlmfitException.usage(
              path
                  + ": holds "
                  + entry.getFileName()
                  + " beside a run, which --overwrite would remove; move it away, or give another"
                  + " --out");
        }
      }
    }
    return filled;
  }

  /** Whether a run makes it, or left it when it was killed; nobody misses what a system hides. */
  private static boolean isOfRuns(Path entry) {
    String name = entry.getFileName().toString();
    Matcher aside = ASIDE.matcher(name);
    return OF_RUNS.contains(aside.matches() ? aside.group(1) : name) || HIDDEN.contains(name);
  }

  /** Whether there is a run in a folder and nothing else, so that all of it may be replaced. */
  public static boolean isNothingElse(Path path) throws IOException {
    return Files.exists(path.resolve(RECIPE))
        && entries(path).stream().allMatch(RunFolder::isOfRuns);
  }

  /** Everything in the folder but what comes and goes with a run. */
  private static List<Path> entries(Path path) throws IOException {
    try (Stream<Path> entries = Files.list(path)) {
      return entries.filter(entry -> !OWN.contains(entry.getFileName().toString())).toList();
    }
  }

  /**
   * Refuses an input that lies in the folder of a run that is to be replaced.
   *
   * @param what the input in words
   */
  public void checkOutside(Path input, String what) {
    try {
      if (start == Start.REPLACING && input.toRealPath().startsWith(lock.real())) {
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

  /** How a run gets its data. */
  @FunctionalInterface
  public interface Preparation<T extends AutoCloseable> {

    /** Makes the data in a folder; asked a second time it finds it. */
    T prepare(Recipe recipe, Path dir);

    /** The recipe with every choice made that it leaves to the data. */
    default Recipe settle(Recipe recipe, T data) {
      return recipe;
    }
  }

  /**
   * A run that can be trained.
   *
   * @param recipe as it is recorded: nothing is left to the data any more
   */
  public record Begun<T>(Recipe recipe, T data) {}

  /**
   * Prepares the data and writes the recipe, first as asked, then as the data settles it. What the
   * run replaces goes only when the data is there; a new run that fails here leaves nothing behind,
   * so that the mended command can be given again as it is; a resumed one must have the recipe it
   * was begun with, and keeps what the data settled then.
   */
  public <T extends AutoCloseable> Begun<T> begin(Recipe asked, Preparation<T> preparation) {
    return switch (start) {
      case NEW -> beginNew(asked, preparation);
      case REPLACING -> replace(asked, preparation);
      case RESUMED -> resume(asked, preparation);
    };
  }

  private <T extends AutoCloseable> Begun<T> resume(Recipe asked, Preparation<T> preparation) {
    Begun<T> begun = prepare(recorded(asked), preparation);
    try { // what few rows made of the recipe was taken over, if few rows had made it
      if (!Recipes.haveSameSteps(preparation.settle(asked, begun.data), begun.recipe)) {
        throw anotherRecipe();
      }
      return begun;
    } catch (RuntimeException | Error e) {
      close(begun.data, e);
      throw e;
    }
  }

  private UlmfitException anotherRecipe() {
    return UlmfitException.usage(
        path
            + ": was begun with another recipe; repeat the first command unchanged with"
            + " --resume, or start again with --overwrite");
  }

  private <T extends AutoCloseable> Begun<T> prepare(Recipe recipe, Preparation<T> preparation) {
    T data = preparation.prepare(recipe, prepared());
    Recipe settled = preparation.settle(recipe, data);
    if (!settled.equals(recipe)) {
      write(settled);
    }
    return new Begun<>(settled, data);
  }

  /** Records what a recipe came to, where it is not that already. */
  public void settle(Recipe recipe) {
    try {
      if (!Files.readString(recipe()).equals(Recipes.toYaml(recipe))) {
        write(recipe);
      }
    } catch (IOException e) {
      throw UlmfitException.cannotRead(recipe(), e);
    }
  }

  private void write(Recipe recipe) {
    AtomicFiles.writeString(recipe(), Recipes.toYaml(recipe));
  }

  private <T extends AutoCloseable> Begun<T> beginNew(Recipe asked, Preparation<T> preparation) {
    try {
      write(asked); // killed from here on, the run can be resumed
      return prepare(asked, preparation);
    } catch (RuntimeException | Error e) {
      try {
        AtomicFiles.deleteTree(recipe()); // first: with it the folder is a run
        AtomicFiles.deleteTree(prepared());
        if (created) {
          AtomicFiles.deleteTree(path);
        }
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private <T extends AutoCloseable> Begun<T> replace(Recipe asked, Preparation<T> preparation) {
    Path next = path.resolve(NEXT);
    T data = null;
    try {
      data = preparation.prepare(asked, next);
      Recipe settled = preparation.settle(asked, data);
      for (Path entry : entries(path)) {
        if (!entry.endsWith(RECIPE)) { // the last to go: with it the folder is known as a run's
          AtomicFiles.deleteTree(entry);
        }
      }
      write(settled);
      Files.move(next, prepared(), StandardCopyOption.ATOMIC_MOVE);
      return new Begun<>(settled, data); // whose files are open, whatever their folder is called
    } catch (IOException e) {
      close(data, e);
      throw UlmfitException.failure(path + ": cannot be replaced: " + UlmfitException.reason(e), e);
    } catch (RuntimeException | Error e) {
      close(data, e);
      throw e;
    } finally {
      removeQuietly(next);
    }
  }

  private static void close(@Nullable AutoCloseable data, Throwable why) {
    try {
      if (data != null) {
        data.close();
      }
    } catch (Exception e) {
      why.addSuppressed(e);
    }
  }

  /** What is asked for as the run was begun with it; refuses to go on with something else. */
  private Recipe recorded(Recipe asked) {
    String text;
    try {
      text = Files.readString(recipe());
    } catch (IOException e) {
      throw UlmfitException.cannotRead(recipe(), e);
    }
    Recipe recorded = asked;
    if (!text.equals(Recipes.toYaml(asked))) {
      try {
        Recipe settled = Recipes.parse(text, recipe().toString(), List.of());
        if (!text.equals(Recipes.toYaml(settled))) {
          throw UlmfitException.usage("it lacks keys");
        }
        recorded = Recipes.settledAs(asked, settled);
      } catch (UlmfitException e) {
        throw new UlmfitException(
            UlmfitException.Kind.USAGE,
            path
                + ": was begun by another version of ulmfit, or its recipe.yaml was changed ("
                + e.getMessage()
                + "); finish it with that version, or start again with --overwrite",
            e);
      }
    }
    if (!text.equals(Recipes.toYaml(recorded))) {
      throw anotherRecipe();
    }
    return recorded;
  }

  /** Refuses to resume a run that has ended: its model is there and no checkpoint is left. */
  public void checkUnfinished(String kind) {
    if (start == Start.RESUMED
        && Files.isDirectory(model(kind))
        && !Files.isDirectory(checkpoints())) {
      throw UlmfitException.usage(path + ": this run is complete; train it again with --overwrite");
    }
  }

  /**
   * Whether a run's model of a kind is there and nothing is left to do.
   *
   * @param run its folder
   */
  public static boolean isComplete(Path run, String kind) {
    return Files.isDirectory(run.resolve(kind)) && !Files.isDirectory(run.resolve("checkpoints"));
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

  /** Marks the run as one that has not ended, as the first checkpoint does. */
  void beginUnfinished() {
    try {
      Files.createDirectories(checkpoints());
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(checkpoints(), e);
    }
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

  /** Releases the folder. */
  @Override
  public void close() {
    lock.close();
  }
}
