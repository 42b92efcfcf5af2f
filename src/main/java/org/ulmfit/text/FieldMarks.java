package org.ulmfit.text;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.ulmfit.Suggestion;
import org.ulmfit.UlmfitException;

/** Whether field markers stand before the text columns of a row. */
public enum FieldMarks {
  /** As the rules' generation did: 0.7 always, 1 never, 2 where there are several columns. */
  AUTO,
  ALWAYS,
  NEVER;

  /**
   * The choice of that name in lower case.
   *
   * @throws UlmfitException (usage) if there is none
   */
  public static FieldMarks of(String name) {
    List<String> names = Stream.of(values()).map(m -> m.name().toLowerCase(Locale.ROOT)).toList();
    if (!names.contains(name)) {
      throw UlmfitException.usage(
          "unknown value '" + name + "' for mark fields" + Suggestion.choice(name, names));
    }
    return values()[names.indexOf(name)];
  }
}
