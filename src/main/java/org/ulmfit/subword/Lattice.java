package org.ulmfit.subword;

import java.util.Arrays;

/**
 * All ways to write a word in pieces, under a unigram model of them; for one thread. A character
 * without a piece of its own is an unknown one, 10 below the least score, as in SentencePiece.
 */
final class Lattice {
  private static final double UNKNOWN_PENALTY = 10; // sentencepiece kUnkPenalty

  private final PieceTrie trie;
  private final double[] scores;
  private final double unknownScore;
  private int length; // of the word
  private int edges;
  private int[] begins = new int[256];
  private int[] ends = new int[256];
  private int[] pieces = new int[256];
  private double[] forward = new double[80]; // log of the sum over all ways to get there
  private double[] backward = new double[80];
  private int[] best = new int[80]; // edge by which the best way gets there

  Lattice(PieceTrie trie, Pieces pieces) {
    this.trie = trie;
    this.scores = pieces.scores();
    this.unknownScore = pieces.least() - UNKNOWN_PENALTY;
  }

  /** Takes a word, a range of symbols. */
  void set(int[] symbols, int from, int to) {
    length = to - from;
    edges = 0;
    for (int begin = 0; begin < length; begin++) {
      int node = PieceTrie.ROOT;
      boolean single = false;
      for (int end = begin; end < length; end++) {
        node = trie.next(node, symbols[from + end]);
        if (node == PieceTrie.NONE) {
          break;
        }
        int piece = trie.piece(node);
        if (piece != PieceTrie.NONE) {
          edge(begin, end + 1, piece);
          single |= end == begin;
        }
      }
      if (!single) {
        edge(begin, begin + 1, PieceTrie.NONE);
      }
    }
    if (forward.length <= length) {
      forward = new double[2 * length];
      backward = new double[2 * length];
      best = new int[2 * length];
    }
  }

  /** Edges come by where they begin. */
  private void edge(int begin, int end, int piece) {
    if (edges == begins.length) {
      begins = Arrays.copyOf(begins, 2 * edges);
      ends = Arrays.copyOf(ends, 2 * edges);
      pieces = Arrays.copyOf(pieces, 2 * edges);
    }
    begins[edges] = begin;
    ends[edges] = end;
    pieces[edges++] = piece;
  }

  private double score(int edge) {
    return pieces[edge] == PieceTrie.NONE ? unknownScore : scores[pieces[edge]];
  }

  /**
   * Adds how often each piece is expected in the word.
   *
   * @param times that the word occurs
   * @return log likelihood of the word, once
   */
  double expect(long times, double[] expected) {
    Arrays.fill(forward, 0, length + 1, Double.NEGATIVE_INFINITY);
    Arrays.fill(backward, 0, length + 1, Double.NEGATIVE_INFINITY);
    forward[0] = 0;
    backward[length] = 0;
    for (int i = 0; i < edges; i++) {
      forward[ends[i]] = logSum(forward[ends[i]], forward[begins[i]] + score(i));
    }
    for (int i = edges - 1; i >= 0; i--) {
      backward[begins[i]] = logSum(backward[begins[i]], backward[ends[i]] + score(i));
    }
    double all = forward[length];
    for (int i = 0; i < edges; i++) {
      if (pieces[i] != PieceTrie.NONE) {
        expected[pieces[i]] +=
            times * Math.exp(forward[begins[i]] + score(i) + backward[ends[i]] - all);
      }
    }
    return all;
  }

  private static double logSum(double a, double b) {
    double more = Math.max(a, b);
    double less = Math.min(a, b);
    return more - less > 50 ? more : more + Math.log1p(Math.exp(less - more));
  }

  /**
   * Finds the best way, of equally good ones the one found first.
   *
   * @param withoutWhole whether a single piece for the whole word is passed over
   * @return its log probability
   */
  double viterbi(boolean withoutWhole) {
    Arrays.fill(forward, 0, length + 1, Double.NEGATIVE_INFINITY);
    forward[0] = 0;
    for (int i = 0; i < edges; i++) {
      if (withoutWhole && ends[i] - begins[i] == length) {
        continue;
      }
      double score = forward[begins[i]] + score(i);
      if (score > forward[ends[i]]) {
        forward[ends[i]] = score;
        best[ends[i]] = i;
      }
    }
    return forward[length];
  }

  /** Hears of the pieces of a way, last to first; NONE for an unknown character. */
  @FunctionalInterface
  interface Way {
    void piece(int piece);
  }

  /** Tells the way that {@link #viterbi} found. */
  void tell(Way way) {
    for (int at = length; at > 0; at = begins[best[at]]) {
      way.piece(pieces[best[at]]);
    }
  }
}
