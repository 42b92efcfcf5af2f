package org.ulmfit.text;

import static org.ulmfit.text.CharacterClasses.BEFORE_PERIOD;
import static org.ulmfit.text.CharacterClasses.INFIX;
import static org.ulmfit.text.CharacterClasses.PREFIX;
import static org.ulmfit.text.CharacterClasses.PREFIX_START;
import static org.ulmfit.text.CharacterClasses.QUOTE;
import static org.ulmfit.text.CharacterClasses.SUFFIX;
import static org.ulmfit.text.CharacterClasses.UNIT_END;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The data in which the two tokenizer profiles differ: spaCy 2.0.18 of 2018 and spaCy 3.8.
 *
 * @param today spaCy 3: the second pass, the strict URL rule behind the affixes, look-behinds that
 *     do not see the prefix, infixes also behind digits
 * @param classes flags of every code point
 * @param doubledPrefixes characters that are a prefix as a pair
 * @param doubledSuffixes characters that are a suffix as a pair
 * @param units units and currencies by last character; a suffix behind a digit
 */
record WordProfile(
    boolean today,
    CharacterClasses classes,
    String doubledPrefixes,
    String doubledSuffixes,
    Map<Character, char[][]> units) {

  private static final String PUNCTUATION =
      "\u2026,:;!?\u00BF\u061F\u00A1()[]{}<>_#*&\u3002\uFF1F\uFF01\uFF0C\u3001\uFF1B\uFF1A\uFF5E"
          + "\u00B7\u0964\u060C\u061B\u066A";
  private static final String QUOTES =
      "'\"\u201D\u201C`\u2018\u00B4\u201A,\u201E\u00BB\u00AB\u300C\u300D\u300E\u300F\uFF08\uFF09"
          + "\u3014\u3015\u3010\u3011\u300A\u300B\u3008\u3009";
  private static final String CURRENCY = "$\u00A3\u20AC\u00A5\u0E3F\u20BD\uFDFC";
  private static final String DOLLARS = "US$ C$ A$";
  private static final String UNITS =
      "km km\u00B2 km\u00B3 m m\u00B2 m\u00B3 dm dm\u00B2 dm\u00B3 cm cm\u00B2 cm\u00B3 mm mm\u00B2"
          + " mm\u00B3 ha \u00B5m nm yd in ft kg g mg \u00B5g t lb oz m/s km/h kmh mph hPa Pa mbar"
          + " mb MB kb KB gb GB tb TB T G M K %"
          + " км км² км³ м м² м³ дм дм² дм³ см см² см³ мм мм² мм³ нм кг г мг м/с км/ч кПа Па мбар"
          + " Кб КБ кб Мб МБ мб Гб ГБ гб Тб ТБ"
          // one unit: spaCy's list lacks the comma between the two
          + " тбكم"
          + " كم² كم³ م م² م³ سم سم² سم³ مم مم² مم³ كم غرام جرام جم كغ ملغ كوب اكواب";

  static WordProfile of(TokenizerSpec.Word word) {
    return switch (word) {
      case SPACY_2_0 -> spacy20();
      case SPACY_3 -> spacy3();
    };
  }

  private static WordProfile spacy20() {
    CharacterClasses classes = common("spacy-2.0", CURRENCY);
    classes.add("+", PREFIX);
    classes.add("`\u2019", PREFIX_START);
    classes.add(QUOTES, BEFORE_PERIOD);
    // a doubled quote in the list brings its character into the set before a period
    classes.add("%\u00B2-)]+(?:|\u2019", BEFORE_PERIOD);
    classes.add("?\";", INFIX);
    return new WordProfile(false, classes, "`\u2019", "'`\u2018\u2019", units(CURRENCY));
  }

  private static WordProfile spacy3() {
    StringBuilder currency = new StringBuilder(CURRENCY);
    for (char c = '\u20A0'; c <= '\u20BF'; c++) {
      currency.append(c); // the block of currency signs
    }
    String signs = currency.toString();
    CharacterClasses classes = common("spacy-3", signs);
    String quotes = QUOTES + "\u2019\u27E6\u27E7";
    classes.add("+", PREFIX_START);
    classes.add("\u06D4" + quotes, PREFIX | SUFFIX);
    classes.add("\u2013\u2014", PREFIX | SUFFIX);
    classes.add(quotes, QUOTE);
    classes.add(PUNCTUATION + "\u06D4" + quotes + "%\u00B2-+|", BEFORE_PERIOD);
    return new WordProfile(true, classes, "", "", units(signs));
  }

  private static CharacterClasses common(String name, String currency) {
    CharacterClasses classes = new CharacterClasses(name);
    classes.add(PUNCTUATION + QUOTES, PREFIX | SUFFIX);
    classes.add("\u00A7%=" + currency, PREFIX);
    classes.add(".UCA", PREFIX_START);
    classes.add(".\u2026+-*^,\u2013\u2014~:<>=/", INFIX);
    for (String unit : (UNITS + " " + DOLLARS + " " + spaced(currency)).split(" ")) {
      classes.add(unit.substring(unit.length() - 1), UNIT_END);
    }
    return classes;
  }

  private static Map<Character, char[][]> units(String currency) {
    Map<Character, char[][]> units = new HashMap<>();
    for (String unit : (UNITS + " " + DOLLARS + " " + spaced(currency)).split(" ")) {
      char[][] one = {unit.toCharArray()};
      units.merge(unit.charAt(unit.length() - 1), one, WordProfile::join);
    }
    return units;
  }

  private static char[][] join(char[][] a, char[][] b) {
    char[][] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static String spaced(String characters) {
    return String.join(" ", characters.split(""));
  }
}
