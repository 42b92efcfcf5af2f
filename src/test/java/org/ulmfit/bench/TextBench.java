package org.ulmfit.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.ulmfit.JavaCommand;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TextPipeline;
import org.ulmfit.text.TokenizerSpec;

/**
 * How fast texts become tokens: rules and word tokenizer, in megabytes (10^6 bytes of UTF-8) per
 * second.
 *
 * <pre>
 * mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test.classpath
 * java -Xmx1g -XX:+UseParallelGC \
 *   -cp target/test-classes:target/classes:$(cat target/test.classpath) \
 *   org.ulmfit.bench.TextBench corpus=aclImdb.tar.gz
 * </pre>
 *
 * Arguments {@code name=value}: corpus (what {@code ulmfit prepare} takes; needed), megabytes read
 * of it (60), rules and tokenizer (fastai-0.7 with spacy-2.0, or fastai-2 with spacy-3; default
 * both), threads (all cores), rounds (5). Prints, for 1 to {@code threads} threads:
 *
 * <ul>
 *   <li>cold: all texts once in a fresh JVM, from its first document on; median of 3 JVMs;
 *   <li>warm: the same again in this JVM, thread counts alternating; median of the rounds;
 *   <li>the worst time of 10^5 equal characters, or short repeats, over kinds and profiles.
 * </ul>
 */
public final class TextBench {
  private static final int REPEATED = 100_000;
  private static final int FRESH = 3;
  private static final int BATCH = 32; // documents a thread takes at a time

  /** What is repeated in the worst case. */
  static final List<String> UNITS =
      List.of(
          "a",
          "A",
          "1",
          " ",
          "\n",
          ".",
          "!",
          "'",
          "\"",
          "<",
          "&",
          "-",
          "/",
          "#",
          "\\",
          ";",
          "@",
          ":",
          "é",
          "中",
          "\uD83D\uDE00",
          "a.",
          "A.",
          "a-",
          "a b ",
          "so so x ",
          "no  ",
          "Ab ",
          "AB c ",
          "&amp;",
          "<br />",
          " @.@ ",
          "...",
          "1.2.3.4@",
          "a.b@",
          "http://a.b/",
          "(:");

  /** Sizes and profile of a measurement. */
  record Setting(Rules rules, TokenizerSpec tokenizer, int threads) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%s %s, %d thread%s", rules.id(), tokenizer.id(), threads, s(threads));
    }

    private static String s(int n) {
      return n == 1 ? "" : "s";
    }
  }

  private final String corpus;
  private final double megabytes;
  private final int rounds;
  private final List<String> texts;
  private final double read; // megabytes

  private TextBench(String corpus, double megabytes, int rounds) {
    this.corpus = corpus;
    this.megabytes = megabytes;
    this.rounds = rounds;
    this.texts = texts(Path.of(corpus), megabytes);
    this.read = texts.stream().mapToLong(TextBench::bytes).sum() / 1e6;
  }

  public static void main(String[] arguments) throws Exception {
    String corpus = null;
    String rules = null;
    String tokenizer = null;
    double megabytes = 60;
    int threads = Runtime.getRuntime().availableProcessors();
    int rounds = 5;
    boolean fresh = false;
    for (String argument : arguments) {
      String name = argument.substring(0, argument.indexOf('='));
      String value = argument.substring(name.length() + 1);
      switch (name) {
        case "corpus" -> corpus = value;
        case "rules" -> rules = value;
        case "tokenizer" -> tokenizer = value;
        case "megabytes" -> megabytes = Double.parseDouble(value);
        case "threads" -> threads = Integer.parseInt(value);
        case "rounds" -> rounds = Integer.parseInt(value);
        case "fresh" -> fresh = Boolean.parseBoolean(value); // of ourselves: a cold measurement
        default -> throw new IllegalArgumentException("unknown argument " + name);
      }
    }
    if (corpus == null) {
      throw new IllegalArgumentException("corpus=PATH is needed");
    }
    List<Setting> settings =
        rules == null
            ? List.of(
                new Setting(Rules.FASTAI_0_7, TokenizerSpec.Word.SPACY_2_0, threads),
                new Setting(Rules.FASTAI_2, TokenizerSpec.Word.SPACY_3, threads))
            : List.of(new Setting(Rules.of(rules), TokenizerSpec.parse(tokenizer), threads));
    TextBench bench = new TextBench(corpus, megabytes, rounds);
    if (fresh) {
      System.out.println(bench.once(settings.get(0)));
    } else {
      bench.run(settings);
    }
  }

  private void run(List<Setting> settings) throws IOException, InterruptedException {
    System.out.printf(
        Locale.ROOT, "%,d texts, %.1f MB of UTF-8 from %s%n", texts.size(), read, corpus);
    for (Setting setting : settings) {
      for (int threads = 1; threads <= setting.threads(); threads++) {
        print("cold", with(setting, threads), cold(with(setting, threads)));
      }
    }
    for (Setting setting : settings) {
      List<double[]> speeds = warm(setting);
      for (int threads = 1; threads <= setting.threads(); threads++) {
        print("warm", with(setting, threads), speeds.get(threads - 1));
      }
    }
    System.out.println(worst());
  }

  private static Setting with(Setting setting, int threads) {
    return new Setting(setting.rules(), setting.tokenizer(), threads);
  }

  private static void print(String name, Setting setting, double[] speeds) {
    double[] sorted = speeds.clone();
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%s  %-32s median %6.1f MB/s, %.1f to %.1f%n",
        name,
        setting,
        sorted[sorted.length / 2],
        sorted[0],
        sorted[sorted.length - 1]);
  }

  /** The speeds of fresh JVMs. */
  private double[] cold(Setting setting) throws IOException, InterruptedException {
    double[] speeds = new double[FRESH];
    for (int i = 0; i < FRESH; i++) {
      Process process =
          new ProcessBuilder(
                  JavaCommand.of(
                      List.of("-Xmx1g", "-XX:+UseParallelGC"),
                      TextBench.class,
                      List.of(
                          "corpus=" + corpus,
                          "megabytes=" + megabytes,
                          "rules=" + setting.rules().id(),
                          "tokenizer=" + setting.tokenizer().id(),
                          "threads=" + setting.threads(),
                          "fresh=true")))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        speeds[i] = Double.parseDouble(out.readLine());
      }
      if (process.waitFor() != 0) {
        throw new IllegalStateException("the fresh JVM failed");
      }
    }
    return speeds;
  }

  /** For each thread count the speeds of the rounds. */
  private List<double[]> warm(Setting setting) throws InterruptedException {
    List<double[]> speeds = new ArrayList<>();
    for (int threads = 1; threads <= setting.threads(); threads++) {
      speeds.add(new double[rounds]);
    }
    for (int round = -1; round < rounds; round++) { // the first warms up
      for (int threads = 1; threads <= setting.threads(); threads++) {
        double speed = once(with(setting, threads));
        if (round >= 0) {
          speeds.get(threads - 1)[round] = speed;
        }
      }
    }
    return speeds;
  }

  /** Megabytes per second of all texts, the making of the pipeline included. */
  private double once(Setting setting) throws InterruptedException {
    long start = System.nanoTime();
    try (TextPipeline pipeline = TextPipeline.of(setting.rules(), setting.tokenizer())) {
      AtomicInteger next = new AtomicInteger();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < setting.threads(); i++) {
        Thread thread = new Thread(() -> work(pipeline, next));
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    return read / ((System.nanoTime() - start) / 1e9);
  }

  private void work(TextPipeline pipeline, AtomicInteger next) {
    for (int from = next.getAndAdd(BATCH); from < texts.size(); from = next.getAndAdd(BATCH)) {
      for (String text : texts.subList(from, Math.min(from + BATCH, texts.size()))) {
        pipeline.documentTokens(List.of(text));
      }
    }
  }

  /** The slowest of all repeats in all profiles; of three calls the median. */
  private static String worst() {
    double worst = 0;
    String which = "";
    for (Rules rules : Rules.values()) {
      for (TokenizerSpec.Word word : TokenizerSpec.Word.values()) {
        try (TextPipeline pipeline = TextPipeline.of(rules, word)) {
          for (String unit : UNITS) {
            double seconds = median(pipeline, unit.repeat(REPEATED / unit.length()));
            if (seconds > worst) {
              worst = seconds;
              which = rules.id() + " " + word.id() + ", '" + unit.replace("\n", "\\n") + "'";
            }
          }
        }
      }
    }
    return String.format(
        Locale.ROOT, "10^5 characters repeated: worst %.1f ms (%s)", worst * 1e3, which);
  }

  private static double median(TextPipeline pipeline, String text) {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      pipeline.tokens(text);
      seconds.add((System.nanoTime() - start) / 1e9);
    }
    Collections.sort(seconds);
    return seconds.get(1);
  }

  private static List<String> texts(Path corpus, double megabytes) {
    List<String> texts = new ArrayList<>();
    long[] bytes = {0};
    Corpus.open(corpus, CorpusOptions.defaults())
        .forEach(
            (split, document) -> {
              if (bytes[0] < megabytes * 1e6) {
                String text = document.fields().get(0);
                texts.add(text);
                bytes[0] += bytes(text);
              }
            });
    return texts;
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
