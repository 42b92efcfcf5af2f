package org.ulmfit.prepare;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Split;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * Labelled rows for saved models, the same rows for each.
 *
 * @param split of the corpus they are; null: of prepared data
 * @param stores one for each reader
 */
public record EvaluationSet(@Nullable Split split, List<TokenStore> stores)
    implements AutoCloseable {

  /** What a model makes ids of texts with. */
  public record Reader(Recipe.Text text, Vocab vocab) {}

  /** Which rows of a corpus that has several splits. */
  public enum Rows {
    /** Its test split, else its validation split, else all: to measure. */
    TEST,
    /** Its validation split, else all if it has no other split: to choose or fit by. */
    VALID
  }

  @Override
  public void close() {
    stores.forEach(TokenStore::close);
  }
}
