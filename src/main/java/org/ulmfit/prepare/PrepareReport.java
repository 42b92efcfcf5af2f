package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ulmfit.Shown;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

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
  private static final int MOST_FREQUENT = 25;

  public PrepareReport {
    mostFrequent = List.copyOf(mostFrequent);
  }

  static PrepareReport of(PreparedFolder folder) {
    Vocab vocab = folder.vocab();
    folder.stores().keySet().forEach(role -> folder.open(role, vocab).close());
    folder.tokenizer(); // looked at as the stores are
    try (TokenStore train = folder.open(PreparedFolder.LM_TRAIN, vocab)) {
      return new PrepareReport(
          folder.dir(),
          folder.summary(),
          vocab.size(),
          train.tokens(),
          mostFrequent(vocab, train.counts(vocab.size())));
    }
  }

  private static List<String> mostFrequent(Vocab vocab, long[] counts) {
    List<String> lines = new ArrayList<>();
    IntStream.range(0, counts.length)
        .filter(id -> id != vocab.unknownId() && counts[id] > 0)
        .boxed()
        .sorted((a, b) -> Long.compare(counts[b], counts[a]))
        .limit(MOST_FREQUENT)
        .forEach(
            id -> lines.add(Shown.format("\"%s\" %,d", Shown.escaped(vocab.itos(id)), counts[id])));
    return lines;
  }
}
