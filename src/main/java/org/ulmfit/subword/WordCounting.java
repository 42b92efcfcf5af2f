package org.ulmfit.subword;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.text.RuledText;

/**
 * Counts the words of texts while they are read: the rules and the counting run on all processors,
 * each thread with counts of its own, which are added at the end.
 */
final class WordCounting {
  private static final int BATCH_CHARS = 1 << 16;
  private static final int BATCHES_PER_THREAD = 4;
  private static final List<List<String>> END = List.of();

  private final Supplier<RuledText> rules;
  private final Supplier<PreTokens> readers;
  private final Stop stop;
  private final int threads = Runtime.getRuntime().availableProcessors();
  private final BlockingQueue<List<List<String>>> batches =
      new ArrayBlockingQueue<>(threads * BATCHES_PER_THREAD);
  private final List<Future<PreTokens>> workers = new ArrayList<>();
  private List<List<String>> batch = new ArrayList<>();
  private int batchChars;
  private long texts;

  /**
   * @param rules makes what runs the rules of a thread
   * @param readers makes what counts for a thread
   */
  WordCounting(Supplier<RuledText> rules, Supplier<PreTokens> readers, Stop stop) {
    this.rules = rules;
    this.readers = readers;
    this.stop = stop;
  }

  /**
   * What was found.
   *
   * @param cuts how often a run without a break was cut
   */
  record Counted(WordCounts counts, long texts, long characters, long cuts) {}

  Counted count(Texts source) {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "count words");
              thread.setDaemon(true);
              return thread;
            });
    try {
      for (int i = 0; i < threads; i++) {
        workers.add(pool.submit(this::work));
      }
      source.forEach(this::take);
      hand(batch);
      for (int i = 0; i < threads; i++) {
        hand(END);
      }
      return sum();
    } finally {
      pool.shutdownNow();
    }
  }

  private void take(List<String> fields) {
    stop.check(TokenizerTraining.STOPPED);
    texts++;
    batch.add(fields);
    for (String field : fields) {
      batchChars += field.length() + 1;
    }
    if (batchChars >= BATCH_CHARS) {
      hand(batch);
      batch = new ArrayList<>();
      batchChars = 0;
    }
  }

  private void hand(List<List<String>> full) {
    try {
      while (!batches.offer(full, 100, TimeUnit.MILLISECONDS)) {
        for (Future<PreTokens> worker : workers) {
          if (worker.isDone()) { // before its end: it failed
            await(worker);
          }
        }
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private PreTokens work() throws InterruptedException {
    RuledText text = rules.get();
    PreTokens words = readers.get();
    while (true) {
      List<List<String>> next = batches.take();
      if (next == END) {
        return words;
      }
      for (List<String> fields : next) {
        text.set(fields);
        words.read(text.chars(), text.length());
      }
    }
  }

  private Counted sum() {
    WordCounts all = null;
    long characters = 0;
    long cuts = 0;
    for (Future<PreTokens> worker : workers) {
      PreTokens own = await(worker);
      characters += own.characters();
      cuts += own.cuts();
      if (all == null) {
        all = own.counts();
      } else {
        all.add(own.counts());
      }
    }
    return new Counted(all == null ? new WordCounts() : all, texts, characters, cuts);
  }

  private static PreTokens await(Future<PreTokens> worker) {
    try {
      return worker.get();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw UlmfitException.failure("counting words failed: " + e.getCause(), e);
    }
  }

  private static UlmfitException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new UlmfitException(
        UlmfitException.Kind.INTERRUPTED, "interrupted while words were counted", e);
  }
}
