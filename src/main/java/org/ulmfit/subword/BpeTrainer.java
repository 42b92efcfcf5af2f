package org.ulmfit.subword;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ulmfit.Stop;

/**
 * Learns byte-pair merges (Sennrich, Haddow, Birch 2016) of the characters of words, the same ones
 * in the same order as Hugging Face's {@code tokenizers.trainers.BpeTrainer} (0.23): the most
 * frequent pair is merged next, of equally frequent ones the one with the smaller ids. Ids are
 * given to the special tokens, to the characters by code point and to each merge's piece, in this
 * order.
 *
 * <p>What that trainer does in corner cases is part of the order and kept: a pair's count is not
 * taken back where it is merged, only where a neighbour is; and a pair that comes up again, because
 * a merge makes a piece that is there already, such as a special token, counts what it counted
 * before as well and is queued beside its older entry, each with words of its own.
 *
 * <p>A merge looks only at the words that the pair came up in.
 */
final class BpeTrainer {
  private final int size;
  private final int leastCount;
  private final Stop stop;

  private final List<String> pieces = new ArrayList<>();
  private final Map<String, Integer> idOf = new HashMap<>();
  private final Map<Long, Integer> merges = new HashMap<>(); // pair to its rank
  private final PairTable pairs = new PairTable();
  private final MergeQueue queue = new MergeQueue();
  private int[] raised = new int[64]; // pairs that a merge brings up
  private int raisedCount;
  private int serial;
  private int rank;

  /**
   * @param size pieces wanted, special tokens and characters among them
   * @param leastCount how often a pair must occur to be merged
   */
  BpeTrainer(List<String> specials, int size, int leastCount, Stop stop) {
    this.size = size;
    this.leastCount = leastCount;
    this.stop = stop;
    specials.forEach(this::id);
  }

  /**
   * The pieces in id order, fewer than asked for if no pair is left, and the merges in their order.
   */
  record Result(List<String> pieces, List<String[]> merges) {}

  /**
   * Learns.
   *
   * @param words whose symbols are merged: of no use afterwards
   */
  Result train(Words words) {
    int[] symbols = words.symbols();
    int[] idOfCharacter = new int[words.alphabet().length];
    for (int i = 0; i < idOfCharacter.length; i++) {
      idOfCharacter[i] = id(words.character(i));
    }
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = idOfCharacter[symbols[i]];
    }
    int[] ends = new int[words.size()];
    for (int word = 0; word < ends.length; word++) {
      ends[word] = words.starts()[word + 1];
      countPairs(words, word, ends[word]);
    }
    queueRaised();
    while (pieces.size() < size && !queue.isEmpty()) {
      MergeQueue.Entry next = queue.remove();
      long count = pairs.count(next.pair());
      if (next.count() != count) {
        queue.add(next.with(count));
      } else if (count < Math.max(1, leastCount)) {
        break;
      } else {
        merge(words, ends, next);
      }
    }
    return new Result(List.copyOf(pieces), ordered());
  }

  private int id(String piece) {
    Integer id = idOf.putIfAbsent(piece, pieces.size());
    if (id == null) {
      pieces.add(piece);
      return pieces.size() - 1;
    }
    return id;
  }

  private void countPairs(Words words, int word, int end) {
    int[] symbols = words.symbols();
    for (int i = words.starts()[word] + 1; i < end; i++) {
      raise(symbols[i - 1], symbols[i], word, words.counts()[word]);
    }
  }

  /** The pair comes up in a word. */
  private void raise(int left, int right, int word, long times) {
    int pair = pairs.of(PairTable.key(left, right));
    pairs.add(pair, times);
    if (pairs.in(pair, word)) {
      if (raisedCount == raised.length) {
        raised = Arrays.copyOf(raised, WordCounts.grown(raisedCount + 1, raisedCount));
      }
      raised[raisedCount++] = pair;
    }
  }

  private void queueRaised() {
    for (int i = 0; i < raisedCount; i++) {
      int pair = raised[i];
      long count = pairs.count(pair);
      int[] words = pairs.takeWords(pair);
      if (count > 0) {
        queue.add(new MergeQueue.Entry(pairs.key(pair), pair, count, words, serial++));
      }
    }
    raisedCount = 0;
  }

  private void merge(Words words, int[] ends, MergeQueue.Entry next) {
    stop.check(TokenizerTraining.STOPPED);
    int left = PairTable.left(next.key());
    int right = PairTable.right(next.key());
    int made = id(pieces.get(left) + pieces.get(right));
    merges.put(next.key(), rank++);
    for (int word : next.words()) {
      ends[word] = merge(words, word, ends[word], left, right, made);
    }
    queueRaised();
  }

  /** Merges within a word, from its start on; where it ends then. */
  private int merge(Words words, int word, int end, int left, int right, int made) {
    int[] symbols = words.symbols();
    int start = words.starts()[word];
    long times = words.counts()[word];
    int out = start;
    int i = start;
    while (i < end) {
      if (symbols[i] != left || i + 1 == end || symbols[i + 1] != right) {
        symbols[out++] = symbols[i++];
        continue;
      }
      if (out > start) {
        lower(symbols[out - 1], left, times);
        raise(symbols[out - 1], made, word, times);
      }
      if (i + 2 < end) {
        lower(right, symbols[i + 2], times);
        raise(made, symbols[i + 2], word, times);
      }
      symbols[out++] = made;
      i += 2;
    }
    return out;
  }

  private void lower(int left, int right, long times) {
    pairs.add(pairs.of(PairTable.key(left, right)), -times);
  }

  private List<String[]> ordered() {
    return merges.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .map(
            merge ->
                new String[] {
                  pieces.get(PairTable.left(merge.getKey())),
                  pieces.get(PairTable.right(merge.getKey()))
                })
        .toList();
  }
}
