package org.ulmfit.classifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.NetworkSizes;
import org.ulmfit.report.MarkedText;
import org.ulmfit.report.Mistake;
import org.ulmfit.text.ReadableText;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.text.WordParts;
import org.ulmfit.train.Scores;
import org.ulmfit.vocab.Vocab;

/** The surest wrong answers on rows of ids, as texts again, with what their words weighed. */
public final class Mistakes {
  /** How many are told: weighing one's words takes as long as many answers. */
  private static final int TOLD = 6;

  private static final String UNKNOWN = "\u25a1"; // a white square
  private static final int LONGEST = 1500; // tokens of a text that is told, those that are read
  private static final String CUT = "\u2026 ";

  private final Vocab vocab;
  private final Rules rules;
  private final TokenizerSpec tokenizer;
  private final boolean readsFirst; // of long texts the beginning

  /** How many answers a text may take whose words are weighed. */
  public static final int DEAREST = 400;

  /** Of rows that such a model reads. */
  public Mistakes(ModelConfig config, Vocab vocab) {
    this.vocab = vocab;
    this.rules = config.readingRecipe().text().rules();
    this.tokenizer = TokenizerSpec.parse(config.readingRecipe().text().tokenizer());
    NetworkSizes network = config.network();
    this.readsFirst =
        network != null
            && network.length() > 0
            && Recipes.choice(Recipe.Keep.class, network.keep()) == Recipe.Keep.FIRST;
  }

  /** What weighs a row's words. */
  public interface Weigher {
    /**
     * Weights of the tokens.
     *
     * @param row its place in the scores
     * @param words how many words it has
     * @param groups (tokens) word of each; -1: none
     * @param label index of the label whose log-odds they add to
     * @return null: words are not weighed
     */
    double @Nullable [] weigh(int row, int words, int[] groups, int label);
  }

  /**
   * The surest errors there are among answers. Where weighing words fails, the rest are told
   * without marks: the answers themselves are not lost for that.
   *
   * @param ids of a row's tokens
   * @param notes told that it begins, as it may take a minute, and what failed
   */
  public List<Mistake> of(
      Scores scores, IntFunction<int[]> ids, Weigher weigher, Consumer<String> notes) {
    List<Scores.Miss> errors = scores.surestErrors(TOLD);
    if (errors.isEmpty()) {
      return List.of();
    }
    notes.accept("weighing the words of the surest errors, for the report");
    List<Mistake> mistakes = new ArrayList<>();
    boolean failed = false;
    for (Scores.Miss error : errors) {
      Written text = written(ids.apply(error.row()));
      List<MarkedText.Mark> marks = List.of();
      if (!failed) {
        try {
          double[] weights =
              weigher.weigh(error.row(), text.starts.size(), text.groups, error.label());
          marks = weights == null ? List.of() : text.marks(weights);
        } catch (RuntimeException e) {
          failed = true;
          notes.accept("warning: the report marks no words: " + UlmfitException.reason(e));
        }
      }
      mistakes.add(new Mistake(error, text.text, marks));
    }
    return mistakes;
  }

  /**
   * A text of tokens.
   *
   * @param groups (tokens) word of each; -1: none
   * @param starts (words) offset of each in the text
   * @param ends (words)
   */
  private record Written(String text, int[] groups, List<Integer> starts, List<Integer> ends) {

    List<MarkedText.Mark> marks(double[] weights) {
      double[] words = new double[starts.size()];
      for (int t = 0; t < groups.length; t++) {
        if (groups[t] >= 0) {
          words[groups[t]] += weights[t];
        }
      }
      List<MarkedText.Mark> marks = new ArrayList<>();
      for (int word = 0; word < words.length; word++) {
        marks.add(new MarkedText.Mark(starts.get(word), ends.get(word), words[word]));
      }
      return marks;
    }
  }

  private boolean isColumn(String token) {
    return rules.isBeginning(token) && rules.isNumbered(token);
  }

  private Written written(int[] ids) {
    int[] groups = new int[ids.length];
    Arrays.fill(groups, -1);
    List<Integer> starts = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    ReadableText readable = ReadableText.of(rules, tokenizer, vocab.itos());
    int from = readsFirst ? 0 : Math.max(0, ids.length - LONGEST);
    int to = Math.min(ids.length, from + LONGEST);
    text.append(from > 0 ? CUT : "");
    int pending = from; // the first mark of those that belong to the next word
    for (int t = from; t < to; t++) {
      String token = ids[t] == vocab.unknownId() ? UNKNOWN : vocab.itos(ids[t]);
      String added = readable.next(token);
      if (added.isBlank()) {
        text.append(added);
        boolean number = t > 0 && isColumn(vocab.itos(ids[t - 1]));
        pending = number || rules.isBeginning(token) ? t + 1 : pending;
        continue;
      }
      int start = text.length() + added.length() - added.stripLeading().length();
      boolean goesOn =
          !ends.isEmpty()
              && start == ends.get(ends.size() - 1)
              && tokenizer.cutsWords()
              && WordParts.isInside(text.codePointBefore(start), added.codePointAt(0));
      text.append(added);
      if (goesOn) {
        ends.set(ends.size() - 1, text.length());
      } else {
        starts.add(start);
        ends.add(text.length());
      }
      Arrays.fill(groups, Math.min(pending, t), t + 1, starts.size() - 1);
      pending = t + 1;
    }
    text.append(to < ids.length ? " " + CUT.strip() : "");
    return new Written(text.toString(), groups, starts, ends);
  }
}
