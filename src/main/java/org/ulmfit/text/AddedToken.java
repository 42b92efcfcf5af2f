package org.ulmfit.text;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An entry of a {@code tokenizer.json}'s {@code "added_tokens"} for a special token of the rules,
 * which stands as a word of its own in the text.
 */
public final class AddedToken {
  private AddedToken() {}

  /**
   * Fills the entry: the token is found as a whole word, and takes the blanks before it with it, so
   * that between two marks no piece is left; the blank behind it belongs to the word that follows.
   */
  public static void write(ObjectNode entry, int id, String content) {
    entry.put("id", id);
    entry.put("content", content);
    entry.put("single_word", true);
    entry.put("lstrip", true);
    entry.put("rstrip", false);
    entry.put("normalized", false);
    entry.put("special", true);
  }
}
