package org.ulmfit.text;

import java.util.List;

/**
 * What a profile does around the tokenizer, step by step: the corpus fix-ups, the rules on the
 * string, the rules on the tokens.
 */
sealed interface RuleChain {
  /** Corpus fix-ups: part of reading in fastai 0.7, the first rule (fix_html) later. */
  default String fixUp(String text) {
    return text;
  }

  /** The rules between fix-ups and tokenizer. */
  default String beforeTokenizer(String text) {
    return text;
  }

  default List<String> afterTokenizer(List<String> tokens) {
    return tokens;
  }

  static RuleChain of(Rules rules) {
    return switch (rules) {
      case NONE -> new None();
      case FASTAI_0_7 -> new Fastai07();
      case FASTAI_1 -> new Fastai1();
      case FASTAI_2 -> new Fastai2();
    };
  }

  /** The text as it is. */
  record None() implements RuleChain {}

  /** fastai 0.7 text.Tokenizer.proc_text */
  record Fastai07() implements RuleChain {
    @Override
    public String fixUp(String text) {
      return Fixups.fastai07(text);
    }

    @Override
    public String beforeTokenizer(String text) {
      String out = Repetition.characters(text, "tk_rep", 4);
      out = Repetition.words(out, "tk_wrep");
      out = Capitals.markRuns(out);
      out = Spacing.around(out, "/#");
      out = Spacing.collapse(out);
      return Spacing.breakTags(out);
    }
  }

  /** fastai 1.0.61 text.transform defaults.text_pre_rules and text_post_rules */
  record Fastai1() implements RuleChain {
    @Override
    public String fixUp(String text) {
      return Fixups.fastai1(text);
    }

    @Override
    public String beforeTokenizer(String text) {
      String out = Repetition.characters(text, "xxrep", 4);
      out = Repetition.words(out, "xxwrep");
      out = Spacing.around(out, "/#\n");
      return Spacing.collapse(out);
    }

    @Override
    public List<String> afterTokenizer(List<String> tokens) {
      return Capitals.markTitleTokens(Capitals.markUpperTokens(tokens));
    }
  }

  /** fastai 2 text.core defaults.text_proc_rules and text_postproc_rules */
  record Fastai2() implements RuleChain {
    private static final char SPACE_IN_TOKEN = '\u2581';

    @Override
    public String fixUp(String text) {
      return Fixups.fastai2(text);
    }

    @Override
    public String beforeTokenizer(String text) {
      String out = Repetition.characters(text, "xxrep", 3);
      out = Repetition.spacedWords(out, "xxwrep");
      out = Spacing.around(out, "/#\\");
      out = Spacing.collapse(out);
      out = Capitals.markUpperWords(out);
      out = Capitals.markTitleWords(out);
      return Capitals.lowerWithStart(out);
    }

    @Override
    public List<String> afterTokenizer(List<String> tokens) {
      tokens.replaceAll(t -> t.indexOf(' ') < 0 ? t : t.replace(' ', SPACE_IN_TOKEN));
      return tokens;
    }
  }
}
