package org.ulmfit.classifier;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ulmfit.text.Rules;
import org.ulmfit.vocab.Vocab;

/**
 * Tokens that say how a text was written ({@code xxmaj}), not what: what stands before and behind
 * one are neighbours to a model on n-grams.
 *
 * @param ids of them, ascending
 */
public record Marks(int[] ids) {

  static Marks of(Rules rules, Vocab vocab) {
    return new Marks(
        IntStream.range(0, vocab.size()).filter(id -> rules.isMark(vocab.itos(id))).toArray());
  }

  /** A document's ids (tokens) but for the marks. */
  int[] without(int[] document) {
    return Arrays.stream(document).filter(id -> Arrays.binarySearch(ids, id) < 0).toArray();
  }
}
