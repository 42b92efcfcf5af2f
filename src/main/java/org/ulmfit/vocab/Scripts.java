package org.ulmfit.vocab;

import java.lang.Character.UnicodeScript;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.ulmfit.text.Rules;

/** In what scripts texts are written, by their letters. Kana count as Han. */
public final class Scripts {
  /** Scripts that put no blanks between words. */
  private static final Set<UnicodeScript> UNPARTED =
      EnumSet.of(
          UnicodeScript.HAN,
          UnicodeScript.THAI,
          UnicodeScript.LAO,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR,
          UnicodeScript.TIBETAN);

  private static final int LOOKED_AT = 1000; // characters of a text

  private final Map<UnicodeScript, Long> letters = new EnumMap<>(UnicodeScript.class);

  /** The script of a letter; COMMON of anything else. */
  static UnicodeScript of(int codePoint) {
    if (!Character.isLetter(codePoint)) {
      return UnicodeScript.COMMON;
    }
    UnicodeScript script = codePoint < 128 ? UnicodeScript.LATIN : UnicodeScript.of(codePoint);
    return switch (script) {
      case HIRAGANA, KATAKANA, BOPOMOFO -> UnicodeScript.HAN;
      case INHERITED, UNKNOWN -> UnicodeScript.COMMON;
      default -> script;
    };
  }

  /** The script of a word's first letter; COMMON: it has none. */
  static UnicodeScript of(String word) {
    return word.codePoints()
        .mapToObj(Scripts::of)
        .filter(script -> script != UnicodeScript.COMMON)
        .findFirst()
        .orElse(UnicodeScript.COMMON);
  }

  static boolean isUnparted(UnicodeScript script) {
    return UNPARTED.contains(script);
  }

  /**
   * The scripts of which a vocabulary has words.
   *
   * @param share of its words that are written in a script at least
   */
  static Set<UnicodeScript> ofWords(Vocab vocab, Rules rules, double share) {
    Map<UnicodeScript, Long> words = new EnumMap<>(UnicodeScript.class);
    long all = 0;
    for (String token : vocab.itos()) {
      boolean word = !rules.isMark(token) && !token.isBlank() && !token.equals(rules.unknown());
      if (word && !token.equals(Vocab.FAKE)) {
        words.merge(of(token), 1L, Long::sum);
        all++;
      }
    }
    double least = share * all;
    Set<UnicodeScript> known = EnumSet.noneOf(UnicodeScript.class);
    words.forEach((script, count) -> addIf(known, script, count >= least));
    return known;
  }

  private static void addIf(Set<UnicodeScript> scripts, UnicodeScript script, boolean add) {
    if (add) {
      scripts.add(script);
    }
  }

  /** Counts the letters at the beginning of a text. */
  public void add(String text) {
    int end = Math.min(text.length(), LOOKED_AT);
    for (int i = 0; i < end; ) {
      int c = text.codePointAt(i);
      count(of(c), 1);
      i += Character.charCount(c);
    }
  }

  /** Counts the letters of a word that stands so many times. */
  public void add(String word, long times) {
    word.codePoints().forEach(c -> count(of(c), times));
  }

  private void count(UnicodeScript script, long times) {
    if (script != UnicodeScript.COMMON) {
      letters.merge(script, times, Long::sum);
    }
  }

  /** How many letters of each script were counted, by its name. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    letters.forEach((script, count) -> counts.put(script.name(), count));
    return counts;
  }

  /**
   * Adds what others counted.
   *
   * @throws IllegalArgumentException if a script is not known
   */
  public void add(Map<String, Long> counts) {
    counts.forEach((script, count) -> count(UnicodeScript.valueOf(script), count));
  }

  /** How many letters were counted. */
  public long letters() {
    return letters.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Of the letters those that are Latin; 0 without letters. */
  public double latin() {
    return share(script -> script == UnicodeScript.LATIN);
  }

  /**
   * Of the letters those in scripts of which a vocabulary has words.
   *
   * @param least of its words that are written in such a script
   */
  public double known(Vocab vocab, Rules rules, double least) {
    return share(ofWords(vocab, rules, least)::contains);
  }

  private double share(Predicate<UnicodeScript> which) {
    long some = 0;
    for (Map.Entry<UnicodeScript, Long> entry : letters.entrySet()) {
      some += which.test(entry.getKey()) ? entry.getValue() : 0;
    }
    return (double) some / Math.max(1, letters());
  }

  private UnicodeScript most() {
    return letters.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(UnicodeScript.COMMON);
  }

  /** Whether most letters are of a script that puts no blanks between words. */
  public boolean areUnparted() {
    return isUnparted(most());
  }

  /** The script of most letters, as a reader calls it. */
  public String name() {
    return name(most());
  }

  static String name(UnicodeScript script) {
    if (script == UnicodeScript.HAN) {
      return "Chinese or Japanese (Han)";
    }
    String name = script.name().replace('_', ' ');
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }
}
