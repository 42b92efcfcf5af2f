package org.ulmfit.text;

import java.util.List;
import org.ulmfit.UlmfitException;

/**
 * The text of a row as it reaches the tokenizer, marks of the rules in it: what a tokenizer is
 * trained on. For one thread.
 */
public final class RuledText {
  private final RowText rows;
  private final Normalise normalise;
  private final RuleChain chain;
  private final TextBuffer buffer = new TextBuffer();

  /**
   * @param marks whether field markers stand before the columns of a row
   * @param numbers how fastai 0.7 counts them
   * @param normalise to which Unicode normal form texts are brought first
   * @throws UlmfitException (usage) if there are always to be marks and the rules have none
   */
  public RuledText(Rules rules, FieldMarks marks, FieldNumbers numbers, Normalise normalise) {
    this.rows = new RowText(rules, marks, numbers);
    this.normalise = normalise;
    this.chain = RuleChain.of(rules);
  }

  /**
   * Takes a new row; {@link #chars} and {@link #length} are those of its text then.
   *
   * @param fields the text columns in order, at least one
   */
  public void set(List<String> fields) {
    buffer.set(rows.of(fields).text());
    normalise.apply(buffer);
    chain.fixUp(buffer);
    chain.beforeTokenizer(buffer);
    SubwordTokenizer.replaceHalfPairs(buffer);
  }

  /** The text, up to {@link #length}; not to be changed, and good until the next row. */
  public char[] chars() {
    return buffer.chars();
  }

  /** In UTF-16 units. */
  public int length() {
    return buffer.length();
  }
}
