package org.ulmfit.text;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * From the text of a document to its tokens: corpus fix-ups, the rules of a profile, the tokenizer.
 * {@link #tokens} may be called from any number of threads.
 */
public final class TextPipeline implements AutoCloseable {
  private final Rules rules;
  private final TokenizerSpec tokenizer;

  private TextPipeline(Rules rules, TokenizerSpec tokenizer) {
    this.rules = rules;
    this.tokenizer = tokenizer;
  }

  public static TextPipeline of(Rules rules, TokenizerSpec tokenizer) {
    return new TextPipeline(rules, tokenizer);
  }

  public Rules rules() {
    return rules;
  }

  public TokenizerSpec tokenizer() {
    return tokenizer;
  }

  /**
   * The tokens of a text. No prefix but what the rules themselves add (fastai-2: {@code xxbos}).
   */
  public List<String> tokens(String text) {
    return Stream.of(text.split("\\s+")).filter(t -> !t.isEmpty()).toList();
  }

  /**
   * The text of a row as the data layer builds it, before {@link #tokens}.
   *
   * @param markFields {@code auto | always | never}
   * @param fieldNumbers {@code lesson | paper}
   */
  public String rowText(List<String> fields, String markFields, String fieldNumbers) {
    return String.join(" ", fields);
  }

  /** A document as the models see it, in training and in prediction alike. */
  public List<String> documentTokens(List<String> fields, String markFields, String fieldNumbers) {
    return tokens(rowText(fields, markFields, fieldNumbers));
  }

  /** The tokenizer's own vocabulary in id order, if it has one (a subword file). */
  public Optional<List<String>> vocabulary() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
