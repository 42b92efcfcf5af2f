package org.ulmfit.text;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.ulmfit.Suggestion;
import org.ulmfit.UlmfitException;

/** How the field markers of fastai 0.7 count; the later rules count 1, 2, 3 in any case. */
public enum FieldNumbers {
  /** 1, 1, 2: the lesson counts further columns from 1 again. */
  LESSON,
  /** 1, 2, 3: imdb_scripts and later code. */
  PAPER;

  /**
   * The choice of that name in lower case.
   *
   * @throws UlmfitException (usage) if there is none
   */
  public static FieldNumbers of(String name) {
    List<String> names = Stream.of(values()).map(n -> n.name().toLowerCase(Locale.ROOT)).toList();
    if (!names.contains(name)) {
      throw UlmfitException.usage(
          "unknown value '" + name + "' for field numbers" + Suggestion.choice(name, names));
    }
    return values()[names.indexOf(name)];
  }
}
