package org.ulmfit.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TextPipeline;
import org.ulmfit.text.TokenizerSpec;

/**
 * Guards against losing a factor of two, as ratios within one process: each floor is at most half
 * of what was measured when it was set. Both sides take turns and the best of each counts, so that
 * other work on the machine hits both or neither; {@code scripts/bench} measures the real sizes,
 * {@code scripts/campaign parts=speed} these.
 */
public final class Ratios {

  private static final int MOST_ROUNDS = 5;

  /** After so long both texts' readers are compiled, beside other work, too. */
  private static final long COMPILED_NANOS = 10_000_000_000L;

  private final Path dir;

  /**
   * @param dir for the files of the workloads
   */
  public Ratios(Path dir) {
    this.dir = dir;
  }

  /**
   * How much faster one thing is than another.
   *
   * @param times as fast
   * @param floor what it has to be at least
   */
  public record Ratio(String what, double times, double floor) {
    public boolean kept() {
      return times >= floor;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%s: %.2f times as fast, expected at least %s", what, times, floor);
    }
  }

  private interface Work {
    /** Seconds it took. */
    double run() throws IOException;
  }

  /** All of them, on the threads the process has. */
  public List<Ratio> measure() throws IOException {
    List<Ratio> ratios = new ArrayList<>();
    ratios.add(stepAgainstPlainDjl());
    ratios.add(sampledAgainstFull());
    ratios.add(batchAgainstItsTexts());
    ratios.add(tokenizerAgainstARegularExpression());
    return ratios;
  }

  private static double seconds(Runnable work) {
    long started = System.nanoTime();
    work.run();
    return (System.nanoTime() - started) / 1e9;
  }

  /** Slow over fast, the best of each; more rounds as long as the floor is not reached. */
  private static Ratio ratio(String what, double floor, Work fast, Work slow) throws IOException {
    double best = Double.MAX_VALUE;
    double other = Double.MAX_VALUE;
    for (int round = 0; round < 2 || (round < MOST_ROUNDS && other < floor * best); round++) {
      best = Math.min(best, fast.run());
      other = Math.min(other, slow.run());
    }
    return new Ratio(what, other / best, floor);
  }

  private static double perToken(LmStepBench.Timing timing) {
    return 1 / timing.best();
  }

  private static Ratio stepAgainstPlainDjl() throws IOException {
    var size = new LmStepBench.Size(20_000, 100, 200, 16, 35, 4, "fp32");
    return ratio(
        "step against plain DJL",
        .9,
        () -> perToken(LmStepBench.ours(size)),
        () -> perToken(LmStepBench.twin(size)));
  }

  private static Ratio sampledAgainstFull() throws IOException {
    var full = new LmStepBench.Size(40_000, 100, 200, 16, 35, 4, "fp32");
    var sampled = new LmStepBench.Size(40_000, 100, 200, 16, 35, 4, "fp32", "sampled");
    return ratio(
        "sampled softmax against the full one",
        1.5,
        () -> perToken(LmStepBench.ours(sampled)),
        () -> perToken(LmStepBench.ours(full)));
  }

  private Ratio batchAgainstItsTexts() throws IOException {
    Spec spec = Spec.create(dir, "predict", 42, 2);
    var size = new PredictionBench.Size(2000, 150, 300, Map.of(60, 16), 1, 1);
    PredictionBench.write(spec, size);
    PredictionBench.models(spec, List.of("fp32"));
    List<String> texts = Spec.lines(dir.resolve("texts-60.jsonl"));
    try (TextClassifier classifier =
        TextClassifier.load(PredictionBench.model(spec, "fp32"), "cpu")) {
      return ratio(
          "16 texts at once",
          1.5,
          () -> seconds(() -> classifier.predict(texts)),
          () -> seconds(() -> texts.forEach(classifier::predict)));
    }
  }

  /** What the least scanner would do: words and marks by a regular expression. */
  private static final Pattern WORDS = Pattern.compile("\\p{L}+|\\p{N}+|[^\\s\\p{L}\\p{N}]");

  private static long words(List<String> texts) {
    long hash = 0;
    for (String text : texts) {
      Matcher matcher = WORDS.matcher(text);
      while (matcher.find()) {
        hash += matcher.group().hashCode();
      }
    }
    return hash;
  }

  private Ratio tokenizerAgainstARegularExpression() throws IOException {
    List<String> texts = sample();
    try (TextPipeline pipeline = TextPipeline.of(Rules.FASTAI_2, TokenizerSpec.Word.SPACY_3)) {
      Runnable ours = () -> texts.forEach(t -> pipeline.documentTokens(List.of(t)));
      Runnable plain = () -> words(texts);
      long started = System.nanoTime();
      while (System.nanoTime() - started < COMPILED_NANOS) {
        ours.run();
        plain.run();
      }
      return ratio("rules and tokenizer", .1, () -> seconds(ours), () -> seconds(plain));
    }
  }

  private List<String> sample() throws IOException {
    Spec spec = Spec.create(dir, "text", 42, 1);
    TokenizingBench.write(spec, TokenizingBench.sample(dir), 1, 1, 1);
    return Spec.lines(spec.path("texts"));
  }
}
