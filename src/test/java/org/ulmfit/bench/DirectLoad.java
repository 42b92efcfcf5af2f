package org.ulmfit.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.ulmfit.predict.TextClassifier;

/**
 * What {@code scripts/serve-load} asks over HTTP, by direct calls of one {@code TextClassifier}: as
 * many threads as there are clients there, each with one text after the other.
 */
public final class DirectLoad {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DirectLoad() {}

  /** Arguments: model, texts as JSON lines, numbers of threads (1,8,64), seconds of each. */
  public static void main(String[] args) throws IOException {
    List<String> texts = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(args[1]))) {
      texts.add(JSON.readTree(line).get("text").textValue());
    }
    double seconds = Double.parseDouble(args[3]);
    try (TextClassifier classifier = TextClassifier.load(Path.of(args[0]), "cpu", null)) {
      for (String threads : args[2].split(",")) {
        System.out.println(load(classifier, texts, Integer.parseInt(threads), seconds));
      }
    }
  }

  private static String load(
      TextClassifier classifier, List<String> texts, int threads, double seconds) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long until = System.nanoTime() + Math.round(seconds * 1e9);
      List<CompletableFuture<List<Long>>> all = new ArrayList<>();
      for (int seed = 0; seed < threads; seed++) {
        Random random = new Random(seed);
        all.add(CompletableFuture.supplyAsync(() -> took(classifier, texts, random, until), pool));
      }
      long[] took =
          all.stream().flatMap(own -> own.join().stream()).mapToLong(nanos -> nanos).toArray();
      Arrays.sort(took);
      return String.format(
          Locale.ROOT,
          "%d threads, %.0f s: %.1f texts/s, p50 %.1f ms, p99 %.1f ms",
          threads,
          seconds,
          took.length / seconds,
          took[took.length / 2] / 1e6,
          took[(int) (took.length * .99)] / 1e6);
    } finally {
      pool.shutdown();
    }
  }

  private static List<Long> took(
      TextClassifier classifier, List<String> texts, Random random, long until) {
    List<Long> took = new ArrayList<>();
    while (System.nanoTime() < until) {
      String text = texts.get(random.nextInt(texts.size()));
      long started = System.nanoTime();
      classifier.predict(text);
      took.add(System.nanoTime() - started);
    }
    return took;
  }
}
