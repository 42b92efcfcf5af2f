package org.ulmfit.vocab;

import java.util.List;
import org.ulmfit.UlmfitException;
import org.ulmfit.text.FieldMarks;
import org.ulmfit.text.FieldNumbers;
import org.ulmfit.text.Normalise;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TextPipeline;
import org.ulmfit.text.TokenizerSpec;

/**
 * A text's way from characters to the ids that a model reads: the columns joined, the normal form,
 * the rules, the tokenizer, the vocabulary. Thread-safe.
 */
public final class TextEncoder implements AutoCloseable {
  private final TextPipeline pipeline;
  private final Vocab vocab;

  private TextEncoder(TextPipeline pipeline, Vocab vocab) {
    this.pipeline = pipeline;
    this.vocab = vocab;
  }

  /**
   * One of that text profile and vocabulary.
   *
   * @throws UlmfitException (bad data) if a subword file is missing or no tokenizer; (usage) if
   *     there are always to be field marks and the rules have none, or if ICU does not know a
   *     locale; (failure) if ICU is asked for and not there
   */
  public static TextEncoder of(
      Rules rules,
      TokenizerSpec tokenizer,
      FieldMarks marks,
      FieldNumbers numbers,
      Normalise normalise,
      Vocab vocab) {
    return new TextEncoder(TextPipeline.of(rules, tokenizer, marks, numbers, normalise), vocab);
  }

  /** The tokens of a row. */
  public List<String> tokens(List<String> fields) {
    return pipeline.documentTokens(fields);
  }

  /** The ids of tokens; that of the unknown token for those that have none. */
  public int[] ids(List<String> tokens) {
    return vocab.ids(tokens);
  }

  /**
   * The tokens of a row with their ids and what they stand for in the fields. It takes longer than
   * {@link #tokens}, and memory for each character.
   */
  public List<Token> encode(List<String> fields) {
    return pipeline.locatedTokens(fields).stream()
        .map(t -> new Token(t.text(), vocab.stoi(t.text()), t.field(), t.start(), t.end()))
        .toList();
  }

  /** Counts how much of this encoder's tokens a vocabulary knows; none counted yet. */
  public Coverage coverage(Vocab of) {
    return new Coverage(rules(), of, tokenizer().makesPieces());
  }

  public Vocab vocab() {
    return vocab;
  }

  public Rules rules() {
    return pipeline.rules();
  }

  public TokenizerSpec tokenizer() {
    return pipeline.tokenizer();
  }

  /** Frees the native memory of a subword tokenizer. */
  @Override
  public void close() {
    pipeline.close();
  }
}
