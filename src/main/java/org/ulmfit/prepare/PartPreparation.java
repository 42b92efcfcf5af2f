package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Expectation;
import org.ulmfit.corpus.Shard;
import org.ulmfit.corpus.Split;
import org.ulmfit.io.AtomicFiles;

/**
 * Makes one part of the token stores of a language model from a corpus.
 *
 * @param progress receives lines worth showing
 */
record PartPreparation(
    Corpus corpus, Recipe recipe, Shard own, Consumer<String> progress, Stop stop) {

  /** Writes a part, whole or not at all; of several programs that do so at once one is heard. */
  void write(Path part, Map<String, String> settings) {
    AtomicFiles.makeFolder(part, dir -> fill(dir, settings));
  }

  private void fill(Path dir, Map<String, String> settings) {
    try (RejectedRows rejected = new RejectedRows(dir);
        CorpusReading reading =
            CorpusReading.of(
                corpus,
                Expectation.of(Expectation.Labels.UNUSED),
                own,
                recipe,
                dir,
                rejected::add,
                progress,
                stop)) {
      rejected.flush();
      CorpusReader reader = reading.reader();
      Spill spill = reading.spill();
      boolean withTest = recipe.lm().includeTestText();
      int[] docs =
          IntStream.range(0, spill.size())
              .filter(doc -> withTest || spill.split(doc) != Split.TEST)
              .toArray();
      CorpusReader.Counts counts = reader.counts();
      TokenPart.Origin origin =
          new TokenPart.Origin(
              settings,
              counts.rows(),
              counts.used(),
              reader.found(),
              reader.columns(),
              counts.rejections().stream().map(one -> "rejected " + one).toList(),
              reading.letters().counts());
      CorpusScript.warning(reading.letters(), recipe.text(), false).ifPresent(progress);
      int threads = Runtime.getRuntime().availableProcessors();
      new PartTokens(recipe, threads, progress, stop).write(dir, spill, docs, own, origin);
    }
  }
}
