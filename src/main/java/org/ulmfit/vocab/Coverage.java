package org.ulmfit.vocab;

import java.lang.Character.UnicodeScript;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ulmfit.text.Rules;

/**
 * How much of some texts a vocabulary knows, and in what script the rest is written. A word is any
 * token but the marks of the text rules, the numbers that belong to them, and blanks. Thread-safe.
 */
public final class Coverage {
  /** Scripts that put no blanks between words. */
  private static final Set<UnicodeScript> UNPARTED =
      Set.of(
          UnicodeScript.HAN,
          UnicodeScript.THAI,
          UnicodeScript.LAO,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR,
          UnicodeScript.TIBETAN);

  /** Mean letters of a "word" above which it is several; of Chinese or Japanese, of others. */
  private static final double IDEOGRAPHS = 3.5;

  private static final double LETTERS = 8;

  /** What tokenizer files of the usual makers write for what they have no piece for. */
  private static final Set<String> PIECES_UNKNOWN = Set.of("[UNK]", "<unk>", "<UNK>", "[unk]");

  /** A script is foreign to a vocabulary that has fewer of its words than this share. */
  private static final double HARDLY = 0.02;

  private static final String TOKENIZER =
      "lm-finetune --from-scratch --set text.tokenizer=PATH/tokenizer.json";

  private static final double MUCH = 0.05;
  private static final int HANDFUL = 10;

  private final Rules rules;
  private final Vocab vocab;
  private final boolean pieces;
  private final Map<UnicodeScript, Tally> scripts = new EnumMap<>(UnicodeScript.class);
  private long words;
  private long unknown;
  private long noPiece;

  private static final class Tally {
    long words;
    long unknown;
    long letters;
  }

  /** Why so many words are unknown, as far as their letters tell. */
  public enum Cause {
    /** Most are in a script without blanks between words, and long. */
    UNPARTED,
    /** Most are in a script of which the vocabulary has hardly a word. */
    SCRIPT,
    /** Most have no letters. */
    SYMBOLS,
    /** The tokenizer's file has no pieces for most. */
    PIECES,
    /** The script is the vocabulary's own. */
    OTHER
  }

  /**
   * @param pieces whether the tokens come of a tokenizer file, which has an unknown token of its
   *     own
   */
  public Coverage(Rules rules, Vocab vocab, boolean pieces) {
    this.rules = rules;
    this.vocab = vocab;
    this.pieces = pieces;
  }

  /** Counts the tokens of a text, marks among them. */
  public synchronized void add(List<String> tokens) {
    boolean numbered = false;
    for (String token : tokens) {
      if (!numbered && isWord(token)) {
        add(token, 1);
      }
      numbered = rules.isNumbered(token);
    }
  }

  /** Whether a token stands for a word, unless it is the number of a mark. */
  public boolean isWord(String token) {
    return !rules.isMark(token) && !token.isBlank();
  }

  /** Counts one word several times. */
  public synchronized void add(String word, long times) {
    words += times;
    boolean lost = pieces && PIECES_UNKNOWN.contains(word);
    boolean known = !lost && vocab.stoi(word) != vocab.unknownId();
    unknown += known ? 0 : times;
    noPiece += lost ? times : 0;
    int[] letters = new int[1];
    Tally tally = scripts.computeIfAbsent(script(word, letters), s -> new Tally());
    tally.words += times;
    tally.unknown += known ? 0 : times;
    tally.letters += times * letters[0];
  }

  /** The script of a word's first letter, kana as Han; COMMON: it has no letters. */
  private static UnicodeScript script(String word, int[] letters) {
    UnicodeScript found = UnicodeScript.COMMON;
    for (int i = 0; i < word.length(); ) {
      int c = word.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isLetter(c)) {
        letters[0]++;
        UnicodeScript script = c < 128 ? UnicodeScript.LATIN : UnicodeScript.of(c);
        boolean kana = script == UnicodeScript.HIRAGANA || script == UnicodeScript.KATAKANA;
        if (found == UnicodeScript.COMMON) {
          found = kana ? UnicodeScript.HAN : script;
        }
      }
    }
    return found;
  }

  public synchronized long words() {
    return words;
  }

  /** How many of the words are not in the vocabulary. */
  public synchronized long unknown() {
    return unknown;
  }

  /** Unknown words among all; 0 without words. */
  public synchronized double share() {
    return words == 0 ? 0 : (double) unknown / words;
  }

  /**
   * Whether a reader should be warned: more than a twentieth of the words, and not a handful of
   * them, or all.
   */
  public synchronized boolean isMuchUnknown() {
    return share() > MUCH && (unknown >= HANDFUL || unknown == words);
  }

  /** The script of most unknown words that have letters. */
  private synchronized UnicodeScript most() {
    return scripts.entrySet().stream()
        .filter(script -> script.getKey() != UnicodeScript.COMMON)
        .max((a, b) -> Long.compare(a.getValue().unknown, b.getValue().unknown))
        .map(Map.Entry::getKey)
        .orElse(UnicodeScript.COMMON);
  }

  /** The cause that the unknown words' letters speak for. */
  public synchronized Cause cause() {
    if (2 * noPiece > unknown) {
      return Cause.PIECES;
    }
    long lettered = unknown - symbols().unknown;
    if (lettered * 5 < unknown) { // beside words there are always stops
      return Cause.SYMBOLS;
    }
    UnicodeScript most = most();
    if (lettered == 0 || 2 * tally(most).unknown <= lettered) {
      return Cause.OTHER;
    }
    if (isUnparted(most)) {
      return Cause.UNPARTED;
    }
    return isForeign(most) ? Cause.SCRIPT : Cause.OTHER;
  }

  /** The script of most words, known or not, if its words are not parted by blanks. */
  public synchronized Optional<String> unparted() {
    return scripts.entrySet().stream()
        .filter(e -> 2 * e.getValue().words > words - symbols().words && isUnparted(e.getKey()))
        .map(e -> name(e.getKey()))
        .findFirst();
  }

  private Tally symbols() {
    return tally(UnicodeScript.COMMON);
  }

  private Tally tally(UnicodeScript script) {
    return scripts.getOrDefault(script, new Tally());
  }

  private boolean isUnparted(UnicodeScript script) {
    Tally tally = tally(script);
    double bound = script == UnicodeScript.HAN ? IDEOGRAPHS : LETTERS;
    return UNPARTED.contains(script) && !pieces && (double) tally.letters / tally.words > bound;
  }

  private boolean isForeign(UnicodeScript script) {
    List<String> known =
        vocab.itos().stream()
            .filter(token -> isWord(token) && !token.equals(rules.unknown()))
            .filter(token -> !token.equals(Vocab.FAKE))
            .toList();
    long own = known.stream().filter(word -> script(word, new int[1]) == script).count();
    return own < HARDLY * known.size();
  }

  /** The command that trains a language model which would know such texts. */
  public synchronized String training() {
    return switch (cause()) {
      case UNPARTED, PIECES -> TOKENIZER;
      case SCRIPT -> "lm-finetune --from-scratch";
      case SYMBOLS, OTHER -> "lm-finetune";
    };
  }

  /** {@link #cause} in words. */
  public synchronized String why() {
    return switch (cause()) {
      case UNPARTED ->
          "most are " + name(most()) + " and so long that they are whole sentences, not words";
      case SCRIPT ->
          "most are written in "
              + name(most())
              + ", of which the vocabulary has hardly a word; the texts are in another language";
      case SYMBOLS -> "most are symbols or figures, not words";
      case PIECES -> "the tokenizer has no pieces for most of them";
      case OTHER -> "another language, spelling or kind of texts, or a vocabulary of few";
    };
  }

  private static String name(UnicodeScript script) {
    if (script == UnicodeScript.HAN) {
      return "Chinese or Japanese (Han)";
    }
    String name = script.name().replace('_', ' ');
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }
}
