package org.ulmfit.subword;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ulmfit.Stop;

/**
 * Learns the pieces of a unigram language model (Kudo 2018), as sentencepiece's
 * unigram_model_trainer does with its defaults: from {@link SeedPieces} on, two rounds of
 * expectation and maximisation, then a quarter of the pieces go, those whose loss would cost the
 * likelihood least, until there are a tenth more than wanted. Of these the best stay, and all
 * characters.
 *
 * <p>Sums are taken in parts of the words that do not depend on the number of threads, so that the
 * same texts make the same pieces anywhere.
 */
final class UnigramTrainer {
  private static final int ROUNDS = 2; // sentencepiece num_sub_iterations
  private static final double SHRINKING = 0.75; // sentencepiece shrinking_factor
  private static final double SPARE = 1.1;
  private static final double LEAST_EXPECTED = 0.5; // sentencepiece kExpectedFrequencyThreshold
  private static final double PENALTY_STEP = 0.0001; // sentencepiece kMinScorePenaltyDelta
  private static final int PARTS = 16;

  private final Words words;
  private final int size;
  private final int spare;
  private final Stop stop;

  /**
   * @param size pieces wanted, special tokens not among them
   * @param spare pieces with which pruning ends
   */
  private UnigramTrainer(Words words, int size, int spare, Stop stop) {
    this.words = words;
    this.size = size;
    this.spare = spare;
    this.stop = stop;
  }

  /** A piece and its log probability. */
  record Piece(String text, double score) {}

  /**
   * Learns; the best piece comes first, fewer than wanted if the words make no more.
   *
   * @param size pieces wanted, with the special tokens
   * @param specials how many special tokens there are, of which none is learned
   */
  static List<Piece> train(Words words, int size, int specials, Stop stop) {
    return new UnigramTrainer(words, size - specials, (int) (size * SPARE), stop).train();
  }

  private List<Piece> train() {
    Pieces pieces = SeedPieces.of(words);
    while (true) {
      for (int round = 0; round < ROUNDS; round++) {
        pieces = maximise(pieces, expect(pieces));
      }
      if (pieces.size() <= spare) {
        return best(pieces);
      }
      pieces = prune(pieces);
    }
  }

  /** Does something with every word of a part. */
  @FunctionalInterface
  private interface Work {
    void word(Lattice lattice, int word, double[] sums);
  }

  /** Sums a number for each piece over all words. */
  private double[] sum(Pieces pieces, Work work) {
    PieceTrie trie = new PieceTrie(pieces);
    double[][] parts =
        IntStream.range(0, PARTS)
            .parallel()
            .mapToObj(
                part -> {
                  Lattice lattice = new Lattice(trie, pieces);
                  double[] sums = new double[pieces.size()];
                  for (int word = part; word < words.size(); word += PARTS) {
                    stop.check(TokenizerTraining.STOPPED);
                    lattice.set(words.symbols(), words.starts()[word], words.starts()[word + 1]);
                    work.word(lattice, word, sums);
                  }
                  return sums;
                })
            .toArray(double[][]::new);
    for (int part = 1; part < PARTS; part++) {
      for (int piece = 0; piece < pieces.size(); piece++) {
        parts[0][piece] += parts[part][piece];
      }
    }
    return parts[0];
  }

  /** How often each piece is expected. sentencepiece RunEStep */
  private double[] expect(Pieces pieces) {
    return sum(pieces, (lattice, word, sums) -> lattice.expect(words.counts()[word], sums));
  }

  /** Pieces that are expected at all, with new scores. sentencepiece RunMStep */
  private static Pieces maximise(Pieces pieces, double[] expected) {
    int[] kept =
        IntStream.range(0, pieces.size()).filter(i -> expected[i] >= LEAST_EXPECTED).toArray();
    double logSum = digamma(Arrays.stream(kept).mapToDouble(i -> expected[i]).sum());
    return pieces.of(
        kept, Arrays.stream(kept).mapToDouble(i -> digamma(expected[i]) - logSum).toArray());
  }

  /** Derivative of the logarithm of the gamma function: a sparse prior (Liang and Klein 2007). */
  static double digamma(double of) {
    double x = of;
    double result = 0;
    for (; x < 7; x++) {
      result -= 1 / x;
    }
    x -= 0.5;
    double square = 1 / (x * x);
    double fourth = square * square;
    return result
        + Math.log(x)
        + square / 24
        - fourth * 7 / 960
        + fourth * square * 31 / 8064
        - fourth * fourth * 127 / 30720;
  }

  /** sentencepiece PruneSentencePieces */
  private Pieces prune(Pieces pieces) {
    double[] counts =
        sum(
            pieces,
            (lattice, word, sums) -> {
              lattice.viterbi(false);
              lattice.tell(
                  piece -> {
                    if (piece != PieceTrie.NONE) {
                      sums[piece] += words.counts()[word];
                    }
                  });
            });
    double[] losses = losses(pieces, counts);
    int wanted = Math.max(spare, (int) (SHRINKING * pieces.size()));
    int[] chosen =
        IntStream.range(0, pieces.size())
            .filter(piece -> !Double.isNaN(losses[piece]))
            .boxed()
            .sorted(Comparator.comparingDouble((Integer piece) -> -losses[piece]))
            .limit(wanted)
            .mapToInt(Integer::intValue)
            .toArray();
    Arrays.sort(chosen);
    return pieces.of(chosen);
  }

  /**
   * By how much each piece's loss would lower the likelihood: infinity for what cannot be written
   * otherwise, NaN for what is not used.
   */
  private double[] losses(Pieces pieces, double[] counts) {
    PieceTrie trie = new PieceTrie(pieces);
    double all = Arrays.stream(counts).sum();
    double logAll = Math.log(all);
    long wordCount = Arrays.stream(words.counts()).sum();
    double[] losses = new double[pieces.size()];
    IntStream.range(0, PARTS)
        .parallel()
        .forEach(
            part -> {
              Lattice lattice = new Lattice(trie, pieces);
              for (int piece = part; piece < losses.length; piece += PARTS) {
                double count = counts[piece];
                losses[piece] =
                    count == 0
                        ? Double.NaN
                        : count / wordCount * loss(lattice, pieces, piece, counts, all, logAll);
              }
            });
    return losses;
  }

  private static double loss(
      Lattice lattice, Pieces pieces, int piece, double[] counts, double all, double logAll) {
    if (pieces.length(piece) == 1) {
      return Double.POSITIVE_INFINITY;
    }
    lattice.set(pieces.symbols(), pieces.starts()[piece], pieces.starts()[piece + 1]);
    if (lattice.viterbi(true) >= pieces.scores()[piece]) {
      return Double.NaN;
    }
    double count = counts[piece];
    List<Integer> others = new ArrayList<>();
    lattice.tell(others::add);
    double logAllThen = Math.log(all + count * (others.size() - 1));
    double instead = 0;
    for (int other : others) {
      double own = other == PieceTrie.NONE ? 0 : counts[other];
      instead += Math.log(own + count) - logAllThen;
    }
    return Math.log(count) - logAll - instead;
  }

  /** All characters, then the best pieces. sentencepiece FinalizeSentencePieces */
  private List<Piece> best(Pieces pieces) {
    double[] characterScores = new double[words.alphabet().length];
    Arrays.fill(characterScores, Double.NaN);
    List<Piece> longer = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      if (pieces.length(i) == 1) {
        characterScores[pieces.symbols()[pieces.starts()[i]]] = pieces.scores()[i];
      } else {
        longer.add(new Piece(pieces.string(i, words), pieces.scores()[i]));
      }
    }
    Comparator<Piece> order =
        Comparator.comparingDouble((Piece piece) -> -piece.score()).thenComparing(Piece::text);
    longer.sort(order);
    List<Piece> all = characters(characterScores, pieces.least());
    all.addAll(longer.subList(0, Math.min(longer.size(), Math.max(0, size - all.size()))));
    all.sort(order);
    return all;
  }

  /** Those without a piece left follow behind the least score, frequent ones first. */
  private List<Piece> characters(double[] scores, double least) {
    long[] counts = words.characterCounts();
    List<Piece> out = new ArrayList<>();
    double penalty = 0;
    for (int symbol :
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingLong((Integer i) -> -counts[i]))
            .toList()) {
      double score = scores[symbol];
      if (Double.isNaN(score)) {
        score = least - penalty;
        penalty += PENALTY_STEP;
      }
      out.add(new Piece(words.character(symbol), score));
    }
    return out;
  }
}
