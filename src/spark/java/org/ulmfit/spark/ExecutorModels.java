package org.ulmfit.spark;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.ulmfit.predict.TextClassifier;

/**
 * The models that are open in this process: each once, for all tasks. One that no task uses stays
 * open for the next one, until others are asked for.
 */
final class ExecutorModels {
  private static final int IDLE = 2; // open without a task
  private static final Map<String, Open> MODELS = new HashMap<>();

  private ExecutorModels() {}

  /** A model and the tasks that use it. */
  private static final class Open {
    final TextClassifier classifier;
    int tasks;
    long last;

    Open(TextClassifier classifier) {
      this.classifier = classifier;
    }
  }

  private static long uses;

  /** The model, opened unless it is; {@link #release} follows. */
  static synchronized TextClassifier acquire(ModelFiles.Sent sent, int threads) {
    Open open = MODELS.get(sent.sum());
    if (open == null) {
      // read as the engine starts, so that it counts once
      if (System.getProperty("ai.djl.pytorch.num_threads") == null) {
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
      }
      open = new Open(TextClassifier.load(sent.here(), "auto", null));
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
    while (MODELS.values().stream().filter(open -> open.tasks == 0).count() > IDLE) {
      long oldest =
          MODELS.values().stream()
              .filter(open -> open.tasks == 0)
              .mapToLong(open -> open.last)
              .min()
              .orElseThrow();
      for (Iterator<Open> all = MODELS.values().iterator(); all.hasNext(); ) {
        Open open = all.next();
        if (open.tasks == 0 && open.last == oldest) {
          all.remove();
          open.classifier.close();
        }
      }
    }
  }

  /** How many are open. */
  static synchronized int open() {
    return MODELS.size();
  }
}
