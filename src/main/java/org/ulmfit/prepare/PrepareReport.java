package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@code ulmfit prepare} did.
 *
 * @param dir the prepared folder
 * @param summary rows read, used, rejected, per split
 * @param vocabSize entries of the vocabulary, specials and fillers included
 * @param trainTokens tokens of the language model's training split
 * @param mostFrequent the most frequent tokens of that split with their counts, JSON-quoted
 */
public record PrepareReport(
    Path dir, CorpusSummary summary, int vocabSize, long trainTokens, List<String> mostFrequent) {
  public PrepareReport {
    mostFrequent = List.copyOf(mostFrequent);
  }
}
