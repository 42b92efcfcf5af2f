package org.ulmfit.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ulmfit.config.Recipes;

/**
 * A workload of the benchmark: what it computes and who takes part.
 *
 * @param series what the peers' waiting policies are compared by
 * @param skipped why it cannot be measured here; null if it can
 */
record Workload(
    String name,
    String series,
    Preparation preparation,
    List<Contender> contenders,
    String skipped) {

  /** Writes the files that all contenders read. */
  interface Preparation {
    void fill(Spec spec) throws Exception;
  }

  /** Who computes it. */
  enum Kind {
    /** {@link Worker}. */
    OURS,
    /** {@code scripts/ulmfit}, started as a user does. */
    COMMAND,
    /** Plain DJL, in the worker too; a peer. */
    DJL,
    /** fastai or spaCy, in Python. */
    PYTHON,
    /** The same with the malloc settings of our launcher. */
    PYTHON_TUNED;

    boolean peer() {
      return this != OURS && this != COMMAND;
    }
  }

  /**
   * One side of the comparison.
   *
   * @param everyRound otherwise in the first round alone
   * @param options of the worker
   */
  record Contender(String name, Kind kind, boolean everyRound, Map<String, String> options) {}

  static final String FASTAI = "fastai";
  static final String TUNED = "fastai, our malloc settings";
  static final String DJL = "plain DJL";
  static final String SPACY = "spaCy blank, fastai's rules";
  static final String COMMAND = "ulmfit";
  static final String SAMPLED = ", sampled softmax";

  /** What differs between runs. */
  record Settings(boolean quick, int threads, long seed, Path home, Path shared) {

    Path imdb() {
      return shared.resolve("data/imdb/aclImdb.tar.gz");
    }
  }

  /** bf16 where the processor computes in it. */
  static String precision() {
    List<String> all = Worker.precisions();
    return all.get(all.size() - 1);
  }

  static String ours(String precision) {
    return "ulmfit " + precision;
  }

  /** All workloads, small ones first. */
  static List<Workload> all(Settings s) {
    boolean quick = s.quick();
    int vocabulary = quick ? 2000 : 30_002;
    int embedding = quick ? 40 : 300;
    int hidden = quick ? 60 : 600;
    List<Workload> all = new ArrayList<>();
    all.add(peaks(s));
    int rows = quick ? 8 : 64;
    int bptt = quick ? 20 : 70;
    var smallLm =
        new LmStepBench.Size(vocabulary, embedding, hidden, rows, bptt, quick ? 3 : 5, "fp32");
    all.add(languageModel("lm-small", smallLm, quick));
    var fullLm = new LmStepBench.Size(60_002, 400, 1150, 64, 70, 3, "fp32");
    all.add(languageModel("lm-full", quick ? smallLm : fullLm, quick));
    var smallClassifier =
        new ClassifierBench.Size(vocabulary, embedding, hidden, quick ? 4 : 64, quick ? 2 : 4);
    all.add(classifier("classifier-small", smallClassifier));
    var fullClassifier = new ClassifierBench.Size(60_002, 400, 1150, 32, 3);
    all.add(classifier("classifier-full", quick ? smallClassifier : fullClassifier));
    Map<Integer, Integer> singles = new LinkedHashMap<>();
    singles.put(50, quick ? 5 : 20);
    singles.put(250, quick ? 5 : 20);
    singles.put(1000, quick ? 2 : 8);
    var small =
        new PredictionBench.Size(
            vocabulary, embedding, hidden, singles, quick ? 16 : 128, quick ? 1 : 2);
    all.add(predict("predict-small", small));
    var full = new PredictionBench.Size(60_002, 400, 1150, singles, 64, 2);
    all.add(predict("predict-full", quick ? small : full));
    all.add(text(s));
    all.add(prepare(s));
    all.add(start(small));
    return all;
  }

  private static Workload peaks(Settings s) {
    return new Workload(
        "peaks",
        null,
        spec ->
            spec.values()
                .put("square", s.quick() ? 512 : 4096)
                .put("vocabulary", s.quick() ? 2000 : 60_002)
                .put("embedding", 400)
                .put("rows", 560)
                .put("repeats", s.quick() ? 3 : 9),
        List.of(new Contender(COMMAND, Kind.OURS, false, Map.of())),
        null);
  }

  private static List<Contender> training(boolean sampled, boolean djl) {
    List<Contender> all = new ArrayList<>();
    all.add(ours(precision(), true));
    if (sampled) {
      all.add(
          new Contender(
              ours(precision()) + SAMPLED,
              Kind.OURS,
              true,
              Map.of("precision", precision(), "softmax", "sampled")));
    }
    all.add(new Contender(FASTAI, Kind.PYTHON, true, Map.of()));
    if (!precision().equals("fp32")) {
      all.add(ours("fp32", false));
    }
    if (djl) {
      all.add(new Contender(DJL, Kind.DJL, false, Map.of("twin", "true")));
    }
    all.add(new Contender(TUNED, Kind.PYTHON_TUNED, false, Map.of()));
    return all;
  }

  private static Contender ours(String precision, boolean everyRound) {
    return new Contender(ours(precision), Kind.OURS, everyRound, Map.of("precision", precision));
  }

  private static Workload languageModel(String name, LmStepBench.Size size, boolean quick) {
    return new Workload(
        name,
        "step",
        spec -> {
          var recipe = LmStepBench.recipe(size);
          spec.values()
              .put("vocabulary", size.vocabulary())
              .put("embedding", size.embedding())
              .put("hidden", size.hidden())
              .put("batch", size.batch())
              .put("bptt", size.bptt())
              .put("steps", size.steps())
              .put("negatives", recipe.lm().negatives())
              .put("clip", recipe.lm().optimizer().clip())
              .put("dataSeed", LmStepBench.SEED)
              .put("warmUp", LmStepBench.WARM_UP);
          spec.ids(LmStepBench.tokens(size, LmStepBench.WARM_UP + size.steps()));
        },
        training(!quick, true),
        null);
  }

  private static Workload classifier(String name, ClassifierBench.Size size) {
    return new Workload(
        name, "step", spec -> ClassifierBench.write(spec, size), training(false, false), null);
  }

  private static Workload predict(String name, PredictionBench.Size size) {
    List<Contender> contenders = new ArrayList<>();
    contenders.add(ours(precision(), true));
    contenders.add(new Contender(FASTAI, Kind.PYTHON, true, Map.of()));
    if (!precision().equals("fp32")) {
      contenders.add(ours("fp32", false));
    }
    return new Workload(name, "batch", spec -> models(spec, size), contenders, null);
  }

  private static void models(Spec spec, PredictionBench.Size size) throws IOException {
    PredictionBench.write(spec, size);
    spec.write();
    Children.worker(spec, Map.of("models", String.join(",", Worker.precisions())));
  }

  private static Workload text(Settings s) {
    boolean imdb = !s.quick() && Files.exists(s.imdb());
    return new Workload(
        "text",
        "tokens",
        spec -> {
          Path corpus = imdb ? s.imdb() : TokenizingBench.sample(spec.dir());
          TokenizingBench.write(spec, corpus, 40, 1.5, imdb ? 4 : 2);
          spec.values().put("corpus", imdb ? "IMDb" : "the reviews that ship with ulmfit");
        },
        List.of(
            new Contender(COMMAND, Kind.OURS, true, Map.of()),
            new Contender(SPACY, Kind.PYTHON, true, Map.of())),
        null);
  }

  private static Workload prepare(Settings s) {
    boolean imdb = Files.exists(s.imdb());
    String skipped =
        imdb || s.quick()
            ? null
            : s.imdb() + " is not there: put the shared data beside the project";
    return new Workload(
        "prepare",
        "whole",
        spec -> {
          Path corpus = s.quick() ? TokenizingBench.sample(spec.dir()) : s.imdb();
          spec.values().put("corpus", corpus.toString());
          spec.values().put("config", s.quick() ? "quickstart" : "imdb-lesson");
        },
        List.of(new Contender(COMMAND, Kind.COMMAND, false, Map.of())),
        skipped);
  }

  private static Workload start(PredictionBench.Size size) {
    return new Workload(
        "start",
        "whole",
        spec -> {
          models(spec, size);
          Path texts = spec.dir().resolve("texts-250.jsonl");
          String first = Spec.lines(texts).get(0);
          Files.writeString(spec.dir().resolve("input.txt"), first + "\n");
        },
        List.of(new Contender(COMMAND, Kind.COMMAND, false, Map.of())),
        null);
  }

  /** The recipe's seed, which every side uses for its weights and masks. */
  static long seed() {
    return Recipes.parse("{}", "bench", List.of()).seed();
  }
}
