package org.ulmfit.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.ulmfit.Shown;
import org.ulmfit.predict.Prediction;

/**
 * Answers the texts of requests that come close to each other in one batch: the first waits a
 * moment for others. One thread asks the model; the engine has threads of its own.
 */
final class Batcher implements AutoCloseable {

  /** Of the texts of a batch, so that nobody waits for long behind a few long ones. */
  private static final long BATCH_CHARACTERS = 1L << 20;

  /** Of all texts that wait. */
  private static final long MOST_CHARACTERS = 1L << 24;

  private final Function<List<List<String>>, List<Prediction>> model;
  private final long gatherNanos;
  private final int batch;
  private final int most;
  private final IntConsumer answered;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private final Thread thread;
  private int texts; // in the queue
  private long characters; // of these
  private boolean ended;

  /** Rows of a request. */
  private record Waiting(
      List<List<String>> rows,
      long characters,
      CompletableFuture<List<Prediction>> answer,
      long since) {}

  /**
   * @param model answers rows; what it throws is thrown for all of them
   * @param gatherMillis that the first of a batch waits
   * @param batch texts at once at most, but that a request is never split
   * @param most texts that wait
   * @param answered hears of each batch
   */
  Batcher(
      Function<List<List<String>>, List<Prediction>> model,
      int gatherMillis,
      int batch,
      int most,
      IntConsumer answered) {
    this.model = model;
    this.gatherNanos = TimeUnit.MILLISECONDS.toNanos(gatherMillis);
    this.batch = batch;
    this.most = most;
    this.answered = answered;
    this.thread = new Thread(this::run, "ulmfit-answers");
    thread.start();
  }

  /**
   * Hands over rows.
   *
   * @return their answers, once there are some; cancelled, they are not asked for any more
   * @throws Refusal (429) if too many wait; (503) if it was closed
   */
  CompletableFuture<List<Prediction>> submit(List<List<String>> rows) {
    CompletableFuture<List<Prediction>> answer = new CompletableFuture<>();
    if (rows.isEmpty()) {
      answer.complete(List.of());
      return answer;
    }
    lock.lock();
    try {
      if (ended) {
        throw new Refusal(503, "the server is stopping");
      }
      queue.removeIf(
          waiting -> {
            boolean givenUp = waiting.answer.isDone(); // as it took too long
            texts -= givenUp ? waiting.rows.size() : 0;
            characters -= givenUp ? waiting.characters : 0;
            return givenUp;
          });
      long own = rows.stream().flatMap(List::stream).mapToLong(String::length).sum();
      boolean full = texts + rows.size() > most || characters + own > MOST_CHARACTERS;
      if (texts > 0 && full) {
        throw new Refusal(429, Shown.format("%d texts wait for an answer; ask again later", texts));
      }
      queue.add(new Waiting(rows, own, answer, System.nanoTime()));
      texts += rows.size();
      characters += own;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return answer;
  }

  /** Texts that wait. */
  int waiting() {
    lock.lock();
    try {
      return texts;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    for (List<Waiting> next = next(); !next.isEmpty(); next = next()) {
      answer(next);
    }
  }

  private void answer(List<Waiting> all) {
    try {
      List<Waiting> asked = all.stream().filter(one -> !one.answer.isDone()).toList();
      List<List<String>> rows = new ArrayList<>();
      asked.forEach(one -> rows.addAll(one.rows));
      if (rows.isEmpty()) {
        return;
      }
      answered.accept(rows.size());
      List<Prediction> answers = model.apply(rows);
      int from = 0;
      for (Waiting one : asked) {
        one.answer.complete(List.copyOf(answers.subList(from, from + one.rows.size())));
        from += one.rows.size();
      }
    } catch (RuntimeException | Error e) {
      all.forEach(one -> one.answer.completeExceptionally(e));
    }
  }

  /** The next batch, waited for; none: it was closed, and nothing is left. */
  private List<Waiting> next() {
    lock.lock();
    try {
      while (queue.isEmpty()) {
        if (ended) {
          return List.of();
        }
        changed.awaitUninterruptibly();
      }
      long until = queue.getFirst().since + gatherNanos;
      long left = until - System.nanoTime();
      while (left > 0 && texts < batch && !ended) {
        left = changed.awaitNanos(left);
      }
      List<Waiting> taken = new ArrayList<>();
      int size = 0;
      long length = 0;
      while (!queue.isEmpty() && (taken.isEmpty() || fits(queue.getFirst(), size, length))) {
        Waiting one = queue.removeFirst();
        taken.add(one);
        size += one.rows.size();
        length += one.characters;
      }
      texts -= size;
      characters -= length;
      return taken;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e); // nobody interrupts this thread
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(Waiting one, int size, long length) {
    return size + one.rows.size() <= batch && length + one.characters <= BATCH_CHARACTERS;
  }

  /** Takes no more; what waits is answered first. */
  @Override
  public void close() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
