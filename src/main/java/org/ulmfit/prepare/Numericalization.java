package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.config.Recipe;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.vocab.Coverage;
import org.ulmfit.vocab.TokenStoreWriter;
import org.ulmfit.vocab.Vocab;
import org.ulmfit.vocab.VocabBuilder;

/** From provisional ids to the vocabulary and the final token stores. */
final class Numericalization {
  private static final int[] NONE = {};

  private final Provisional tokens;
  private final Vocab vocab;
  private final Recipe recipe;
  private final int[] finalIds;

  private Numericalization(Provisional tokens, Vocab vocab, Recipe recipe) {
    this.tokens = tokens;
    this.vocab = vocab;
    this.recipe = recipe;
    this.finalIds = tokens.types().stream().mapToInt(vocab::stoi).toArray();
  }

  /**
   * The words of a set.
   *
   * @param full whether words are unknown that are as frequent as {@code vocab.minFreq} asks
   */
  record Known(Coverage coverage, boolean full) {}

  /**
   * With a vocabulary made from the training rows.
   *
   * @param kept words that join it however rare they are, as {@code vocab.keepPretrained} says
   */
  static Numericalization build(
      Provisional tokens, int[] trainRows, Recipe recipe, List<String> kept) {
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
    Rules rules = recipe.text().rules();
    return with(
        tokens,
        builder.build(rules, sizes.maxSize(), sizes.minFreq(), sizes.minFreqStrict()),
        recipe);
  }

  /** With a given vocabulary. */
  static Numericalization with(Provisional tokens, Vocab vocab, Recipe recipe) {
    return new Numericalization(tokens, vocab, recipe);
  }

  Vocab vocab() {
    return vocab;
  }

  /**
   * Writes a store.
   *
   * @param labelsOf labels of each document; null: none
   * @return its words
   */
  Known write(Path file, int[] rows, int @Nullable [][] labelsOf) {
    WordCounts counts = new WordCounts();
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      for (int doc : rows) {
        int[] ids = tokens.ids(doc);
        counts.add(ids);
        for (int i = 0; i < ids.length; i++) {
          ids[i] = finalIds[ids[i]];
        }
        writer.append(tokens.id(doc), ids, labelsOf == null ? NONE : labelsOf[doc]);
      }
      writer.finish();
    }
    return counts.words();
  }

  /** Occurrences of each type as a word. */
  private final class WordCounts {
    private final Rules rules = recipe.text().rules();
    private final Coverage coverage =
        new Coverage(rules, vocab, TokenizerSpec.parse(recipe.text().tokenizer()).makesPieces());
    private final long[] counts = new long[finalIds.length];
    private final BitSet words = new BitSet();
    private final BitSet numbered = new BitSet();

    WordCounts() {
      for (int type = 0; type < counts.length; type++) {
        words.set(type, coverage.isWord(tokens.types().get(type)));
        numbered.set(type, rules.isNumbered(tokens.types().get(type)));
      }
    }

    void add(int[] types) {
      boolean number = false;
      for (int type : types) {
        counts[type] += !number && words.get(type) ? 1 : 0;
        number = numbered.get(type);
      }
    }

    Known words() {
      Recipe.Vocabulary sizes = recipe.vocab();
      long fewest = sizes.minFreqStrict() ? sizes.minFreq() + 1L : sizes.minFreq();
      boolean full = false;
      for (int type = 0; type < counts.length; type++) {
        if (counts[type] > 0) {
          coverage.add(tokens.types().get(type), counts[type]);
          full |= finalIds[type] == vocab.unknownId() && counts[type] >= fewest;
        }
      }
      return new Known(coverage, full);
    }
  }
}
