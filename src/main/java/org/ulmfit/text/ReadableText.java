package org.ulmfit.text;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Tokens back into a text as people write it, one after another: the marks of the rules become
 * capitals, repetitions and new lines, and white space stands where a reader expects it. What the
 * tokenizer has lost it cannot know: two spaces, or a hyphen with spaces around it.
 *
 * <p>Made for one text, not thread-safe.
 */
public final class ReadableText {
  private static final Set<String> NO_SPACE_BEFORE =
      Set.of(
          ",", ".", "!", "?", ";", ":", ")", "]", "}", "%", "…", "...", "’", "”", "»", "n't", "n’t",
          "、", "。", "，", "！", "？", "；", "：", "）", "」", "』", "》");
  private static final Set<String> NO_SPACE_AFTER =
      Set.of("(", "[", "{", "«", "“", "‘", "$", "£", "€", "¥", "#", "（", "「", "『", "《");
  private static final Set<String> NO_SPACE_AROUND = Set.of("-", "/", "’");
  private static final Set<String> QUOTES = Set.of("\"", "'");
  private static final Set<String> ENDINGS = Set.of("s", "m", "re", "ve", "ll", "d", "em");
  private static final Map<String, Set<String>> HALVES = // of words that spaCy cuts
      Map.of("na", Set.of("gon", "wan"), "ta", Set.of("got"), "me", Set.of("gim", "lem"));
  private static final int MOST_REPEATS = 1000;

  /** How tokens show where words begin. */
  private enum Spacing {
    WORDS,
    CHARACTERS,
    /** {@code ▁} before a word's first piece. */
    SPACE_BEFORE,
    /** {@code ##} before all its others. */
    CONTINUED,
    /** Bytes as letters, a space among them. */
    BYTES
  }

  /** What the marks before have said of the letters to come. */
  private enum Case {
    AS_IT_IS,
    FIRST,
    ALL
  }

  /** What the tokens to come are for. */
  private enum Awaited {
    TEXT,
    FIELD_NUMBER,
    REPEATS,
    REPEATED,
    WORD_REPEATS,
    WORD_REPEATED
  }

  private final Rules rules;
  private final Spacing spacing;
  private final ByteLevel bytes = new ByteLevel();

  private Case letters = Case.AS_IT_IS;
  private Awaited awaited = Awaited.TEXT;
  private int repeats;
  private String before = ""; // the last token that was written
  private boolean joined = true; // no space before the next one
  private boolean quoted;
  private String held = ""; // a space of characters that is not written yet
  private boolean raised; // whether a piece was written in capitals since the mark

  private ReadableText(Rules rules, Spacing spacing) {
    this.rules = rules;
    this.spacing = spacing;
  }

  /**
   * Of tokens that a profile and a tokenizer have made.
   *
   * @param vocabulary which shows how a subword tokenizer writes spaces
   */
  public static ReadableText of(
      Rules rules, TokenizerSpec tokenizer, Collection<String> vocabulary) {
    return new ReadableText(rules, spacing(tokenizer, vocabulary));
  }

  private static Spacing spacing(TokenizerSpec tokenizer, Collection<String> vocabulary) {
    if (!tokenizer.makesPieces()) {
      return tokenizer.id().equals("chars") ? Spacing.CHARACTERS : Spacing.WORDS;
    }
    if (vocabulary.stream().anyMatch(token -> token.startsWith("\u2581"))) {
      return Spacing.SPACE_BEFORE;
    }
    return vocabulary.stream().anyMatch(token -> token.startsWith(ByteLevel.SPACE))
        ? Spacing.BYTES
        : Spacing.CONTINUED;
  }

  /** What a token adds to the text, with the white space before it; often nothing. */
  public String next(String token) {
    String bare = bare(token);
    switch (awaited) {
      case FIELD_NUMBER -> {
        awaited = Awaited.TEXT;
        if (number(bare) > 0) {
          return "";
        }
      }
      case REPEATS, WORD_REPEATS -> {
        boolean words = awaited == Awaited.WORD_REPEATS;
        repeats = number(bare);
        awaited = Awaited.TEXT;
        if (repeats > 0) {
          awaited = words ? Awaited.WORD_REPEATED : Awaited.REPEATED;
          return "";
        }
      }
      case REPEATED, WORD_REPEATED -> {
        boolean words = awaited == Awaited.WORD_REPEATED;
        awaited = Awaited.TEXT;
        if (!rules.isMark(bare)) {
          return repeated(token, words);
        }
      }
      case TEXT -> {
        // as nearly always
      }
    }
    return rules.isMark(bare) ? mark(bare) : text(token);
  }

  private String bare(String token) {
    return spacing == Spacing.SPACE_BEFORE && token.startsWith("\u2581")
        ? token.substring(1)
        : token;
  }

  private static int number(String token) {
    return token.matches("[0-9]{1,4}") ? Math.min(MOST_REPEATS, Integer.parseInt(token)) : 0;
  }

  private String repeated(String token, boolean words) {
    // the rules cut a character that is repeated off the word it stands in
    boolean tight = !words && isGlued(bare(token));
    joined = joined || tight;
    held = tight ? "" : held;
    String once = shown(bare(token));
    StringBuilder text = new StringBuilder(text(token));
    for (int i = 1; i < repeats; i++) {
      text.append(words ? " " : "").append(once);
    }
    return text.toString();
  }

  private boolean isGlued(String character) {
    return character.length() == 1
        && !before.isEmpty()
        && (Character.isLetter(character.charAt(0))
            ? Character.isLetter(before.charAt(before.length() - 1))
            : ".,!?;:".contains(character));
  }

  private String mark(String mark) {
    switch (mark) {
      case "xxmaj" -> letters = Case.FIRST;
      case "xxup", "t_up" -> letters = Case.ALL;
      case "xxrep", "tk_rep" -> awaited = Awaited.REPEATS;
      case "xxwrep", "tk_wrep" -> awaited = Awaited.WORD_REPEATS;
      case "xxfld", "xfld" -> {
        awaited = Awaited.FIELD_NUMBER;
        return line();
      }
      case "xxbos", "xbos" -> {
        return line();
      }
      default -> {
        // the end of a text, and padding, show nothing
      }
    }
    return "";
  }

  private String line() {
    boolean first = before.isEmpty();
    joined = true;
    quoted = false;
    return first ? "" : "\n";
  }

  private String text(String token) {
    return switch (spacing) {
      case WORDS -> word(token);
      case CHARACTERS -> character(token);
      case SPACE_BEFORE -> piece(token.replace('\u2581', ' '));
      case CONTINUED ->
          token.startsWith("##") ? cased(token.substring(2), false) : piece(" " + token);
      case BYTES -> piece(bytes.text(token));
    };
  }

  /** A space waits for what comes next: the rules put one before a repeated character. */
  private String character(String token) {
    String shown = token.replace('\u2581', ' ');
    String waiting = held;
    held = "";
    if (shown.equals(" ")) {
      letters = Case.AS_IT_IS;
      held = before.isEmpty() ? "" : shown;
      return waiting;
    }
    return waiting + cased(shown, shown.isBlank());
  }

  /** A piece with its own space before it, but for the first of a line. */
  private String piece(String piece) {
    boolean begins = piece.startsWith(" ");
    if (begins && letters == Case.ALL && !before.isEmpty() && raised) {
      letters = Case.AS_IT_IS;
    }
    String bare = begins ? piece.substring(1) : piece;
    String space = begins && !joined ? " " : "";
    joined = bare.isEmpty() && joined;
    return space + cased(bare, false);
  }

  private String word(String token) {
    if (PythonText.isBlank(token)) {
      boolean first = before.isEmpty();
      joined = true;
      before = first ? "" : token;
      return first ? "" : token;
    }
    boolean quote = QUOTES.contains(token);
    boolean closing = quote && quoted;
    boolean tight = joined || closing || isTight(token);
    String text = (tight ? "" : " ") + cased(token, true);
    joined = NO_SPACE_AFTER.contains(token) || NO_SPACE_AROUND.contains(token) || quote && !closing;
    quoted = quote != quoted;
    return text;
  }

  private boolean isTight(String token) {
    String lower = token.toLowerCase(Locale.ROOT);
    return NO_SPACE_BEFORE.contains(lower)
        || NO_SPACE_AROUND.contains(token)
        || (lower.startsWith("'") || lower.startsWith("’")) && ENDINGS.contains(lower.substring(1))
        || HALVES.getOrDefault(lower, Set.of()).contains(before)
        || isUnspaced(before) && isUnspaced(token);
  }

  /** Whether its script is written without spaces. */
  private static boolean isUnspaced(String token) {
    if (token.isEmpty()) {
      return false;
    }
    int c = token.codePointAt(0);
    return switch (Character.UnicodeScript.of(c)) {
      case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
      default -> c >= 0x3000 && c <= 0x303F || c >= 0xFF00 && c <= 0xFFEF;
    };
  }

  /**
   * @param whole whether the token is a word
   */
  private String cased(String token, boolean whole) {
    String shown = shown(token);
    before = token.isEmpty() ? before : token;
    boolean lettered = shown.codePoints().anyMatch(Character::isLetter);
    if (lettered && (letters == Case.FIRST || whole)) {
      letters = Case.AS_IT_IS;
    }
    raised = letters == Case.ALL && lettered;
    return shown;
  }

  private String shown(String token) {
    if (letters == Case.ALL) {
      return token.toUpperCase(Locale.ROOT);
    }
    if (letters == Case.FIRST && !token.isEmpty()) {
      int first = token.offsetByCodePoints(0, 1);
      return token.substring(0, first).toUpperCase(Locale.ROOT) + token.substring(first);
    }
    return token;
  }
}
