package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.text.TextPipeline;
import org.ulmfit.text.TokenNumbers;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.TokenStoreWriter;

/**
 * Tokenizes documents once, in parallel and in order, into a store of provisional ids: types are
 * numbered as they are met. The final ids need the counts of the training rows, which are taken
 * from that store.
 */
final class Tokenization implements Provisional, AutoCloseable {
  private static final int CHUNK_CHARS = 1 << 17;
  private static final int CHUNKS_PER_THREAD = 4;
  private static final int REPORT_EVERY = 10_000;

  /** What pandas.read_csv takes for a missing cell, and the lesson then for the word "nan". */
  private static final Set<String> PANDAS_MISSING =
      Set.of(
          "",
          "#N/A",
          "#N/A N/A",
          "#NA",
          "-1.#IND",
          "-1.#QNAN",
          "-NaN",
          "-nan",
          "1.#IND",
          "1.#QNAN",
          "N/A",
          "NA",
          "NULL",
          "NaN",
          "n/a",
          "nan",
          "null");

  private final Spill spill;
  private final Recipe recipe;
  private final Consumer<String> progress;
  private final @Nullable Path tokenizer;
  private final Path file;
  private final Stop stop;
  private final TokenNumbers numbers = new TokenNumbers(); // in no certain order: threads race
  private int[] typeOf = new int[1 << 16]; // provisional id of a number, -1 = not met yet
  private final List<String> types = new ArrayList<>();
  private int[] storeIndex = {};

  @SuppressWarnings("NullAway.Init") // run makes it
  private TokenStore store;

  /**
   * @param tokenizer a tokenizer.json that takes the place of the recipe's tokenizer; null: none
   */
  Tokenization(
      Spill spill,
      Recipe recipe,
      @Nullable Path tokenizer,
      Path file,
      Consumer<String> progress,
      Stop stop) {
    this.tokenizer = tokenizer;
    this.spill = spill;
    this.recipe = recipe;
    this.file = file;
    this.progress = progress;
    this.stop = stop;
    Arrays.fill(typeOf, -1);
  }

  private record Item(int doc, String id, List<String> fields) {}

  private record Pending(List<Item> items, Future<List<int[]>> tokens) {}

  /** Tokenizes the documents named by the rows on all processors. */
  void run(int[]... rows) {
    BitSet wanted = new BitSet(spill.size());
    for (int[] some : rows) {
      Arrays.stream(some).forEach(wanted::set);
    }
    run(Runtime.getRuntime().availableProcessors(), wanted);
  }

  /** Tokenizes documents. */
  void run(int threads, BitSet wanted) {
    storeIndex = new int[spill.size()];
    try (TextPipeline pipeline = pipeline();
        TokenStoreWriter writer = new TokenStoreWriter(file)) {
      ExecutorService pool = pool(threads);
      try {
        run(pipeline, pool, threads * CHUNKS_PER_THREAD, wanted, writer);
      } finally {
        end(pool); // nobody tokenizes any more when the tokenizer is freed
      }
      writer.finish();
    }
    store = TokenStore.open(file);
  }

  private static ExecutorService pool(int threads) {
    return Executors.newFixedThreadPool(
        threads,
        task -> {
          Thread thread = new Thread(task, "tokenize");
          thread.setDaemon(true);
          return thread;
        });
  }

  private static void end(ExecutorService pool) {
    pool.shutdownNow();
    boolean interrupted = false;
    for (boolean ended = false; !ended; ) {
      try {
        ended = pool.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private TextPipeline pipeline() {
    Recipe.Text text = recipe.text();
    TextPipeline pipeline =
        TextPipeline.of(
            text.rules(),
            tokenizer != null
                ? new TokenizerSpec.Subword(tokenizer)
                : TokenizerSpec.parse(text.tokenizer()),
            text.markFields(),
            text.fieldNumbers(),
            text.normalise());
    if (!pipeline.joined().isEmpty()) {
      progress.accept(
          text.tokenizer()
              + ": lacks the special tokens "
              + String.join(", ", pipeline.joined())
              + " of the rules "
              + text.rules()
              + ": they are kept whole beside its pieces; train-tokenizer makes a file that has them");
    }
    if (pipeline.dropsUnknown()) {
      progress.accept(
          "WARNING: "
              + text.tokenizer()
              + ": has no unknown token, so characters that it has no piece for vanish; name one"
              + " as its model's unk_token, or train another with train-tokenizer");
    }
    return pipeline;
  }

  @Override
  public List<String> types() {
    return types;
  }

  @Override
  public int[] ids(int doc) {
    return store.ids(storeIndex[doc]);
  }

  @Override
  public String id(int doc) {
    return store.id(storeIndex[doc]);
  }

  @Override
  public void close() {
    if (store != null) {
      store.close();
    }
    Folders.deleteTemporary(file);
  }

  private void run(
      TextPipeline pipeline,
      ExecutorService pool,
      int bound,
      BitSet wanted,
      TokenStoreWriter writer) {
    ArrayDeque<Pending> pending = new ArrayDeque<>();
    Meter meter = new Meter(wanted.cardinality());
    int doc = wanted.nextSetBit(0);
    while (doc >= 0 || !pending.isEmpty()) {
      stop.check(CorpusReading.STOPPED);
      if (doc >= 0 && pending.size() < bound) {
        List<Item> items = new ArrayList<>();
        int chars = 0;
        while (doc >= 0 && chars < CHUNK_CHARS) {
          Item item = new Item(doc, spill.id(doc), spill.fields(doc));
          items.add(item);
          chars += item.fields().stream().mapToInt(String::length).sum() + 1;
          doc = wanted.nextSetBit(doc + 1);
        }
        meter.chars += chars;
        pending.add(new Pending(items, pool.submit(() -> tokenize(pipeline, items))));
      } else {
        Pending first = pending.remove();
        write(first.items(), await(first.tokens()), writer, meter);
      }
    }
    meter.report();
  }

  private List<int[]> tokenize(TextPipeline pipeline, List<Item> items) {
    List<int[]> tokens = new ArrayList<>(items.size());
    for (Item item : items) {
      try {
        tokens.add(pipeline.documentNumbers(asRead(item.fields()), numbers));
      } catch (UlmfitException e) {
        throw e;
      } catch (RuntimeException | StackOverflowError e) {
        throw UlmfitException.failure(item.id() + ": cannot be tokenized: " + e, e);
      }
    }
    return tokens;
  }

  /** The lesson reads its CSV back with pandas, which loses some cells. */
  private List<String> asRead(List<String> fields) {
    return Splitter.isLesson(recipe)
        ? fields.stream().map(field -> PANDAS_MISSING.contains(field) ? "nan" : field).toList()
        : fields;
  }

  private void write(List<Item> items, List<int[]> tokens, TokenStoreWriter writer, Meter meter) {
    for (int i = 0; i < items.size(); i++) {
      int[] ids = tokens.get(i);
      for (int j = 0; j < ids.length; j++) {
        ids[j] = provisional(ids[j]);
      }
      storeIndex[items.get(i).doc()] = meter.documents;
      writer.append(items.get(i).id(), ids);
      meter.add(ids.length);
    }
  }

  /** Ids follow the documents' order, whatever the numbers. */
  private int provisional(int number) {
    if (number >= typeOf.length) {
      int length = typeOf.length;
      typeOf = Arrays.copyOf(typeOf, Math.max(number + 1, 2 * length));
      Arrays.fill(typeOf, length, typeOf.length, -1);
    }
    if (typeOf[number] < 0) {
      typeOf[number] = types.size();
      types.add(numbers.token(number));
    }
    return typeOf[number];
  }

  private static List<int[]> await(Future<List<int[]>> tokens) {
    try {
      return tokens.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UlmfitException(
          UlmfitException.Kind.INTERRUPTED, "interrupted while tokenizing", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw UlmfitException.failure("tokenizing failed: " + e.getCause(), e);
    }
  }

  /** Counts and tells. */
  private final class Meter {
    private final int total;
    private final long start = System.nanoTime();
    private int documents;
    private long tokens;
    private long chars;

    Meter(int total) {
      this.total = total;
    }

    void add(int n) {
      documents++;
      tokens += n;
      if (documents % REPORT_EVERY == 0 && documents < total) {
        report();
      }
    }

    void report() {
      double seconds = Math.max(1e-3, (System.nanoTime() - start) / 1e9);
      progress.accept(
          Shown.format(
              "tokenized %,d of %,d documents, %,d tokens, %.1f million characters/s",
              documents, total, tokens, chars / seconds / 1e6));
    }
  }
}
