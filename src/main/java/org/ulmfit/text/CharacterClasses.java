package org.ulmfit.text;

/**
 * The flags of every code point under one profile.
 *
 * <p>Letters and icons come from {@code character-classes.txt}; sections look like {@code [spacy-3
 * lower]}, entries like {@code 61-7A}, {@code B5} or {@code 101-137/2} (every second one).
 */
final class CharacterClasses {
  static final int LETTER = 1;
  static final int LOWER = 1 << 1;
  static final int UPPER = 1 << 2;
  static final int ICON = 1 << 3;
  static final int DIGIT = 1 << 4; // 0 to 9
  static final int PREFIX = 1 << 5; // alone, whatever follows
  static final int SUFFIX = 1 << 6; // alone, whatever precedes
  static final int BEFORE_PERIOD = 1 << 7; // a period behind it is a suffix
  static final int QUOTE = 1 << 8; // counts as a letter of either case around an inner period
  static final int INFIX = 1 << 9; // an infix may start here
  static final int SPACE = 1 << 10;
  static final int PLAIN = 1 << 11; // A to Z, a to z: no rule looks at it
  static final int UNIT_END = 1 << 12; // the last character of a unit or currency
  static final int PREFIX_START = 1 << 13; // of a prefix that depends on what follows

  private final short[] table = new short[0x30000]; // no class reaches beyond plane 2

  CharacterClasses(String profile) {
    int flags = 0;
    for (String line : TextResource.lines("character-classes.txt")) {
      if (line.startsWith("[")) {
        String[] section = line.substring(1, line.length() - 1).split(" ");
        flags = section[0].equals(profile) ? sectionFlags(section[1]) : 0;
      } else if (flags != 0) {
        for (String entry : line.split(" ")) {
          addEntry(entry, flags);
        }
      }
    }
    add("0123456789", DIGIT | BEFORE_PERIOD);
    for (char c = 0; c < 128; c++) {
      if ((table[c] & (LOWER | UPPER)) != 0) {
        table[c] |= PLAIN;
      }
    }
    for (int c = 0; c < 0x10000; c++) {
      if (PythonText.isSpace(c)) {
        table[c] |= SPACE;
      }
    }
  }

  private static int sectionFlags(String name) {
    return switch (name) {
      case "uncased" -> LETTER | LOWER | UPPER | BEFORE_PERIOD;
      case "lower" -> LETTER | LOWER | BEFORE_PERIOD;
      case "upper" -> LETTER | UPPER;
      case "letter" -> LETTER;
      case "icon" -> ICON | PREFIX | SUFFIX | INFIX;
      default -> throw new IllegalStateException("character-classes.txt: section " + name);
    };
  }

  private void addEntry(String entry, int flags) {
    int slash = entry.indexOf('/');
    int step = slash < 0 ? 1 : Integer.parseInt(entry.substring(slash + 1));
    String range = slash < 0 ? entry : entry.substring(0, slash);
    int dash = range.indexOf('-');
    int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash), 16);
    int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1), 16);
    for (int c = first; c <= last; c += step) {
      table[c] |= (short) flags;
    }
  }

  /** Adds flags to characters of the basic plane. */
  void add(String characters, int flags) {
    for (int i = 0; i < characters.length(); i++) {
      table[characters.charAt(i)] |= (short) flags;
    }
  }

  /** Flags of one UTF-16 unit; none for half of a surrogate pair. */
  int unit(char c) {
    return table[c];
  }

  /** Flags of the code point that starts at {@code i}, 0 if that is {@code to}. */
  int at(char[] text, int i, int to) {
    if (i >= to) {
      return 0;
    }
    char c = text[i];
    return Character.isHighSurrogate(c) ? flags(Character.codePointAt(text, i, to)) : table[c];
  }

  /** Flags of the code point that ends at {@code i}, 0 if that is {@code from}. */
  int before(char[] text, int i, int from) {
    if (i <= from) {
      return 0;
    }
    char c = text[i - 1];
    return Character.isLowSurrogate(c) ? flags(Character.codePointBefore(text, i, from)) : table[c];
  }

  private int flags(int codePoint) {
    return codePoint < table.length ? table[codePoint] : 0;
  }
}
