package org.ulmfit.text;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ulmfit.Suggestion;
import org.ulmfit.UlmfitException;

/**
 * A profile of text rules: the corpus fix-ups and tokenizer rules of one fastai generation, with
 * its special tokens. {@code none} runs the tokenizer alone.
 */
public enum Rules {
  NONE("none", List.of("xxunk", "xxpad"), List.of()),
  /** fastai 0.7: {@code xbos}, {@code t_up} and so on are ordinary words of the vocabulary. */
  FASTAI_0_7("fastai-0.7", List.of("_unk_", "_pad_"), List.of("<eos>", "<bos>", "<unk>")),
  /** fastai 1.0. */
  FASTAI_1("fastai-1", Specials.FASTAI_1, Specials.FASTAI_1),
  /** fastai 2. */
  FASTAI_2("fastai-2", Specials.FASTAI_2, Specials.FASTAI_2);

  private final String id;
  private final List<String> specials;
  private final List<String> tokenizerSpecials;
  private final Set<String> marks;

  Rules(String id, List<String> specials, List<String> tokenizerSpecials) {
    this.id = id;
    this.specials = specials;
    this.tokenizerSpecials = tokenizerSpecials;
    this.marks = specials.contains("_unk_") ? Specials.MARKS_0_7 : Set.of();
  }

  /** The name used in recipes and on the command line. */
  public String id() {
    return id;
  }

  @Override
  public String toString() {
    return id;
  }

  /**
   * The profile of that name.
   *
   * @throws UlmfitException (usage) if there is none
   */
  public static Rules of(String id) {
    for (Rules rules : values()) {
      if (rules.id.equals(id)) {
        return rules;
      }
    }
    List<String> ids = Stream.of(values()).map(Rules::id).toList();
    throw UlmfitException.usage("unknown text rules '" + id + "'" + Suggestion.choice(id, ids));
  }

  /** The tokens that stand first in a vocabulary, in id order: unknown and padding lead. */
  public List<String> specials() {
    return specials;
  }

  /** The strings that the word tokenizer never cuts. */
  public List<String> tokenizerSpecials() {
    return tokenizerSpecials;
  }

  /** The tokens that stand for no word of a text, and the unknown token. */
  List<String> marks() {
    return Stream.of(specials, tokenizerSpecials, marks)
        .flatMap(Collection::stream)
        .distinct()
        .toList();
  }

  /**
   * Whether the token stands for no word of a text: the marks that the rules of a profile set, and
   * the padding. The unknown token is none: it stands for a word.
   */
  public boolean isMark(String token) {
    return !token.equals(unknown()) && (specials.contains(token) || marks.contains(token));
  }

  /** Whether a number follows the mark: of a field, or of repetitions. */
  public boolean isNumbered(String token) {
    return isMark(token) && Specials.NUMBERED.contains(token);
  }

  /** The token that stands for a word outside the vocabulary. */
  public String unknown() {
    return specials.get(0);
  }

  /** The token that fills short rows of a batch. */
  public String pad() {
    return specials.get(1);
  }

  /**
   * The nine tokens of fastai 1 and of fastai 2; the same words, another order. In 0.7 they are
   * words of the vocabulary.
   */
  private static final class Specials {
    static final Set<String> MARKS_0_7 = Set.of("xbos", "xfld", "t_up", "tk_rep", "tk_wrep");
    static final Set<String> NUMBERED =
        Set.of("xfld", "xxfld", "tk_rep", "tk_wrep", "xxrep", "xxwrep");
    // fastai 1.0.61 text.transform defaults.text_spec_tok
    static final List<String> FASTAI_1 =
        List.of("xxunk", "xxpad", "xxbos", "xxeos", "xxfld", "xxmaj", "xxup", "xxrep", "xxwrep");
    // fastai 2 text.core defaults.text_spec_tok
    static final List<String> FASTAI_2 =
        List.of("xxunk", "xxpad", "xxbos", "xxeos", "xxfld", "xxrep", "xxwrep", "xxup", "xxmaj");
  }
}
