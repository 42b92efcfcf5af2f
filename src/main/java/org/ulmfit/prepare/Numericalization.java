package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ulmfit.config.Recipe;
import org.ulmfit.text.Rules;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;
import org.ulmfit.vocab.VocabBuilder;

/** From provisional ids to the vocabulary and the final token stores. */
final class Numericalization {
  private final Tokenization tokens;
  private final Vocab vocab;
  private final int[] finalIds;

  private Numericalization(Tokenization tokens, Vocab vocab) {
    this.tokens = tokens;
    this.vocab = vocab;
    this.finalIds = tokens.types().stream().mapToInt(vocab::stoi).toArray();
  }

  /**
   * With a vocabulary made from the training rows.
   *
   * @param kept words that join it however rare they are, as {@code vocab.keepPretrained} says
   */
  static Numericalization build(
      Tokenization tokens, int[] trainRows, Recipe recipe, List<String> kept) {
    long[] counts = new long[tokens.types().size()];
    List<Integer> firstSeen = new ArrayList<>();
    for (int doc : trainRows) {
      for (int id : tokens.ids(doc)) {
        if (counts[id]++ == 0) {
          firstSeen.add(id);
        }
      }
    }
    VocabBuilder builder = new VocabBuilder();
    firstSeen.forEach(id -> builder.add(tokens.types().get(id), counts[id]));
    Recipe.Vocabulary sizes = recipe.vocab();
    if (sizes.keepPretrained() == Recipe.KeepPretrained.AUTO) {
      builder.keepAllOrNone(kept);
    } else {
      builder.keep(kept);
    }
    Rules rules = Rules.of(recipe.text().rules());
    return with(
        tokens, builder.build(rules, sizes.maxSize(), sizes.minFreq(), sizes.minFreqStrict()));
  }

  /** With a given vocabulary. */
  static Numericalization with(Tokenization tokens, Vocab vocab) {
    return new Numericalization(tokens, vocab);
  }

  Vocab vocab() {
    return vocab;
  }

  /**
   * Writes a store.
   *
   * @param labelOf label of each document; null: none
   */
  void write(Path file, int[] rows, int[] labelOf) {
    try (TokenStore.Writer writer = new TokenStore.Writer(file)) {
      for (int doc : rows) {
        int[] ids = tokens.ids(doc);
        for (int i = 0; i < ids.length; i++) {
          ids[i] = finalIds[ids[i]];
        }
        writer.append(tokens.id(doc), labelOf == null ? -1 : labelOf[doc], ids);
      }
      writer.finish();
    }
  }
}
