package org.ulmfit.vocab;

import java.util.List;

/**
 * Special tokens of a rule profile, in id order, and how they enter the vocabulary.
 *
 * @param onTop added on top of {@code maxSize} without removing a corpus token of the same spelling
 *     (0.7); false: counted in {@code maxSize}, removed from their natural position
 */
record Specials(List<String> tokens, boolean onTop, Fill fill) {

  enum Fill {
    NONE,
    IF_SHORTER,
    ALWAYS
  }

  private static final Specials NO_RULES = new Specials(List.of("xxunk", "xxpad"), true, Fill.NONE);

  // fastai 0.7 lesson 10
  private static final Specials V07 = new Specials(List.of("_unk_", "_pad_"), true, Fill.NONE);

  // fastai 1 text_spec_tok
  private static final Specials V1 =
      new Specials(
          List.of("xxunk", "xxpad", "xxbos", "xxeos", "xxfld", "xxmaj", "xxup", "xxrep", "xxwrep"),
          false,
          Fill.IF_SHORTER);

  // fastai 2 defaults.text_spec_tok
  private static final Specials V2 =
      new Specials(
          List.of("xxunk", "xxpad", "xxbos", "xxeos", "xxfld", "xxrep", "xxwrep", "xxup", "xxmaj"),
          false,
          Fill.ALWAYS);

  /** By the name of the rule profile. */
  static Specials of(String rules) {
    return switch (rules) {
      case "none" -> NO_RULES;
      case "fastai-0.7" -> V07;
      case "fastai-1" -> V1;
      case "fastai-2" -> V2;
      default -> throw new IllegalArgumentException("no such rules: " + rules);
    };
  }
}
