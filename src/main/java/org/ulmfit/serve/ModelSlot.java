package org.ulmfit.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.nn.Torch;
import org.ulmfit.predict.TextClassifier;

/**
 * The model that answers, and another in its place once its folder holds another. One that is out
 * of place is closed when nobody asks it any more.
 */
final class ModelSlot implements AutoCloseable {
  private static final long SECOND = 1_000_000_000; // nanoseconds
  private static final long LONGEST_PAUSE = 10 * SECOND;

  private final Path dirOrRun;
  private final String device;
  private final Consumer<String> log;
  private Served current;
  private String refused = ""; // sum of the last one that could not be opened
  private long pause; // before it is tried once more: it may have been half a copy
  private long again; // when that is

  /** A model that is open, and how many ask it. */
  static final class Served {
    private final ScratchFolder folder; // its own, as weights are read where they lie
    private final TextClassifier classifier;
    private final String sum;
    private int askers = 1; // the slot itself

    private Served(ScratchFolder folder, TextClassifier classifier, String sum) {
      this.folder = folder;
      this.classifier = classifier;
      this.sum = sum;
    }

    private void close() {
      classifier.close();
      folder.close();
    }

    TextClassifier classifier() {
      return classifier;
    }

    /** What it is known by. */
    String sum() {
      return sum;
    }

    /** Texts of a row. */
    int fields() {
      return classifier.fields();
    }
  }

  /**
   * Opens the model.
   *
   * @throws UlmfitException if there is none, or it is incomplete or damaged
   */
  ModelSlot(Path dirOrRun, String device, Consumer<String> log) {
    this.dirOrRun = dirOrRun;
    this.device = device;
    this.log = log;
    this.current = open();
  }

  /** A copy of what the folder holds: whatever is written over it, this model stays what it is. */
  private Served open() {
    Path place = ModelFolder.place(dirOrRun);
    ScratchFolder own = ScratchFolder.make();
    try {
      AtomicFiles.copyTree(place, own.path());
      return open(own);
    } catch (IOException e) {
      own.close();
      throw UlmfitException.failure(
          place
              + ": no copy can be made of it in "
              + System.getProperty("java.io.tmpdir")
              + ": "
              + UlmfitException.reason(e),
          e);
    } catch (RuntimeException | Error e) {
      own.close();
      throw e;
    }
  }

  private Served open(ScratchFolder own) {
    TextClassifier classifier = TextClassifier.load(own.path(), device, null);
    try {
      List<String> nothing = Collections.nCopies(classifier.fields(), "");
      // its weights are read with the first answer
      Torch.aside(() -> classifier.predictFields(List.of(nothing)));
      classifier.remarks().forEach(log);
      return new Served(own, classifier, ModelFolder.sum(own.path()));
    } catch (RuntimeException | Error e) {
      classifier.close();
      throw e;
    }
  }

  /** Asks the model of this moment, which stays open until it has answered. */
  <T> T ask(Function<Served, T> question) {
    Served served;
    synchronized (this) {
      served = current;
      served.askers++;
    }
    try {
      return question.apply(served);
    } finally {
      leave(served);
    }
  }

  private void leave(Served served) {
    boolean last;
    synchronized (this) {
      served.askers--;
      last = served.askers == 0;
    }
    if (last) {
      served.close();
    }
  }

  /**
   * Looks whether the folder holds another model; if so and it is whole, it answers from here on.
   *
   * @return whether it does
   */
  boolean look() {
    String sum;
    try {
      sum = ModelFolder.sum(ModelFolder.place(dirOrRun));
    } catch (UlmfitException e) {
      return false; // it is being replaced
    }
    synchronized (this) {
      boolean tooSoon = sum.equals(refused) && System.nanoTime() - again < 0;
      if (sum.equals(current.sum) || tooSoon) {
        return false;
      }
    }
    Served next;
    try {
      next = open();
    } catch (RuntimeException | Error e) { // whatever is wrong with it, be it too large for two
      if (!sum.equals(refused)) {
        log.accept(
            "the model was changed, but cannot be opened; the one before goes on, and it is tried again: "
                + e.getMessage());
      }
      pause = sum.equals(refused) ? Math.min(2 * pause, LONGEST_PAUSE) : SECOND;
      refused = sum;
      again = System.nanoTime() + pause;
      return false;
    }
    Served before;
    synchronized (this) {
      before = current;
      current = next;
    }
    leave(before);
    log.accept("the model was changed: " + next.sum.substring(0, 12) + " answers");
    return true;
  }

  @Override
  public void close() {
    Served last;
    synchronized (this) {
      last = current;
    }
    leave(last);
  }
}
