package org.ulmfit.classifier;

import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Safetensors;
import org.ulmfit.text.Rules;
import org.ulmfit.vocab.Vocab;

/**
 * Tokens that say how a text was written ({@code xxmaj}), not what: what stands before and behind
 * one are neighbours to a model on n-grams.
 *
 * @param ids of them, ascending
 */
public record Marks(int[] ids) {
  private static final String NAME = "marks";

  static Marks of(Rules rules, Vocab vocab) {
    return new Marks(
        IntStream.range(0, vocab.size()).filter(id -> rules.isMark(vocab.itos(id))).toArray());
  }

  /** A document's ids (tokens) but for the marks. */
  int[] without(int[] document) {
    return Arrays.stream(document).filter(id -> Arrays.binarySearch(ids, id) < 0).toArray();
  }

  /** Where in a document (tokens) others than the marks stand. */
  int[] others(int[] document) {
    return IntStream.range(0, document.length)
        .filter(t -> Arrays.binarySearch(ids, document[t]) < 0)
        .toArray();
  }

  /** As a model's file holds them. */
  Safetensors.Entry entry() {
    return Safetensors.Entry.longs(
        NAME, new long[] {ids.length}, () -> Arrays.stream(ids).asLongStream().toArray());
  }

  /**
   * Those of a model's file.
   *
   * @throws UlmfitException (bad model) if there are none or they are not ascending
   */
  static Marks read(Safetensors.Reader file) {
    LongBuffer stored = file.longs(NAME);
    int[] marks = new int[stored.remaining()];
    for (int i = 0; i < marks.length; i++) {
      marks[i] = (int) stored.get(i);
      if (marks[i] != stored.get(i) || i > 0 && marks[i] <= marks[i - 1]) {
        throw UlmfitException.badModel(
            file.path() + ": the ids of its marks are not ascending; fit it again");
      }
    }
    return new Marks(marks);
  }
}
