package org.ulmfit.cli;

import java.util.ArrayList;
import java.util.List;
import org.ulmfit.UlmfitException;
import org.ulmfit.compare.CompareJob;

/** {@code --search KEY=V1,V2}: values that hold commas themselves are lists or mappings of YAML. */
final class SearchOption {

  private SearchOption() {}

  /**
   * Parses one.
   *
   * @throws UlmfitException (usage) if it is none, or has fewer than two different values
   */
  static CompareJob.Searched parse(String given) {
    int at = given.indexOf('=');
    List<String> values = at < 1 ? List.of() : values(given.substring(at + 1));
    if (values.size() < 2 || values.stream().anyMatch(String::isEmpty)) {
      throw UlmfitException.usage(
          "--search "
              + given
              + ": expected a key and two values or more, as in"
              + " classifier.stages.0.rates.lr=1e-3,5e-3");
    }
    if (values.stream().distinct().count() < values.size()) {
      throw UlmfitException.usage("--search " + given + ": names a value twice");
    }
    return new CompareJob.Searched(given.substring(0, at), values);
  }

  /** Parts between commas that are in no brackets. */
  private static List<String> values(String text) {
    List<String> values = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
      if (c == ',' && depth == 0) {
        values.add(text.substring(from, i).strip());
        from = i + 1;
      }
    }
    values.add(text.substring(from).strip());
    return values;
  }
}
