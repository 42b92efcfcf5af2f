package org.ulmfit.lm;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.model.Reading;
import org.ulmfit.random.NumpyRandom;
import org.ulmfit.vocab.TokenStore;

/**
 * One pass of the language model over its documents: the concatenated documents cut into parallel
 * streams, the streams cut into windows of time. Everything random is drawn when the pass is opened
 * from a generator seeded by (seed, phase, epoch), so the position is a number: opening the same
 * pass again and {@link #skip skipping} to it gives the batches that would have followed. Not
 * thread-safe.
 *
 * <p>Source: fastai 0.7 LanguageModelLoader (randomised), fastai 2 LMDataLoader (fixed).
 */
public final class LmBatches {

  /** How the streams are cut in time. */
  public enum Window {
    /** Random lengths; the library of the lesson as printed. */
    RANDOMISED_2018_03,
    /** Random lengths, the first window bptt + 25 rows. */
    RANDOMISED_2018_06,
    /** Windows of bptt rows. */
    FIXED
  }

  /**
   * What a pass computes.
   *
   * @param batchSize parallel streams
   * @param bptt length of a window, or the mean of its most frequent kind
   * @param shuffle whether documents are shuffled before the pass
   * @param backward whether documents are read from their last token to their first
   * @param plainStream draw from one generator seeded by the seed alone that runs on through the
   *     epochs, as the lesson did, instead of one for each (seed, phase, epoch)
   */
  public record Config(
      int batchSize,
      int bptt,
      Window window,
      boolean shuffle,
      boolean backward,
      boolean plainStream) {

    /** The recipe's training pass. */
    public static Config training(Recipe recipe, boolean backward) {
      Recipe.LanguageModel lm = recipe.lm();
      return new Config(
          lm.batchSize(),
          lm.bptt(),
          window(recipe),
          lm.shuffle(),
          backward,
          recipe.corpus().standardise() == Recipe.Standardise.LESSON);
    }

    /**
     * The recipe's validation pass: never shuffled. The lesson validates on random windows; all
     * other recipes on fixed ones, which read every token and are the same in every pass.
     */
    public static Config validation(Recipe recipe, boolean backward) {
      Config training = training(recipe, backward);
      return new Config(
          training.batchSize,
          training.bptt,
          training.plainStream ? training.window : Window.FIXED,
          false,
          backward,
          training.plainStream);
    }

    /** The passes in which a saved model is measured, as its training validated. */
    static Config measuring(Reading reading, boolean backward) {
      Recipe.LanguageModel usual = Recipes.defaults().lm();
      Window window = Window.FIXED;
      if ("randomised-2018-03".equals(reading.window())) {
        window = Window.RANDOMISED_2018_03;
      } else if ("randomised-2018-06".equals(reading.window())) {
        window = Window.RANDOMISED_2018_06;
      }
      int bptt = reading.bptt() == null ? usual.bptt() : reading.bptt();
      boolean plainStream = window != Window.FIXED;
      return new Config(reading.batchSize(), bptt, window, false, backward, plainStream);
    }

    private static Window window(Recipe recipe) {
      return switch (recipe.lm().window()) {
        case FIXED -> Window.FIXED;
        case RANDOMISED ->
            recipe.lesson().library() == Recipe.Library.MARCH_2018
                ? Window.RANDOMISED_2018_03
                : Window.RANDOMISED_2018_06;
      };
    }

    /**
     * Batches of one pass, as schedules count them: exact for fixed windows, the upper limit for
     * random ones (fastai 0.7 counts the same).
     *
     * @param tokens tokens of all documents
     */
    public int batches(long tokens) {
      if (window == Window.FIXED) {
        return BpttWindows.countFixed(fixedTargets(tokens), bptt);
      }
      return BpttWindows.mostRandomised(randomisedRows(tokens), bptt);
    }

    /** fastai 0.7 batchify: the remainder of the tokens is dropped. */
    private int randomisedRows(long tokens) {
      return Math.toIntExact(tokens / batchSize);
    }

    /** fastai 2: one token is kept for the last target, then rounded down to the batch size. */
    private int fixedTargets(long tokens) {
      return Math.toIntExact(Math.max(0, tokens - 1) / batchSize);
    }
  }

  private final LmStream stream;
  private final long[] starts; // offset in the stream at which each row of the batch begins
  private final List<BpttWindows.Window> windows;
  private int position;
  private LmStream.Cursor @Nullable [] cursors;
  private int[] pending = {}; // token that each row reads next, already taken from its cursor

  private LmBatches(LmStream stream, long[] starts, List<BpttWindows.Window> windows) {
    this.stream = stream;
    this.starts = starts;
    this.windows = windows;
  }

  /**
   * Opens one pass.
   *
   * @param phase number of the training phase, or any other number for a validation pass
   * @param epoch number of the pass within the phase, from 0
   * @throws UlmfitException (bad data) if there are too few tokens for a single batch
   */
  public static LmBatches open(TokenStore store, Config config, long seed, int phase, int epoch) {
    return open(Documents.of(store), config, seed, phase, epoch);
  }

  static LmBatches open(Documents documents, Config config, long seed, int phase, int epoch) {
    if (!config.plainStream()) {
      return open(documents, config, new NumpyRandom(seed, phase, epoch));
    }
    var random = new NumpyRandom(seed);
    for (int earlier = 0; earlier < epoch; earlier++) {
      open(documents, config, random);
    }
    return open(documents, config, random);
  }

  private static LmBatches open(Documents documents, Config config, NumpyRandom random) {
    int[] order =
        config.shuffle()
            ? random.permutation(documents.size())
            : IntStream.range(0, documents.size()).toArray();
    LmBatches opened =
        config.window() == Window.FIXED
            ? fixed(documents, order, config)
            : randomised(documents, order, config, random);
    if (opened.windows.isEmpty()) {
      throw tooFew(opened.stream.length(), config);
    }
    return opened;
  }

  static UlmfitException tooFew(long tokens, Config config) {
    return UlmfitException.badData(
        "the language model's text has "
            + tokens
            + " tokens: too few for one batch of "
            + config.batchSize()
            + " rows and bptt "
            + config.bptt()
            + "; add text or lower lm.batchSize or lm.bptt");
  }

  /** Backward: each row reads its own piece of the concatenation from end to start. */
  private static LmBatches randomised(
      Documents documents, int[] order, Config config, NumpyRandom random) {
    if (config.backward()) {
      reverse(order);
    }
    var stream = new LmStream(documents, order, config.backward());
    int rows = config.randomisedRows(stream.length());
    long[] starts = new long[config.batchSize()];
    for (int row = 0; row < starts.length; row++) {
      long start = (long) row * rows;
      starts[row] = config.backward() ? stream.length() - start - rows : start;
    }
    boolean firstFixed = config.window() == Window.RANDOMISED_2018_06;
    return new LmBatches(
        stream, starts, BpttWindows.randomised(rows, config.bptt(), firstFixed, random));
  }

  /** Backward: documents in the same order, each read from end to start. */
  private static LmBatches fixed(Documents documents, int[] order, Config config) {
    var stream = new LmStream(documents, order, config.backward());
    int targets = config.fixedTargets(stream.length());
    long[] starts = new long[config.batchSize()];
    for (int row = 0; row < starts.length; row++) {
      starts[row] = (long) row * targets;
    }
    return new LmBatches(stream, starts, BpttWindows.fixed(targets, config.bptt()));
  }

  private static void reverse(int[] order) {
    for (int i = 0, j = order.length - 1; i < j; i++, j--) {
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  /** Batches of this pass. */
  public int batches() {
    return windows.size();
  }

  /** Targets of this pass. */
  public long targets() {
    return starts.length * windows.stream().mapToLong(BpttWindows.Window::used).sum();
  }

  /** Batches read or skipped so far. */
  public int position() {
    return position;
  }

  public boolean hasNext() {
    return position < windows.size();
  }

  /**
   * Leaves out the next {@code count} batches.
   *
   * @throws NoSuchElementException if fewer are left
   */
  public void skip(int count) {
    if (count < 0 || count > windows.size() - position) {
      throw new NoSuchElementException(
          "cannot skip " + count + " batches: at " + position + " of " + windows.size());
    }
    position += count;
    cursors = null;
  }

  /**
   * The next batch.
   *
   * @throws NoSuchElementException after the last one
   */
  public LmBatch next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all " + windows.size() + " batches were read");
    }
    LmStream.Cursor[] from = cursors == null ? seek(windows.get(position).start()) : cursors;
    int time = windows.get(position++).used();
    int rows = starts.length;
    long[] x = new long[time * rows]; // (time, rows)
    long[] y = new long[time * rows]; // (time, rows)
    for (int row = 0; row < rows; row++) {
      int token = pending[row];
      for (int at = row; at < x.length; at += rows) {
        x[at] = token;
        token = from[row].next();
        y[at] = token;
      }
      pending[row] = token;
    }
    return new LmBatch(time, rows, x, y);
  }

  private LmStream.Cursor[] seek(int start) {
    LmStream.Cursor[] opened = new LmStream.Cursor[starts.length];
    pending = new int[starts.length];
    for (int row = 0; row < starts.length; row++) {
      opened[row] = stream.at(starts[row] + start);
      pending[row] = opened[row].next();
    }
    cursors = opened;
    return opened;
  }
}
