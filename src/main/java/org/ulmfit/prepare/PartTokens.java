package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.function.Consumer;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Shard;
import org.ulmfit.vocab.TokenStoreWriter;

/**
 * Tokenizes the documents of a part.
 *
 * @param progress receives lines worth showing
 */
record PartTokens(Recipe recipe, int threads, Consumer<String> progress, Stop stop) {

  /** Writes a part, whose documents stand by the hash of their text, then by id. */
  void write(Path dir, Spill spill, int[] docs, Shard own, TokenPart.Origin origin) {
    BitSet wanted = new BitSet(spill.size());
    Arrays.stream(docs).forEach(wanted::set);
    Path temporary = dir.resolve("provisional.tmp");
    try (Tokenization tokens = new Tokenization(spill, recipe, null, temporary, progress, stop);
        TokenStoreWriter writer = new TokenStoreWriter(dir.resolve(TokenPart.TOKENS))) {
      tokens.run(threads, wanted);
      Arrays.stream(docs)
          .boxed()
          .sorted(
              Comparator.<Integer, Long>comparing(spill::hash, Long::compareUnsigned)
                  .thenComparing(spill::id, CorpusReader.BY_CODE_POINT))
          .forEach(
              doc -> writer.append(TokenPart.id(spill.hash(doc), spill.id(doc)), tokens.ids(doc)));
      writer.finish();
      TokenPart.write(dir, tokens.types(), own, origin);
    }
  }
}
