package org.ulmfit.vocab;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.text.Rules;

/**
 * Pretrained rows for a new vocabulary: a word that the old vocabulary has keeps its row, any other
 * gets the mean of all old rows. Source: fastai 0.7 lesson 10, fastai 1 convert_weights, fastai 2
 * match_embeds.
 */
public final class Remap {
  /** Spellings of the same special in the profiles; xxmaj has no partner in 0.7. */
  private static final Map<String, String> MODERN =
      Map.of(
          "_unk_", "xxunk",
          "_pad_", "xxpad",
          "xbos", "xxbos",
          "xfld", "xxfld",
          "t_up", "xxup",
          "tk_rep", "xxrep",
          "tk_wrep", "xxwrep");

  /** What stands for no word in a vocabulary of any profile. */
  private static final Set<String> SPECIALS =
      Stream.of(MODERN.keySet(), Rules.FASTAI_2.specials(), Set.of(Vocab.FAKE))
          .flatMap(Collection::stream)
          .collect(Collectors.toUnmodifiableSet());

  private static final int UNKNOWN = 0; // in every profile

  private Remap() {}

  /**
   * New rows and what they came from.
   *
   * @param rows row-major, {@code newVocab.size()} times width
   * @param matched per new id, whether it kept a pretrained row
   * @param typesMatched how many did
   * @param words per new id, whether it is that of a word: no special of any profile, no filler
   */
  public record Result(float[] rows, boolean[] matched, int typesMatched, boolean[] words) {

    /**
     * One line that says how many types and how many tokens of the corpus were matched. An unknown
     * token is none that was matched, whatever row stands for it; specials are not counted.
     *
     * @param counts occurrences of each new id in the training text ({@link TokenStore#counts})
     */
    public String describe(long[] counts) {
      long types = 0;
      long typesFound = 0;
      long unknown = counts[UNKNOWN];
      long tokens = unknown;
      long tokensFound = 0;
      for (int id = 0; id < counts.length; id++) {
        if (words[id]) {
          types++;
          typesFound += matched[id] ? 1 : 0;
          tokens += counts[id];
          tokensFound += matched[id] ? counts[id] : 0;
        }
      }
      return Shown.format(
          "pretrained rows matched %,d of %,d types (%.1f%%) and %,d of %,d tokens (%.1f%%; %,d are"
              + " unknown, specials not counted); the other types start from the mean row",
          typesFound,
          types,
          types == 0 ? 0.0 : 100.0 * typesFound / types,
          tokensFound,
          tokens,
          tokens == 0 ? 0.0 : 100.0 * tokensFound / tokens,
          unknown);
    }
  }

  /**
   * Rows for {@code newVocab}.
   *
   * @param oldRows {@code oldVocab.size()} times width, row-major (a bias has width 1)
   * @param zeroIsMissing row 0 counts as missing, as printed in the lesson
   * @param aliasSpecials specials of other rule profiles match ({@code _unk_} with {@code xxunk})
   * @throws UlmfitException (bad model) if the rows do not fit the old vocabulary
   */
  public static Result rows(
      float[] oldRows,
      int width,
      Vocab oldVocab,
      Vocab newVocab,
      boolean zeroIsMissing,
      boolean aliasSpecials) {
    if (oldRows.length != (long) oldVocab.size() * width) {
      throw UlmfitException.badModel(
          Shown.format(
              "%d pretrained rows for a vocabulary of %d tokens; take weights and vocab.txt of the"
                  + " same model",
              oldRows.length / width, oldVocab.size()));
    }
    Map<String, Integer> oldIds = ids(oldVocab, aliasSpecials);
    float[] mean = mean(oldRows, width); // (width)
    float[] rows = new float[newVocab.size() * width]; // (newVocab, width)
    boolean[] matched = new boolean[newVocab.size()];
    boolean[] words = new boolean[newVocab.size()];
    int typesMatched = 0;
    for (int id = 0; id < matched.length; id++) {
      int old = oldIds.getOrDefault(key(newVocab.itos(id), aliasSpecials), -1);
      matched[id] = zeroIsMissing ? old > 0 : old >= 0;
      words[id] = id > newVocab.padId() && !SPECIALS.contains(newVocab.itos(id));
      if (matched[id]) {
        typesMatched++;
        System.arraycopy(oldRows, old * width, rows, id * width, width);
      } else {
        System.arraycopy(mean, 0, rows, id * width, width);
      }
    }
    return new Result(rows, matched, typesMatched, words);
  }

  private static Map<String, Integer> ids(Vocab vocab, boolean alias) {
    Map<String, Integer> ids = new HashMap<>(vocab.size() * 2);
    for (int id = 0; id < vocab.size(); id++) {
      ids.put(key(vocab.itos(id), alias), id); // the last of several wins, as in fastai
    }
    return ids;
  }

  private static String key(String token, boolean alias) {
    return alias ? MODERN.getOrDefault(token, token) : token;
  }

  private static float[] mean(float[] rows, int width) {
    double[] sums = new double[width];
    for (int i = 0; i < rows.length; i++) {
      sums[i % width] += rows[i];
    }
    int types = rows.length / width;
    float[] mean = new float[width];
    for (int i = 0; i < width; i++) {
      mean[i] = (float) (sums[i] / types);
    }
    return mean;
  }
}
