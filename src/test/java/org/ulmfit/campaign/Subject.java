package org.ulmfit.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.Checksums;
import org.ulmfit.run.TimelessLog;

/**
 * A small training run, always the same: a language model, or a classifier in four phases of
 * gradual unfreezing, in one precision, on two threads, with a checkpoint every other step.
 */
record Subject(String name, List<String> arguments) {

  private static final String PHASE =
      "{freezeTo: %d, epochs: 1, rates: {lr: 1.0e-2, factor: 1.3}, schedule: {kind: constant}}";

  /**
   * All of them; trains the encoder of the classifiers first.
   *
   * @param dir gets the corpus and the encoder
   */
  static List<Subject> all(Path dir) throws IOException, InterruptedException {
    Path corpus = dir.resolve("train.jsonl");
    if (!Files.exists(corpus)) {
      Files.createDirectories(dir);
      try (InputStream sample =
          Subject.class.getResourceAsStream("/org/ulmfit/sample/train.jsonl")) {
        Files.copy(sample, corpus);
      }
    }
    Path encoder = dir.resolve("encoder-run");
    if (!Files.exists(encoder.resolve("encoder"))) {
      AtomicFiles.deleteTree(encoder); // of a campaign that was stopped here
      new Child(dir, with(lm(corpus, "fp32").arguments, encoder)).succeed();
    }
    List<Subject> subjects = new ArrayList<>();
    for (String precision : List.of("fp32", "bf16")) {
      subjects.add(lm(corpus, precision));
      subjects.add(classifier(corpus, encoder, precision));
    }
    return subjects;
  }

  private static Subject lm(Path corpus, String precision) {
    List<String> arguments = new ArrayList<>(List.of("lm-finetune", "" + corpus));
    arguments.addAll(common(precision));
    arguments.addAll(
        List.of(
            "--from-scratch",
            "--limit=60",
            "--set=model.embeddingSize=32",
            "--set=model.hiddenSize=48",
            "--set=lm.batchSize=8",
            "--set=lm.bptt=30",
            "--set=lm.stages=[" + String.format(PHASE, -1) + ", " + String.format(PHASE, 0) + "]"));
    return new Subject("lm-" + precision, arguments);
  }

  private static Subject classifier(Path corpus, Path encoder, String precision) {
    List<String> phases =
        Stream.of(-1, -2, -3, 0).map(freezeTo -> String.format(PHASE, freezeTo)).toList();
    List<String> arguments = new ArrayList<>(List.of("classify", "" + corpus));
    arguments.addAll(common(precision));
    arguments.addAll(
        List.of(
            "--encoder=" + encoder,
            "--limit=60",
            "--set=classifier.batchSize=8",
            "--set=classifier.stages=[" + String.join(", ", phases) + "]"));
    return new Subject("classifier-" + precision, arguments);
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
        "--set=checkpoint.best=save",
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
    return new Subject(name, all);
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

  /** What must be equal whatever happened on the way: every model's checksums, and the log. */
  static Map<String, Object> result(Path out) throws IOException {
    Map<String, Object> result = new TreeMap<>();
    try (Stream<Path> files = Files.walk(out)) {
      for (Path file : files.filter(f -> f.endsWith("model.safetensors")).toList()) {
        result.put(out.relativize(file).toString(), Checksums.sha256(file));
      }
    }
    result.put("log", TimelessLog.read(out.resolve("log.jsonl")));
    return result;
  }
}
