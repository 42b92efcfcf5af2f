package org.ulmfit.vocab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ulmfit.text.Rules;

/**
 * Counts tokens and makes the vocabulary of a rule profile: the most frequent tokens, ties by first
 * occurrence, the profile's special tokens first.
 */
public final class VocabBuilder {
  private static final int MULTIPLE = 8;

  private final Map<String, Long> counts = new LinkedHashMap<>();
  private List<String> kept = List.of();
  private boolean allOrNone;

  /** Counts one occurrence. */
  public void add(String token) {
    counts.merge(token, 1L, Long::sum);
  }

  /** Counts several occurrences; first occurrence decides ties. */
  public void add(String token, long occurrences) {
    counts.merge(token, occurrences, Long::sum);
  }

  /**
   * Tokens that follow the counted ones however rare they are, in this order, while there is room.
   */
  public void keep(List<String> tokens) {
    kept = tokens;
    allOrNone = false;
  }

  /** The same, but none of them where there is no room for all. */
  public void keepAllOrNone(List<String> tokens) {
    kept = tokens;
    allOrNone = true;
  }

  /**
   * The vocabulary. Source: fastai 0.7 lesson 10 and tok2id; fastai 1 Vocab.create; fastai 2
   * make_vocab.
   *
   * @param rules decides the specials and how they and the fillers enter
   * @param maxSize most frequent tokens considered; for fastai-1 and fastai-2 specials included
   * @param minFreq fewest occurrences
   * @param strict true: kept if count {@code >} minFreq (0.7); false: {@code >=}
   */
  public Vocab build(Rules rules, int maxSize, int minFreq, boolean strict) {
    List<String> frequent = mostCommon(maxSize, strict ? minFreq + 1L : minFreq);
    List<String> words = withKept(frequent, rules);
    Vocab vocab = build(rules, words, maxSize);
    List<String> more = words.subList(frequent.size(), words.size());
    return !allOrNone || vocab.knows(more) ? vocab : build(rules, frequent, maxSize);
  }

  private static Vocab build(Rules rules, List<String> all, int maxSize) {
    List<String> words = all.subList(0, Math.min(maxSize, all.size()));
    List<String> itos = new ArrayList<>(rules.specials());
    if (rules == Rules.NONE || rules == Rules.FASTAI_0_7) {
      itos.addAll(words); // on top of maxSize; a corpus token of the same spelling stays
      return Vocab.of(itos);
    }
    words.stream().filter(word -> !rules.specials().contains(word)).forEach(itos::add);
    if (itos.size() > maxSize) {
      itos.subList(maxSize, itos.size()).clear();
    }
    for (int i = fillers(itos.size(), maxSize, rules); i > 0; i--) {
      itos.add(Vocab.FAKE);
    }
    return Vocab.of(itos);
  }

  private List<String> mostCommon(int n, long fewest) {
    List<Map.Entry<String, Long>> entries = new ArrayList<>(counts.entrySet());
    entries.sort(Map.Entry.<String, Long>comparingByValue().reversed()); // stable
    return entries.stream()
        .limit(n)
        .filter(entry -> entry.getValue() >= fewest)
        .map(Map.Entry::getKey)
        .toList();
  }

  private List<String> withKept(List<String> words, Rules rules) {
    Set<String> all = new LinkedHashSet<>(words);
    kept.stream()
        .filter(token -> !rules.specials().contains(token) && !token.equals(Vocab.FAKE))
        .forEach(all::add);
    return List.copyOf(all);
  }

  private static int fillers(int size, int maxSize, Rules rules) {
    int missing = MULTIPLE - size % MULTIPLE;
    if (rules == Rules.FASTAI_2 || rules == Rules.FASTAI_2_SUBWORD) {
      return missing; // 1 to 8, even if the size is a multiple already
    }
    return size < maxSize ? missing % MULTIPLE : 0;
  }
}
