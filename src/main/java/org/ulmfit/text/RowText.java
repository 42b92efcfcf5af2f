package org.ulmfit.text;

import java.util.List;
import org.ulmfit.Suggestion;
import org.ulmfit.UlmfitException;

/** A row's columns as one text, with start token and field markers, before the fix-ups run. */
final class RowText {
  private static final List<String> MARK = List.of("auto", "always", "never");
  private static final List<String> NUMBERS = List.of("lesson", "paper");

  private RowText() {}

  static String of(Rules rules, List<String> fields, String markFields, String fieldNumbers) {
    check("mark fields", markFields, MARK);
    check("field numbers", fieldNumbers, NUMBERS);
    if (fields.isEmpty()) {
      throw UlmfitException.badData("a row without text columns; name at least one");
    }
    boolean marked =
        markFields.equals("always") || markFields.equals("auto") && byDefault(rules, fields);
    if (marked && rules == Rules.NONE) {
      throw UlmfitException.usage(
          "text rules 'none' have no field marker; set mark fields to auto or never");
    }
    // the lesson counts further columns from 1 again; imdb_scripts and later code go on from 2
    boolean again = rules == Rules.FASTAI_0_7 && fieldNumbers.equals("lesson");
    String marker = rules == Rules.FASTAI_0_7 ? "xfld " : "xxfld ";
    int length = fields.stream().mapToInt(String::length).sum() + 16 * (fields.size() + 1);
    StringBuilder out = new StringBuilder(length).append(start(rules));
    for (int i = 0; i < fields.size(); i++) {
      out.append(i > 0 ? " " : "");
      if (marked) {
        out.append(marker).append(i > 0 && again ? i : i + 1).append(' ');
      }
      out.append(fields.get(i));
    }
    return out.toString();
  }

  /**
   * fastai 0.7 LanguageModelLoader texts, fastai 1 and 2 _join_texts; fastai 2 adds xxbos later.
   */
  private static String start(Rules rules) {
    return switch (rules) {
      case FASTAI_0_7 -> "\nxbos ";
      case FASTAI_1 -> "xxbos ";
      case FASTAI_2, NONE -> "";
    };
  }

  private static boolean byDefault(Rules rules, List<String> fields) {
    return switch (rules) {
      case FASTAI_0_7 -> true;
      case FASTAI_2 -> fields.size() > 1;
      case FASTAI_1, NONE -> false;
    };
  }

  private static void check(String what, String value, List<String> known) {
    if (!known.contains(value)) {
      throw UlmfitException.usage(
          "unknown value '" + value + "' for " + what + Suggestion.choice(value, known));
    }
  }
}
