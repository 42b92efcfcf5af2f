package org.ulmfit.predict;

import java.util.Comparator;
import java.util.List;

/**
 * Which words of a text speak for a label, and which against it: {@code logOdds = baseline + the
 * words' weights + rest + gap}. Weights are in nats of the label's log-odds, log p / (1 - p): words
 * of +0.7 double the odds.
 *
 * @param label the label explained
 * @param probability the classifier's
 * @param logOdds what is explained; from float32, whatever the classifier answers in
 * @param baseline the log-odds where the text says nothing
 * @param words in the order of the text
 * @param rest what is added by tokens that stand for no word: marks of beginnings and columns
 * @param gap what nothing accounts for: small where gradients were integrated, what words say only
 *     together where each was left out
 * @param method how words were weighed
 */
public record Explanation(
    String label,
    double probability,
    double logOdds,
    double baseline,
    List<Word> words,
    double rest,
    double gap,
    String method) {

  /**
   * A word of the text.
   *
   * @param field which text column, from 0 on
   * @param start offset in its string, in UTF-16 units
   * @param end offset behind its last unit
   * @param weight what it adds to the label's log-odds
   */
  public record Word(int field, int start, int end, String text, double weight) {}

  /** The words that speak for the label most, at most so many, the strongest first. */
  public List<Word> most(int count) {
    return words.stream()
        .filter(word -> word.weight > 0)
        .sorted(Comparator.comparingDouble(word -> -word.weight))
        .limit(count)
        .toList();
  }

  /** The words that speak against it most, at most so many, the strongest first. */
  public List<Word> least(int count) {
    return words.stream()
        .filter(word -> word.weight < 0)
        .sorted(Comparator.comparingDouble(Word::weight))
        .limit(count)
        .toList();
  }
}
