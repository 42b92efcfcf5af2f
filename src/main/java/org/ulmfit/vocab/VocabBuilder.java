package org.ulmfit.vocab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts tokens and makes the vocabulary of a rule profile: the most frequent tokens, ties by first
 * occurrence, the profile's special tokens first.
 */
public final class VocabBuilder {
  private static final int MULTIPLE = 8;

  private final Map<String, Long> counts = new LinkedHashMap<>();

  /** Counts one occurrence. */
  public void add(String token) {
    counts.merge(token, 1L, Long::sum);
  }

  /** Counts several occurrences; first occurrence decides ties. */
  public void add(String token, long occurrences) {
    counts.merge(token, occurrences, Long::sum);
  }

  /**
   * The vocabulary. Source: fastai 0.7 lesson 10 and tok2id; fastai 1 Vocab.create; fastai 2
   * make_vocab.
   *
   * @param rules {@code none | fastai-0.7 | fastai-1 | fastai-2}
   * @param maxSize most frequent tokens considered; for fastai-1 and fastai-2 specials included
   * @param minFreq fewest occurrences
   * @param strict true: kept if count {@code >} minFreq (0.7); false: {@code >=}
   */
  public Vocab build(String rules, int maxSize, int minFreq, boolean strict) {
    List<String> words = mostCommon(maxSize, strict ? minFreq + 1L : minFreq);
    Specials specials = Specials.of(rules);
    List<String> itos = new ArrayList<>(specials.tokens());
    if (specials.onTop()) {
      itos.addAll(words);
      return Vocab.of(itos);
    }
    words.stream().filter(word -> !specials.tokens().contains(word)).forEach(itos::add);
    if (itos.size() > maxSize) {
      itos.subList(maxSize, itos.size()).clear();
    }
    addFillers(itos, specials.fill(), maxSize);
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

  private static void addFillers(List<String> itos, Specials.Fill fill, int maxSize) {
    int beyond = itos.size() % MULTIPLE;
    int fillers =
        switch (fill) {
          case NONE -> 0;
          case IF_SHORTER ->
              itos.size() < maxSize && beyond != 0 ? MULTIPLE - beyond : 0; // fastai 1
          case ALWAYS -> MULTIPLE - beyond; // fastai 2: 1 to 8
        };
    for (int i = 0; i < fillers; i++) {
      itos.add(Vocab.FAKE);
    }
  }
}
