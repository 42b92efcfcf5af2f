package org.ulmfit.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ulmfit.text.PythonText;
import org.ulmfit.text.Rules;
import org.ulmfit.text.WordParts;
import org.ulmfit.vocab.Token;

/**
 * The words of a row as a tokenizer cuts them, its pieces of words joined, and which of them tokens
 * stand for: those of other tokenizers, too.
 */
final class Words {
  /** A word's place: in which field, from where to before where, in UTF-16 units. */
  record Range(int field, int start, int end) {}

  private final List<String> fields;
  private final List<Range> ranges = new ArrayList<>();

  /**
   * @param tokens of the row
   * @param pieces whether they may be parts of words
   */
  Words(List<String> fields, List<Token> tokens, boolean pieces) {
    this.fields = fields;
    for (Token token : tokens) {
      Range range = stripped(token);
      if (range.start < range.end) {
        add(range, pieces);
      }
    }
  }

  List<Range> ranges() {
    return ranges;
  }

  String text(Range range) {
    return fields.get(range.field).substring(range.start, range.end);
  }

  private void add(Range range, boolean pieces) {
    int last = ranges.size() - 1;
    if (last >= 0 && ranges.get(last).field == range.field) {
      Range before = ranges.get(last);
      boolean same = range.start < before.end;
      if (same || pieces && range.start == before.end && isInside(range.field, range.start)) {
        ranges.set(last, new Range(range.field, before.start, Math.max(before.end, range.end)));
        return;
      }
    }
    ranges.add(range);
  }

  private boolean isInside(int field, int at) {
    String text = fields.get(field);
    return WordParts.isInside(text.codePointBefore(at), text.codePointAt(at));
  }

  /** A token's range without white space at its ends. */
  private Range stripped(Token token) {
    String text = fields.get(token.field());
    int start = token.start();
    int end = token.end();
    while (start < end && PythonText.isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && PythonText.isSpace(text.charAt(end - 1))) {
      end--;
    }
    return new Range(token.field(), start, end);
  }

  /**
   * The word that each token stands for, at least in part: that of which it has most. A mark of
   * capitals is part of the word that it stands before.
   *
   * @param rules those that made the tokens
   * @return (tokens) index of the word; -1: of none
   */
  int[] of(List<Token> tokens, Rules rules) {
    int[] words = new int[tokens.size()];
    Arrays.fill(words, -1);
    int from = 0;
    boolean number = false;
    for (int t = 0; t < words.length; t++) {
      Token token = tokens.get(t);
      Range range = stripped(token);
      while (from < ranges.size() && isBefore(ranges.get(from), range)) {
        from++;
      }
      boolean empty = token.start() == token.end();
      boolean beginning = empty && (number || rules.isBeginning(token.text()));
      number = beginning && rules.isNumbered(token.text());
      if (!beginning) {
        words[t] = range.start < range.end ? most(range, from) : next(range, from);
      }
    }
    return words;
  }

  /** Whether the word ends before the range begins. */
  private static boolean isBefore(Range word, Range range) {
    return word.field < range.field || word.field == range.field && word.end <= range.start;
  }

  private int most(Range range, int from) {
    int best = -1;
    int most = 0;
    for (int w = from; w < ranges.size(); w++) {
      Range word = ranges.get(w);
      if (word.field != range.field || word.start >= range.end) {
        break;
      }
      int shared = Math.min(word.end, range.end) - Math.max(word.start, range.start);
      if (shared > most) {
        most = shared;
        best = w;
      }
    }
    return best;
  }

  private int next(Range range, int from) {
    return from < ranges.size() && ranges.get(from).field == range.field ? from : -1;
  }
}
