package org.ulmfit.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.Checksums;
import org.ulmfit.run.TimelessLog;

/**
 * A small training run, always the same: a language model, or a classifier in four phases of
 * gradual unfreezing, in one precision, on two threads, with a checkpoint every other step; or
 * rounds of self-training.
 *
 * @param marker file by which a run is known that has begun
 */
record Subject(String name, List<String> arguments, String marker) {
  private static final String BEST = "--set=checkpoint.best=save";
  private static final String RUN = "recipe.yaml";
  private static final String ROUNDS = "begun.json";

  private static final String PHASE =
      "{freezeTo: %d, epochs: 1, rates: {lr: 1.0e-2, factor: 1.3}, schedule: {kind: constant}}";

  /**
   * One of each kind; trains the encoder of the classifiers first.
   *
   * @param dir gets the corpus and the encoder
   */
  static List<Subject> kinds(Path dir) throws IOException, InterruptedException {
    Path corpus = corpus(dir);
    return List.of(lm(corpus, "bf16"), adversarial(dir, "bf16"), rounds(dir));
  }

  /** Those of one training, in both precisions. */
  static List<Subject> single(Path dir) throws IOException, InterruptedException {
    List<Subject> subjects = new ArrayList<>();
    for (String precision : List.of("fp32", "bf16")) {
      subjects.add(lm(corpus(dir), precision));
      subjects.add(classifier(corpus(dir), encoder(dir), precision));
      subjects.add(adversarial(dir, precision));
    }
    return subjects;
  }

  /** Those and rounds of self-training, whose first answers are their own or a teacher's. */
  static List<Subject> all(Path dir) throws IOException, InterruptedException {
    List<Subject> subjects = new ArrayList<>(single(dir));
    subjects.add(rounds(dir));
    Path corpus = corpus(dir);
    List<String> ngrams = List.of("classify", "" + corpus, "--family=ngram-nbsvm", "--quiet");
    Path teacher = made(dir, "teacher", new Subject("teacher", ngrams, RUN));
    subjects.add(rounds("rounds-teacher", corpus, encoder(dir), "--teacher=" + teacher));
    return subjects;
  }

  private static Subject rounds(Path dir) throws IOException, InterruptedException {
    return rounds("rounds", corpus(dir), encoder(dir), "--take=0.3", "--seeds=1,2");
  }

  private static Path corpus(Path dir) throws IOException {
    Path corpus = dir.resolve("train.jsonl");
    if (!Files.exists(corpus)) {
      Files.createDirectories(dir);
      try (InputStream sample =
          Subject.class.getResourceAsStream("/org/ulmfit/sample/train.jsonl")) {
        Files.copy(sample, corpus);
      }
    }
    return corpus;
  }

  private static Path encoder(Path dir) throws IOException, InterruptedException {
    return made(dir, "encoder", lm(corpus(dir), "fp32"));
  }

  /** What a run left, which is made once. */
  private static Path made(Path dir, String name, Subject subject)
      throws IOException, InterruptedException {
    Path target = dir.resolve(name);
    if (!Files.exists(target)) {
      Path run = dir.resolve(name + "-run");
      AtomicFiles.deleteTree(run); // of a campaign that was stopped here
      subject.child(run).succeed();
      Files.move(run, target);
    }
    return target;
  }

  private static Subject lm(Path corpus, String precision) {
    List<String> arguments = new ArrayList<>(List.of("lm-finetune", "" + corpus));
    arguments.addAll(common(precision));
    arguments.addAll(
        List.of(
            "--from-scratch",
            BEST,
            "--limit=60",
            "--set=model.embeddingSize=32",
            "--set=model.hiddenSize=48",
            "--set=lm.batchSize=8",
            "--set=lm.bptt=30",
            "--set=lm.stages=[" + String.format(PHASE, -1) + ", " + String.format(PHASE, 0) + "]"));
    return new Subject("lm-" + precision, arguments, RUN);
  }

  private static Subject classifier(Path corpus, Path encoder, String precision) {
    List<String> arguments =
        classify(corpus, encoder, precision, BEST, "--limit=60", phases(-1, -2, -3, 0));
    return new Subject("classifier-" + precision, arguments, RUN);
  }

  private static List<String> classify(
      Path corpus, Path encoder, String precision, String... more) {
    List<String> arguments = new ArrayList<>(List.of("classify", "" + corpus));
    arguments.addAll(common(precision));
    arguments.addAll(List.of("--encoder=" + encoder, "--set=classifier.batchSize=8"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static String phases(int... freezeTo) {
    return "--set=classifier.stages="
        + Arrays.stream(freezeTo).mapToObj(layer -> String.format(PHASE, layer)).toList();
  }

  /**
   * Virtual adversarial training in two phases, with texts without labels beside, which have an
   * order of their own.
   */
  private static Subject adversarial(Path dir, String precision)
      throws IOException, InterruptedException {
    Path mixed = dir.resolve("mixed.jsonl");
    List<String> rows = new ArrayList<>(Files.readAllLines(corpus(dir)));
    for (int row = 0; row < rows.size(); row += 3) {
      rows.set(row, rows.get(row).replaceAll("\"label\": *\"[^\"]*\"", "\"label\": null"));
    }
    Files.write(mixed, rows);
    List<String> arguments =
        classify(
            mixed,
            encoder(dir),
            precision,
            BEST,
            "--limit=40",
            phases(-1, 0),
            "--set=classifier.adversarial={kind: vat, epsilon: 0.02, xi: 0.02, weight: 1,"
                + " entropy: 1, unlabelled: 1}");
    return new Subject("classifier-vat-" + precision, arguments, RUN);
  }

  private static Subject rounds(String name, Path corpus, Path encoder, String... more) {
    List<String> arguments =
        classify(
            corpus,
            encoder,
            "fp32",
            "--limit=40",
            phases(0),
            "--unlabelled=" + corpus,
            "--rounds=1");
    arguments.addAll(List.of(more));
    return new Subject(name, arguments, ROUNDS);
  }

  /** Of two kinds of runs one saves its weights, one their averages. */
  private static List<String> common(String precision) {
    String ema = precision.equals("bf16") ? "0.9" : "0";
    return List.of(
        "--config=quickstart",
        "--device=cpu",
        "--threads=2",
        "--precision=" + precision,
        "--set=lm.ema=" + ema,
        "--set=classifier.ema=" + ema,
        "--set=checkpoint.everySteps=2",
        "--quiet");
  }

  private static List<String> with(List<String> arguments, Path out) {
    List<String> all = new ArrayList<>(arguments);
    all.add("--out=" + out);
    return all;
  }

  /**
   * The same run in one phase of at least so many steps, with few checkpoints.
   *
   * @param steps of which an epoch of these runs has five at least
   */
  Subject longer(int steps) {
    boolean lm = name.startsWith("lm");
    String phase = String.format(PHASE, 0).replace("epochs: 1,", "epochs: " + steps / 5 + ",");
    List<String> all = new ArrayList<>(arguments);
    all.add("--set=" + (lm ? "lm" : "classifier") + ".stages=[" + phase + "]");
    all.add("--set=checkpoint.everySteps=1000");
    return new Subject(name, all, marker);
  }

  /** This run into a folder. */
  Child child(Path out) {
    return new Child(out.getParent(), with(arguments, out));
  }

  /** The same, going on from what is there. */
  Child resumed(Path out) {
    List<String> all = with(arguments, out);
    all.add("--resume");
    return new Child(out.getParent(), all);
  }

  /** What must be equal whatever happened on the way: every model's checksums, logs, answers. */
  static Map<String, Object> result(Path out) throws IOException {
    Map<String, Object> result = new TreeMap<>();
    try (Stream<Path> files = Files.walk(out)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        String place = out.relativize(file).toString();
        switch (name) {
          case "model.safetensors", "taken.jsonl", "train.jsonl" ->
              result.put(place, Checksums.sha256(file));
          case "log.jsonl" -> // of rounds it names files of the folder
              result.put(place, TimelessLog.read(file).toString().replace(out.toString(), "OUT"));
          default -> {}
        }
      }
    }
    return result;
  }
}
