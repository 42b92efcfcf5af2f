package org.ulmfit.text;

import java.util.List;
import org.ulmfit.UlmfitException;

/** A row's columns as one text, with start token and field markers, before the fix-ups run. */
record RowText(Rules rules, FieldMarks marks, FieldNumbers numbers) {
  RowText {
    if (marks == FieldMarks.ALWAYS && rules == Rules.NONE) {
      throw UlmfitException.usage(
          "text rules 'none' have no field marker; set mark fields to auto or never");
    }
  }

  /**
   * A row.
   *
   * @param text all of it
   * @param starts of the fields in it
   * @param ends of the fields
   */
  record Row(String text, int[] starts, int[] ends) {
    /** The token of a range of the row's text. */
    LocatedToken locate(String token, int start, int end) {
      int field = 0;
      int last = starts.length - 1;
      while (field < last && start > 0 && start >= ends[field]) { // by the start alone: in order
        field++;
      }
      int from = Math.max(start, starts[field]);
      int to = Math.max(from, Math.min(end, ends[field]));
      return new LocatedToken(token, field, from - starts[field], to - starts[field]);
    }
  }

  /**
   * @param fields at least one
   */
  Row of(List<String> fields) {
    if (fields.isEmpty()) {
      throw UlmfitException.badData("a row without text columns; name at least one");
    }
    boolean marked = marks == FieldMarks.ALWAYS || marks == FieldMarks.AUTO && byDefault(fields);
    boolean again = rules == Rules.FASTAI_0_7 && numbers == FieldNumbers.LESSON;
    String marker = rules == Rules.FASTAI_0_7 ? "xfld " : "xxfld ";
    int length = fields.stream().mapToInt(String::length).sum() + 16 * (fields.size() + 1);
    StringBuilder out = new StringBuilder(length).append(start());
    int[] starts = new int[fields.size()];
    int[] ends = new int[fields.size()];
    for (int i = 0; i < fields.size(); i++) {
      out.append(i > 0 ? " " : "");
      if (marked) {
        out.append(marker).append(i > 0 && again ? i : i + 1).append(' ');
      }
      starts[i] = out.length();
      out.append(fields.get(i));
      ends[i] = out.length();
    }
    return new Row(out.toString(), starts, ends);
  }

  /**
   * fastai 0.7 LanguageModelLoader texts, fastai 1 and 2 _join_texts; fastai 2 adds xxbos later.
   */
  private String start() {
    return switch (rules) {
      case FASTAI_0_7 -> "\nxbos ";
      case FASTAI_1 -> "xxbos ";
      case FASTAI_2, FASTAI_2_SUBWORD, NONE -> "";
    };
  }

  private boolean byDefault(List<String> fields) {
    return switch (rules) {
      case FASTAI_0_7 -> true;
      case FASTAI_2, FASTAI_2_SUBWORD -> fields.size() > 1;
      case FASTAI_1, NONE -> false;
    };
  }
}
