package org.ulmfit.text;

/**
 * What a profile does around the tokenizer, step by step: the corpus fix-ups, the rules on the
 * text, the rules on the tokens.
 */
sealed interface RuleChain {
  /** Corpus fix-ups: part of reading in fastai 0.7, the first rule (fix_html) later. */
  default void fixUp(TextBuffer text) {}

  /** The rules between fix-ups and tokenizer. */
  default void beforeTokenizer(TextBuffer text) {}

  /**
   * The rules behind the tokenizer.
   *
   * @param tokens ranges of the text; changed
   */
  default void afterTokenizer(TextBuffer text, Spans tokens) {}

  static RuleChain of(Rules rules) {
    return switch (rules) {
      case NONE -> new None();
      case FASTAI_0_7 -> new Fastai07();
      case FASTAI_1 -> new Fastai1();
      case FASTAI_2 -> new Fastai2();
      case FASTAI_2_SUBWORD -> new Fastai2Subword(new Fastai2());
    };
  }

  /** The text as it is. */
  record None() implements RuleChain {}

  /** fastai 0.7 text.Tokenizer.proc_text */
  record Fastai07() implements RuleChain {
    @Override
    public void fixUp(TextBuffer text) {
      Fixups.fastai07(text);
    }

    @Override
    public void beforeTokenizer(TextBuffer text) {
      Repetition.characters(text, "tk_rep", 4);
      Repetition.words(text, "tk_wrep");
      Capitals.markRuns(text);
      Spacing.around(text, TextBuffer.SLASH | TextBuffer.HASH);
      Spacing.collapse(text);
      Spacing.breakTags(text);
    }
  }

  /** fastai 1.0.61 text.transform defaults.text_pre_rules and text_post_rules */
  record Fastai1() implements RuleChain {
    @Override
    public void fixUp(TextBuffer text) {
      Fixups.fastai1(text);
    }

    @Override
    public void beforeTokenizer(TextBuffer text) {
      Repetition.characters(text, "xxrep", 4);
      Repetition.words(text, "xxwrep");
      Spacing.around(text, TextBuffer.SLASH | TextBuffer.HASH | TextBuffer.NEWLINE);
      Spacing.collapse(text);
    }

    @Override
    public void afterTokenizer(TextBuffer text, Spans tokens) {
      Spans marked = new Spans(2 * tokens.size());
      Capitals.markUpperTokens(text, tokens, marked);
      tokens.clear();
      Capitals.markTitleTokens(text, marked, tokens);
    }
  }

  /** fastai 2 text.core defaults.text_proc_rules and text_postproc_rules */
  record Fastai2() implements RuleChain {
    private static final char SPACE_IN_TOKEN = '\u2581';

    @Override
    public void fixUp(TextBuffer text) {
      Fixups.fastai2(text);
    }

    @Override
    public void beforeTokenizer(TextBuffer text) {
      Repetition.characters(text, "xxrep", 3);
      Repetition.spacedWords(text, "xxwrep");
      Spacing.around(text, TextBuffer.SLASH | TextBuffer.HASH | TextBuffer.BACKSLASH);
      Spacing.collapse(text);
      Capitals.markWords(text, true, true); // replace_all_caps, replace_maj
      Capitals.lowerWithStart(text);
    }

    /** fastai 2 replace_space */
    @Override
    public void afterTokenizer(TextBuffer text, Spans tokens) {
      char[] chars = text.chars();
      for (int i = 0; i < tokens.size(); i++) {
        long key = tokens.key(i);
        if (key != TokenKey.NONE && !TokenKey.hasSpace(key)) {
          continue;
        }
        for (int j = tokens.from(i); j < tokens.to(i); j++) {
          if (chars[j] == ' ') {
            chars[j] = SPACE_IN_TOKEN;
            tokens.forgetKey(i);
          }
        }
      }
    }
  }

  /** fastai 2 text.core SentencePieceTokenizer: the same rules, and SentencePiece's white space. */
  record Fastai2Subword(Fastai2 words) implements RuleChain {
    @Override
    public void fixUp(TextBuffer text) {
      words.fixUp(text);
    }

    @Override
    public void beforeTokenizer(TextBuffer text) {
      words.beforeTokenizer(text);
      Spacing.single(text);
    }

    @Override
    public void afterTokenizer(TextBuffer text, Spans tokens) {
      words.afterTokenizer(text, tokens);
    }
  }
}
