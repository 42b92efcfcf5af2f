package org.ulmfit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ulmfit.io.AtomicFiles;

/** A language model and a classifier of a few thousand weights, trained once by the commands. */
final class TinyRun {
  /**
   * Sizes that train in a second; from random weights, so that no pretrained model is looked for.
   */
  static final List<String> SIZES =
      List.of(
          "--set=model.embeddingSize=12",
          "--set=model.hiddenSize=16",
          "--set=model.layers=2",
          "--set=vocab.minFreq=2",
          "--set=lm.batchSize=8",
          "--set=lm.bptt=30",
          "--set=classifier.batchSize=16",
          "--device=cpu",
          "--set=precision=fp32",
          "--config=quickstart",
          "--set=lm.stages.0.epochs=1",
          "--set=classifier.stages.0.epochs=1",
          "--set=classifier.stages.1.epochs=2");

  /** Each process of the tests has its own. */
  private static final Path DIR =
      Path.of("target", "tiny-run", System.getProperty("ulmfit.fork", "fork-1"));

  private static Output trained;

  private TinyRun() {}

  /**
   * What was trained.
   *
   * @param corpus 250 labelled and 200 other reviews
   * @param test 150 labelled reviews
   */
  record Output(
      Path corpus, Path test, Path lm, Path classifier, Cli.Output fineTune, Cli.Output classify) {}

  static synchronized Output get() {
    if (trained == null) {
      trained = train();
    }
    return trained;
  }

  private static Output train() {
    try {
      if (Files.exists(DIR)) {
        AtomicFiles.deleteTree(DIR);
      }
      Files.createDirectories(DIR);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SampleReviews.copy(DIR);
    Path corpus = DIR.resolve(SampleReviews.TRAIN);
    Path test = DIR.resolve(SampleReviews.TEST);
    Path lm = DIR.resolve("lm-run");
    Path classifier = DIR.resolve("classifier-run");
    Cli.Output fineTune =
        Cli.run(Cli.and(SIZES, "lm-finetune", "" + corpus, "--out=" + lm, "--from-scratch"));
    Cli.Output classify =
        Cli.run(
            Cli.and(
                SIZES,
                "classify",
                "" + corpus,
                "--test=" + test,
                "--encoder=" + lm,
                "--out=" + classifier));
    return new Output(corpus, test, lm, classifier, fineTune.ok(), classify.ok());
  }
}
