package org.ulmfit.vocab;

/**
 * A token, its id, and the range of the original text that it stands for, as {@link
 * org.ulmfit.text.LocatedToken} tells it.
 *
 * @param id the vocabulary's; that of the unknown token if it has none
 * @param field which of the fields it stands in, counted from 0
 * @param start offset in that field's string, in UTF-16 units
 * @param end offset behind the last unit; {@code start} where it stands for no characters
 */
public record Token(String text, int id, int field, int start, int end) {}
