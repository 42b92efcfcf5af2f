package org.ulmfit.serve;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.predict.Explanation;

/** Explains one text after the other: each takes as long as many answers. */
final class Explainers implements AutoCloseable {
  private static final int WAITING = 16;

  private final ModelSlot model;
  private final ThreadPoolExecutor thread;

  Explainers(ModelSlot model) {
    this.model = model;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> new Thread(task, "ulmfit-explanations"));
    thread.allowCoreThreadTimeOut(true); // see Torch.aside
  }

  /**
   * Explains a row.
   *
   * @throws Refusal (429) if too many wait
   */
  CompletableFuture<List<Explanation>> submit(List<String> row, List<String> labels) {
    CompletableFuture<List<Explanation>> answer = new CompletableFuture<>();
    Stop given = new Stop();
    var unused =
        answer.whenComplete(
            (explanations, failure) -> given.request()); // up, or not needed any more
    try {
      thread.execute(
          () -> {
            if (answer.isDone()) {
              return; // nobody waits for it any more
            }
            try {
              answer.complete(
                  model.ask(served -> served.classifier().explainFields(row, labels, given)));
            } catch (UlmfitException e) {
              answer.completeExceptionally(
                  e.kind() == UlmfitException.Kind.USAGE
                      ? new Refusal(400, "\"labels\": the model has no label of that name")
                      : e);
            } catch (RuntimeException | Error e) {
              answer.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      throw new Refusal(
          thread.isShutdown() ? 503 : 429,
          thread.isShutdown()
              ? "the server is stopping"
              : WAITING + " texts wait for an explanation; ask again later");
    }
    return answer;
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
