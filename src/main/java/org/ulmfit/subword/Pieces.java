package org.ulmfit.subword;

import java.util.Arrays;

/**
 * Pieces as strings of symbols with a score each.
 *
 * @param symbols of all pieces, one behind the other
 * @param starts where each begins, and where the last one ends
 * @param scores log probabilities, but for seeds before the first E step
 */
record Pieces(int[] symbols, int[] starts, double[] scores) {

  int size() {
    return scores.length;
  }

  int length(int piece) {
    return starts[piece + 1] - starts[piece];
  }

  /** Some of them in a new order, with their scores. */
  Pieces of(int[] chosen) {
    double[] theirs = Arrays.stream(chosen).mapToDouble(piece -> scores[piece]).toArray();
    return of(chosen, theirs);
  }

  /** Some of them in a new order, with new scores. */
  Pieces of(int[] chosen, double[] newScores) {
    int[] newStarts = new int[chosen.length + 1];
    for (int i = 0; i < chosen.length; i++) {
      newStarts[i + 1] = newStarts[i] + length(chosen[i]);
    }
    int[] newSymbols = new int[newStarts[chosen.length]];
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(symbols, starts[chosen[i]], newSymbols, newStarts[i], length(chosen[i]));
    }
    return new Pieces(newSymbols, newStarts, newScores);
  }

  double least() {
    return Arrays.stream(scores).min().orElse(0);
  }

  String string(int piece, Words words) {
    StringBuilder out = new StringBuilder();
    for (int i = starts[piece]; i < starts[piece + 1]; i++) {
      out.appendCodePoint(words.alphabet()[symbols[i]]);
    }
    return out.toString();
  }
}
