package org.ulmfit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ulmfit.io.AtomicFiles;

/** A backward classifier beside {@link TinyRun}'s, and both as one; made once by the commands. */
final class TinyEnsemble {
  private static final Path DIR =
      Path.of("target", "tiny-ensemble", System.getProperty("ulmfit.fork", "fork-1"));

  private static Output made;

  private TinyEnsemble() {}

  /** What was made. */
  record Output(Path backward, Path ensemble) {}

  static synchronized Output get() {
    if (made == null) {
      made = make();
    }
    return made;
  }

  private static Output make() {
    try {
      AtomicFiles.deleteTree(DIR);
      Files.createDirectories(DIR);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    TinyRun.Output forward = TinyRun.get();
    Path lm = DIR.resolve("lm");
    Path backward = DIR.resolve("backward");
    Path ensemble = DIR.resolve("ensemble");
    String corpus = "" + forward.corpus();
    run("lm-finetune", corpus, "--out=" + lm, "--from-scratch", "--backwards");
    run("classify", corpus, "--encoder=" + lm, "--out=" + backward);
    Cli.run("ensemble", "" + forward.classifier(), "" + backward, "--out=" + ensemble).ok();
    return new Output(backward, ensemble);
  }

  private static void run(String... command) {
    Cli.run(Cli.and(TinyRun.SIZES, command)).ok();
  }
}
