package org.ulmfit.campaign;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.ulmfit.nn.NativeMemory;
import org.ulmfit.predict.TextClassifier;

/**
 * A process of its own that serves: 16 threads, texts of all lengths, a new pool of threads for
 * every twentieth of the calls. Prints the bytes outside the Java heap after each twentieth: {@code
 * ServingRun MODEL CALLS WORD...}.
 */
final class ServingRun {
  private static final int THREADS = 16;
  private static final int PARTS = 20;
  private static final int SHORT = 60;
  private static final int LONG = 600; // words of one text in twenty at most

  private ServingRun() {}

  private static String text(Random random, String[] words) {
    int most = random.nextInt(20) == 0 ? LONG : SHORT;
    StringBuilder text = new StringBuilder();
    for (int n = 1 + random.nextInt(most); n > 0; n--) {
      text.append(words[random.nextInt(words.length)]).append(' ');
    }
    return text.toString();
  }

  public static void main(String[] args) throws InterruptedException {
    int calls = Integer.parseInt(args[1]);
    String[] words = args[2].split(",");
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (TextClassifier classifier = TextClassifier.load(Path.of(args[0]), "cpu", null)) {
      for (int part = 0; part < PARTS; part++) {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        AtomicInteger next = new AtomicInteger(part * calls / PARTS);
        int end = (part + 1) * calls / PARTS;
        for (int t = 0; t < THREADS; t++) {
          pool.execute(
              () -> {
                try {
                  for (int i = next.getAndIncrement(); i < end; i = next.getAndIncrement()) {
                    classifier.predict(text(new Random(i), words));
                  }
                } catch (RuntimeException | Error e) {
                  failure.set(e);
                }
              });
        }
        pool.shutdown();
        pool.awaitTermination(1, TimeUnit.HOURS);
        System.gc(); // frees the buffers through which Java hands arrays to the engine
        System.out.println("RESIDENT " + NativeMemory.outsideHeap());
      }
    }
    if (failure.get() != null) {
      failure.get().printStackTrace();
      System.exit(1);
    }
  }
}
