package org.ulmfit.vocab;

import java.lang.Character.UnicodeScript;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ulmfit.text.PythonText;
import org.ulmfit.text.Rules;

/**
 * How much of some texts a vocabulary knows, and in what script the rest is written. A word is any
 * token but the marks of the text rules, the numbers that belong to them, and blanks. Thread-safe.
 */
public final class Coverage {
  /** Mean letters of a "word" above which it is several; of Chinese or Japanese, of others. */
  private static final double IDEOGRAPHS = 3.5;

  private static final double LETTERS = 8;

  /**
   * What tokenizer files of the usual makers write for what they have no piece for; ours: xxunk.
   */
  private static final Set<String> PIECES_UNKNOWN = Set.of("[UNK]", "<unk>", "<UNK>", "[unk]");

  /** A script is foreign to a vocabulary that has fewer of its words than this share. */
  private static final double HARDLY = 0.02;

  private static final String WORDS = "lm-finetune --from-scratch --tokenizer icu";
  private static final String SUBWORDS = "lm-finetune --from-scratch --tokenizer train:15000";

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
    return !rules.isMark(token) && !PythonText.isBlank(token);
  }

  /** Counts one word several times. */
  public synchronized void add(String word, long times) {
    words += times;
    boolean lost = pieces && (PIECES_UNKNOWN.contains(word) || word.equals(rules.unknown()));
    boolean known = !lost && vocab.stoi(word) != vocab.unknownId();
    unknown += known ? 0 : times;
    noPiece += lost ? times : 0;
    Tally tally = scripts.computeIfAbsent(Scripts.of(word), s -> new Tally());
    tally.words += times;
    tally.unknown += known ? 0 : times;
    tally.letters += times * word.codePoints().filter(Character::isLetter).count();
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
        .map(e -> Scripts.name(e.getKey()))
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
    return Scripts.isUnparted(script) && !pieces && (double) tally.letters / tally.words > bound;
  }

  private boolean isForeign(UnicodeScript script) {
    return !Scripts.ofWords(vocab, rules, HARDLY).contains(script);
  }

  /** The command that trains a language model which would know such texts. */
  public synchronized String training() {
    return switch (cause()) {
      case UNPARTED, SCRIPT -> WORDS;
      case PIECES -> SUBWORDS;
      case SYMBOLS, OTHER -> "lm-finetune";
    };
  }

  /** {@link #cause} in words. */
  public synchronized String why() {
    return switch (cause()) {
      case UNPARTED ->
          "most are "
              + Scripts.name(most())
              + " and so long that they are whole sentences, not words";
      case SCRIPT ->
          "most are written in "
              + Scripts.name(most())
              + ", of which the vocabulary has hardly a word; the texts are in another language";
      case SYMBOLS -> "most are symbols or figures, not words";
      case PIECES -> "the tokenizer has no pieces for most of them";
      case OTHER -> "another language, spelling or kind of texts, or a vocabulary of few";
    };
  }
}
