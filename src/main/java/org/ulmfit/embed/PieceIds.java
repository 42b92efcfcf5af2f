package org.ulmfit.embed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ulmfit.text.Rules;
import org.ulmfit.vocab.Vocab;

/**
 * The pieces of an encoder's tokenizer as a vocabulary of this program: behind the unknown and the
 * padding token, in the order of their ids. So an id of a token store is two above the encoder's,
 * and what the tokenizer writes for characters that it has no piece for is the unknown token.
 */
public final class PieceIds {
  private static final List<String> BEFORE = Rules.NONE.specials();

  private PieceIds() {}

  /**
   * The vocabulary.
   *
   * @param pieces by the encoder's ids
   */
  static Vocab vocabulary(List<String> pieces) {
    List<String> itos = new ArrayList<>(BEFORE);
    itos.addAll(pieces);
    return Vocab.of(itos);
  }

  /**
   * The encoder's ids of a document's.
   *
   * @param unknown its unknown piece; -1: it has none, and such tokens are left out
   */
  public static int[] of(int[] document, int unknown) {
    return Arrays.stream(document)
        .map(id -> id < BEFORE.size() ? unknown : id - BEFORE.size())
        .filter(id -> id >= 0)
        .toArray();
  }
}
