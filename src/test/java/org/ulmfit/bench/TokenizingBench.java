package org.ulmfit.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TextPipeline;
import org.ulmfit.text.TokenizerSpec;

/**
 * Texts to tokens with the rules of fastai 2 and the tokenizer of spaCy 3, in bytes of UTF-8. The
 * process is fresh, so its first pass is the cold one.
 */
final class TokenizingBench {

  private static final int BATCH = 64; // texts a thread takes at a time
  private static final int REPEATED = 100_000;
  private static final int LONG_TEXT_RUNS = 5;

  private TokenizingBench() {}

  /**
   * @param megabytes of the corpus's first texts at most
   * @param peerMegabytes of them that the peer reads
   */
  static void write(Spec spec, Path corpus, double megabytes, double peerMegabytes, int passes)
      throws IOException {
    List<String> texts = new ArrayList<>();
    long[] bytes = {0, 0}; // read, of the peer
    int[] peers = {0};
    Corpus.open(corpus, CorpusOptions.defaults())
        .forEach(
            (split, document) -> {
              if (bytes[0] < megabytes * 1e6) {
                String text = String.join(" ", document.fields());
                texts.add(text);
                bytes[0] += size(text);
                if (bytes[0] <= peerMegabytes * 1e6) {
                  peers[0] = texts.size();
                  bytes[1] = bytes[0];
                }
              }
            });
    spec.lines("texts.jsonl", texts);
    spec.lines("peer-texts.jsonl", texts.subList(0, Math.max(1, peers[0])));
    spec.values()
        .put("texts", "texts.jsonl")
        .put("peerTexts", "peer-texts.jsonl")
        .put("bytes", bytes[0])
        .put("peerBytes", bytes[1])
        .put("passes", passes)
        .put("peerRepeats", 1);
  }

  private static long size(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Series {@code cold}, {@code warm}, {@code warm 1 thread} and {@code equal characters}. */
  static Measurement tokenize(Spec spec) throws Exception {
    Measurement measured = Measurement.empty();
    List<String> texts = Spec.lines(spec.path("texts"));
    int threads = spec.number("threads");
    double size = spec.values().get("bytes").doubleValue();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long opened = System.nanoTime();
      try (TextPipeline pipeline = TextPipeline.of(Rules.FASTAI_2, TokenizerSpec.Word.SPACY_3)) {
        tokens(pipeline, texts, pool, threads);
        measured.add("cold", (System.nanoTime() - opened) / 1e9, size);
        for (int pass = 0; pass < spec.number("passes"); pass++) {
          measured.add("warm", seconds(() -> tokens(pipeline, texts, pool, threads)), size);
          measured.add("warm 1 thread", seconds(() -> tokens(pipeline, texts, pool, 1)), size);
        }
        String equal = "a".repeat(REPEATED);
        for (int i = 0; i < LONG_TEXT_RUNS; i++) {
          measured.add("equal characters", seconds(() -> tokens(pipeline, equal)), REPEATED);
        }
      }
    } finally {
      pool.shutdownNow();
    }
    return measured;
  }

  private interface Work {
    long run() throws Exception;
  }

  private static double seconds(Work work) throws Exception {
    long started = System.nanoTime();
    if (work.run() <= 0) {
      throw new IllegalStateException("no tokens");
    }
    return (System.nanoTime() - started) / 1e9;
  }

  private static long tokens(TextPipeline pipeline, String text) {
    return pipeline.documentTokens(List.of(text)).size();
  }

  private static long tokens(
      TextPipeline pipeline, List<String> texts, ExecutorService pool, int threads)
      throws Exception {
    AtomicInteger next = new AtomicInteger();
    List<Future<Long>> parts = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      parts.add(
          pool.submit(
              () -> {
                long count = 0;
                for (int from = next.getAndAdd(BATCH);
                    from < texts.size();
                    from = next.getAndAdd(BATCH)) {
                  int to = Math.min(texts.size(), from + BATCH);
                  for (String text : texts.subList(from, to)) {
                    count += tokens(pipeline, text);
                  }
                }
                return count;
              }));
    }
    long all = 0;
    for (Future<Long> part : parts) {
      all += part.get();
    }
    return all;
  }

  /** The reviews that ship with ulmfit, as a corpus. */
  static Path sample(Path dir) throws IOException {
    Path file = dir.resolve("reviews.jsonl");
    Files.deleteIfExists(file);
    for (String part : List.of("train", "test")) {
      try (var in = Rules.class.getResourceAsStream("/org/ulmfit/sample/" + part + ".jsonl")) {
        Files.write(
            file,
            in.readAllBytes(),
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.APPEND);
      }
    }
    return file;
  }
}
