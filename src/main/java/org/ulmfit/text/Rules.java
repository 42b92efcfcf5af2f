package org.ulmfit.text;

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
  FASTAI_2("fastai-2", Specials.FASTAI_2, Specials.FASTAI_2),
  /**
   * fastai 2 around a subword tokenizer, as MultiFiT's recipe has it: the rules of {@link
   * #FASTAI_2} (fastai 2.8 text.core hands the same ones to SentencePieceTokenizer), then what
   * SentencePiece does to the white space that reaches it (nmt_nfkc and remove_extra_whitespaces in
   * its normalizer): line ends, tabs and every other blank become one space, none at the ends.
   * Without that a line end would be part of a word's pieces.
   *
   * <p>Two things differ from fastai. It trains its pieces with the special tokens glued to the
   * space before them ({@code \u2581xxbos}), so that those in the vocabulary ({@code xxbos}) are
   * never used; here the tokens are the vocabulary's own, unless the tokenizer's file brings
   * fastai's. And characters are not normalised (NFKC, joiners and direction marks dropped), which
   * is no matter of white space.
   *
   * <p>MultiFiT itself ran on fastai 1, whose SPProcessor applies fastai 1's rules, those behind
   * the tokenizer to the text split at blanks.
   */
  FASTAI_2_SUBWORD("fastai-2-subword", Specials.FASTAI_2, Specials.FASTAI_2);

  private static final String SPACE_BEFORE = "\u2581";

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

  /** The strings that no tokenizer cuts. */
  public List<String> tokenizerSpecials() {
    return tokenizerSpecials;
  }

  /**
   * Whether the token stands for no word of a text: the marks that the rules of a profile set, and
   * the padding. The unknown token is none: it stands for a word.
   */
  public boolean isMark(String token) {
    String mark = token.startsWith(SPACE_BEFORE) ? token.substring(1) : token; // fastai's pieces
    return !mark.equals(unknown()) && (specials.contains(mark) || marks.contains(mark));
  }

  /** Whether a token is a mark that a text or one of its columns begins with. */
  public boolean isBeginning(String token) {
    return isMark(token) && Specials.BEGINNINGS.contains(token.replace(SPACE_BEFORE, ""));
  }

  /** Whether a number follows the mark: of a field, or of repetitions. */
  public boolean isNumbered(String token) {
    return isMark(token) && Specials.NUMBERED.contains(token.replace(SPACE_BEFORE, ""));
  }

  /**
   * The tokens that stand for no word of a text, and the unknown token, in an order of their own:
   * the special tokens first, then what else the rules put into a text.
   */
  public List<String> marks() {
    return Stream.of(specials, tokenizerSpecials, marks.stream().sorted().toList())
        .flatMap(List::stream)
        .distinct()
        .toList();
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
    static final Set<String> BEGINNINGS = Set.of("xbos", "xxbos", "xfld", "xxfld");
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
