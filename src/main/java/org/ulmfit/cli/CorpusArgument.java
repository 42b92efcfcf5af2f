package org.ulmfit.cli;

import java.nio.file.Path;
import org.ulmfit.corpus.Corpus;
import picocli.CommandLine.Parameters;

/** The corpus of a command, and how it is to be read. */
final class CorpusArgument extends CorpusMixin {
  @Parameters(
      paramLabel = "CORPUS",
      description =
          "A folder per label (train/pos/*.txt), the same in a .tar.gz, a table (CSV, TSV), JSON"
              + " lines or a JSON array, a fastText file (also .gz), lines with --line-pattern,"
              + " Wikipedia articles that begin with ' = Title = ', or - for standard input.")
  private Path corpus;

  /** With the validation and test data of the options, read as it is. */
  Corpus corpus() {
    return corpus(corpus);
  }

  Path path() {
    return corpus;
  }
}
