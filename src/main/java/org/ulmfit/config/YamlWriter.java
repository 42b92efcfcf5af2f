package org.ulmfit.config;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.regex.Pattern;
import org.ulmfit.Shown;

/** Prints a recipe so that any YAML reader takes it and {@link YamlReader} gives it back. */
final class YamlWriter {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9._/-]*");
  // Words that YAML 1.1 reads as something other than text.
  private static final Pattern RESERVED = Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null");

  private final StringBuilder out = new StringBuilder();

  static String write(Recipe recipe) {
    YamlWriter writer = new YamlWriter();
    writer.record(recipe, "", "");
    return writer.out.toString();
  }

  /**
   * @param first indent of the first line: inside a list it follows the dash
   */
  private void record(Object record, String first, String indent) {
    String lead = first;
    for (RecordComponent component : Key.components(record.getClass())) {
      Object value = Key.value(component, record);
      if (value == null) {
        continue;
      }
      out.append(lead).append(component.getName()).append(':');
      lead = indent;
      if (value instanceof Record inner) {
        out.append('\n');
        record(inner, indent + "  ", indent + "  ");
      } else if (value instanceof List<?> list
          && !list.isEmpty()
          && list.get(0) instanceof Record) {
        out.append('\n');
        for (Object item : list) {
          record(item, indent + "  - ", indent + "    ");
        }
      } else {
        out.append(' ').append(text(value)).append('\n');
      }
    }
  }

  private static String text(Object value) {
    if (value instanceof List<?> list) {
      return "[" + String.join(", ", list.stream().map(YamlWriter::text).toList()) + "]";
    }
    if (value instanceof Double number) {
      if (number.isNaN()) {
        return OrAuto.WORD;
      }
      // YAML 1.1 knows an exponent only with its sign: 1.0e-4, 1.0e+7.
      return number.toString().replace("E-", "e-").replace("E", "e+");
    }
    if (value instanceof Recipe.KeepPretrained choice) {
      return Key.word(choice); // true and false among its words
    }
    if (value instanceof Enum<?> constant) {
      return word(Key.word(constant));
    }
    return value instanceof String word ? word(word) : value.toString();
  }

  /** A string as a value of YAML: as it is, or in quotes. */
  static String word(String word) {
    boolean plain = PLAIN.matcher(word).matches() && !RESERVED.matcher(word).matches();
    return plain ? word : quoted(word);
  }

  private static String quoted(String word) {
    StringBuilder quoted = new StringBuilder("\"");
    word.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if (Character.isISOControl(c) || (c >= 0xD800 && c < 0xE000)) {
                quoted.append(Shown.format("\\u%04X", c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append('"').toString();
  }
}
