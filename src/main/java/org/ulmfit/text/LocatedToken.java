package org.ulmfit.text;

/**
 * A token and the range of the original text that it stands for. A word stands for its own
 * characters, however the rules wrote them; what the rules put in the place of others, for those:
 * each of the tokens {@code xxrep 4 !} for all of {@code !!!!}, a newline for its {@code <br />}.
 * The word behind {@code xxwrep 4} is the first of the four.
 *
 * <p>A token that replaces nothing has an empty range: a marker of capitals ({@code t_up}, {@code
 * xxup}, {@code xxmaj}) where its word begins, a field marker and its number at 0 of their field,
 * the start token where the text of field 0 begins. Of a token across two fields, the part in the
 * earlier one counts; of the blank that joins fields, nothing.
 *
 * @param field which of the fields it stands in, counted from 0
 * @param start offset in that field's string, in UTF-16 units; it never decreases from token to
 *     token of a field
 * @param end offset behind the last unit
 */
public record LocatedToken(String text, int field, int start, int end) {}
