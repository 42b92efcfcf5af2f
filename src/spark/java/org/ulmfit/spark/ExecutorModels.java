package org.ulmfit.spark;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.predict.TextClassifier;

/**
 * The models that are open in this process: each once, for all tasks. One that no task uses stays
 * open for the next one, until others are asked for.
 */
final class ExecutorModels {
  private static final int IDLE = 2; // open without a task
  private static final Map<String, Open> MODELS = new HashMap<>();
  private static long uses;

  private ExecutorModels() {}

  /** A model and the tasks that use it. */
  private static final class Open {
    final @Nullable ScratchFolder folder; // of one that was sent
    final TextClassifier classifier;
    int tasks;
    long last;

    Open(ModelFiles.Sent sent) {
      folder = sent.unpacked();
      try {
        Path place = folder == null ? sent.place() : folder.path();
        classifier = TextClassifier.load(place, "auto", null);
        try {
          ModelFiles.check(place, sent.sum());
        } catch (RuntimeException | Error e) {
          classifier.close();
          throw e;
        }
      } catch (RuntimeException | Error e) {
        removeFolder();
        throw e;
      }
    }

    void close() {
      classifier.close();
      removeFolder();
    }

    private void removeFolder() {
      if (folder != null) {
        folder.close();
      }
    }
  }

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(ExecutorModels::closeAll));
  }

  /** As this process ends, tasks or not. */
  private static synchronized void closeAll() {
    MODELS.values().forEach(Open::removeFolder); // memory goes with the process
    MODELS.clear();
  }

  /** The model, opened unless it is; {@link #release} follows. */
  static synchronized TextClassifier acquire(ModelFiles.Sent sent, int threads) {
    Open open = MODELS.get(sent.sum());
    if (open == null) {
      // read as the engine starts, so that it counts once
      if (System.getProperty("ai.djl.pytorch.num_threads") == null) {
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
      }
      open = new Open(sent);
      MODELS.put(sent.sum(), open);
    }
    open.tasks++;
    return open.classifier;
  }

  /** Says that a task uses it no more. */
  static synchronized void release(ModelFiles.Sent sent) {
    Open done = MODELS.get(sent.sum());
    if (done == null) {
      return;
    }
    done.tasks--;
    done.last = ++uses;
    List<Map.Entry<String, Open>> idle =
        MODELS.entrySet().stream().filter(entry -> entry.getValue().tasks == 0).toList();
    if (idle.size() > IDLE) {
      idle.stream()
          .min(Comparator.comparingLong(entry -> entry.getValue().last))
          .ifPresent(oldest -> close(oldest.getKey()));
    }
  }

  private static void close(String sum) {
    Objects.requireNonNull(MODELS.remove(sum)).close(); // it is idle, so it is there
  }

  /** How many are open. */
  static synchronized int open() {
    return MODELS.size();
  }
}
