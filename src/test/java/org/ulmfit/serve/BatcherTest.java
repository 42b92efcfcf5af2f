package org.ulmfit.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.ulmfit.Labelling;
import org.ulmfit.predict.Prediction;

class BatcherTest {
  private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());

  private static List<Prediction> echo(List<List<String>> rows) {
    return rows.stream()
        .map(row -> new Prediction(Labelling.SINGLE, row, Map.of(row.get(0), 1.0), new float[1]))
        .toList();
  }

  /** Answers once it may. */
  private static Function<List<List<String>>, List<Prediction>> after(CountDownLatch go) {
    return rows -> {
      try {
        go.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return echo(rows);
    };
  }

  private static List<List<String>> rows(String... texts) {
    return List.of(texts).stream().map(List::of).toList();
  }

  private static List<String> labels(CompletableFuture<List<Prediction>> answer) throws Exception {
    return answer.get().stream().map(Prediction::label).toList();
  }

  @Test
  void eachGetsItsOwnOfABatch() throws Exception {
    try (Batcher batcher = new Batcher(BatcherTest::echo, 200, 4, 100, batches::add)) {
      var a = batcher.submit(rows("1", "2"));
      var b = batcher.submit(rows("3"));
      var c = batcher.submit(rows("4", "5", "6"));
      assertEquals(List.of("1", "2"), labels(a));
      assertEquals(List.of("3"), labels(b));
      assertEquals(List.of("4", "5", "6"), labels(c));
    }
    assertEquals(List.of(3, 3), batches, "no request is split");
  }

  @Test
  void whatIsTooMuchIsRefusedAndWhatIsGivenUpIsNotAsked() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Batcher batcher = new Batcher(after(go), 0, 1, 2, batches::add)) {
      var first = batcher.submit(rows("1"));
      while (batcher.waiting() > 0) {
        Thread.onSpinWait(); // it is asked
      }
      var second = batcher.submit(rows("2"));
      var third = batcher.submit(rows("3"));
      Refusal full = assertThrows(Refusal.class, () -> batcher.submit(rows("4")));
      assertEquals(429, full.status());
      second.cancel(true);
      go.countDown();
      assertEquals(List.of("1"), labels(first));
      assertEquals(List.of("3"), labels(third));
    }
    assertEquals(2, batches.size());
  }

  @Test
  void aFailureIsThatOfItsBatchAlone() throws Exception {
    Function<List<List<String>>, List<Prediction>> sometimes =
        rows -> {
          if (rows.get(0).get(0).equals("bad")) {
            throw new IllegalArgumentException("bad");
          }
          return echo(rows);
        };
    try (Batcher batcher = new Batcher(sometimes, 0, 1, 10, batches::add)) {
      var bad = batcher.submit(rows("bad"));
      var good = batcher.submit(rows("good"));
      assertThrows(ExecutionException.class, bad::get);
      assertEquals(List.of("good"), labels(good));
    }
  }

  @Test
  void closedItAnswersWhatCameAndTakesNoMore() throws Exception {
    Batcher batcher = new Batcher(BatcherTest::echo, 60_000, 100, 100, batches::add);
    var before = batcher.submit(rows("1"));
    batcher.close();
    assertTrue(before.isDone());
    assertEquals(List.of("1"), labels(before));
    assertEquals(503, assertThrows(Refusal.class, () -> batcher.submit(rows("2"))).status());
  }

  /** A few long texts wait as long as many short ones. */
  @Test
  void longTextsFillABatchAndTheQueue() throws Exception {
    String long1 = "x".repeat(700_000);
    try (Batcher batcher = new Batcher(BatcherTest::echo, 200, 100, 1000, batches::add)) {
      var a = batcher.submit(rows(long1));
      var b = batcher.submit(rows(long1));
      var c = batcher.submit(rows("1", "2"));
      assertEquals(1, labels(a).size());
      assertEquals(1, labels(b).size());
      assertEquals(List.of("1", "2"), labels(c));
    }
    assertEquals(List.of(1, 3), batches, "more than a million characters are two batches");
    CountDownLatch go = new CountDownLatch(1);
    try (Batcher batcher = new Batcher(after(go), 0, 100, 1000, batches::add)) {
      int taken = 0;
      Refusal full = null;
      while (full == null && taken < 100) {
        try {
          batcher.submit(rows(long1));
          taken++;
        } catch (Refusal refusal) {
          full = refusal;
        }
      }
      assertTrue(full != null && full.status() == 429 && taken <= 25, taken + " were taken");
      go.countDown();
    }
  }
}
