package org.ulmfit.subword;

import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.ulmfit.UlmfitException;

/**
 * The pieces that training begins with, as sentencepiece's unigram trainer makes them: every
 * character, and the substrings of words that are followed by different characters and occur twice
 * or more, at most a million by how many characters of the text they cover.
 *
 * <p>A piece has at most 16 characters, all of one script (kana count as Han, digits and
 * punctuation as one script) and no space but before its first one.
 */
final class SeedPieces {
  private static final int LONGEST = 16; // sentencepiece max_sentencepiece_length
  static final int MOST = 1_000_000; // sentencepiece seed_sentencepiece_size
  private static final int END = -1; // of a word
  private static final int SPACE = -1; // as a script
  private static final int INHERITED = -2;
  private static final int ANY = -3;
  private static final int LONG_VOWEL = 0x30FC; // common to both kana

  private final Words words;
  private final int[] scripts; // of each symbol
  private final int[] text; // all words, an end behind each
  private final int[] suffixes;
  private final long[] occurrences; // of the suffixes before each one
  private int[] starts = new int[1 << 12]; // of what was found, in the text
  private byte[] lengths = new byte[1 << 12];
  private long[] covered = new long[1 << 12];
  private int found;

  private SeedPieces(Words words) {
    this.words = words;
    this.scripts = Arrays.stream(words.alphabet()).map(SeedPieces::script).toArray();
    this.text = new int[room(words)];
    this.suffixes = new int[words.symbols().length];
    this.occurrences = new long[suffixes.length + 1];
    long[] timesAt = lay();
    new SuffixSort(text, LONGEST + 1).sort(suffixes);
    for (int i = 0; i < suffixes.length; i++) {
      occurrences[i + 1] = occurrences[i] + timesAt[suffixes[i]];
    }
  }

  private static int room(Words words) {
    try {
      return Math.addExact(words.symbols().length, words.size());
    } catch (ArithmeticException e) {
      throw UlmfitException.failure(
          "the texts have too many different words for one tokenizer; give less text (--limit N)",
          e);
    }
  }

  private static int script(int codePoint) {
    UnicodeScript script = UnicodeScript.of(codePoint);
    if (codePoint == PreTokens.SPACE) {
      return SPACE;
    }
    boolean kana = script == UnicodeScript.HIRAGANA || script == UnicodeScript.KATAKANA;
    if (kana || codePoint == LONG_VOWEL) {
      return UnicodeScript.HAN.ordinal();
    }
    return script == UnicodeScript.INHERITED ? INHERITED : script.ordinal();
  }

  /** How often the word at each place of the text occurs. */
  private long[] lay() {
    long[] timesAt = new long[text.length];
    int at = 0;
    int suffix = 0;
    for (int word = 0; word < words.size(); word++) {
      for (int i = words.starts()[word]; i < words.starts()[word + 1]; i++) {
        timesAt[at] = words.counts()[word];
        suffixes[suffix++] = at;
        text[at++] = words.symbols()[i];
      }
      text[at++] = END;
    }
    return timesAt;
  }

  /** Characters first, in the order of their symbols; scores are counts, times length. */
  static Pieces of(Words words) {
    SeedPieces seeds = new SeedPieces(words);
    seeds.find();
    seeds.cut(MOST);
    return seeds.pieces();
  }

  /** Every group of suffixes that begin alike, by the longest string that they begin with. */
  private void find() {
    int[] froms = new int[LONGEST + 3]; // of the groups that are open, short to long
    int[] depths = new int[LONGEST + 3];
    int open = 0;
    for (int i = 0; i <= suffixes.length; i++) {
      int common = i == 0 || i == suffixes.length ? 0 : common(suffixes[i - 1], suffixes[i]);
      int from = i;
      while (open > 0 && depths[open - 1] > common) {
        open--;
        from = froms[open];
        group(from, i, depths[open]);
      }
      if (common > 0 && (open == 0 || depths[open - 1] < common)) {
        froms[open] = Math.min(from, i - 1);
        depths[open++] = common;
      }
      // what ends a word that occurs twice is a group of its own
      if (i < suffixes.length) {
        int whole = whole(suffixes[i]);
        if (whole > common && (open == 0 || depths[open - 1] < whole)) {
          froms[open] = i;
          depths[open++] = whole;
        }
      }
    }
  }

  /** Length of a suffix, up to one more than a piece may have. */
  private int whole(int suffix) {
    int length = 0;
    while (length <= LONGEST && text[suffix + length] != END) {
      length++;
    }
    return length;
  }

  private int common(int a, int b) {
    int length = 0;
    while (length <= LONGEST && text[a + length] != END && text[a + length] == text[b + length]) {
      length++;
    }
    return length;
  }

  private void group(int from, int to, int length) {
    long times = occurrences[to] - occurrences[from];
    int start = suffixes[from];
    if (times < 2 || length < 2 || length > LONGEST || !isPiece(start, length)) {
      return;
    }
    if (found == starts.length) {
      int room = WordCounts.grown(found + 1, found);
      starts = Arrays.copyOf(starts, room);
      lengths = Arrays.copyOf(lengths, room);
      covered = Arrays.copyOf(covered, room);
    }
    starts[found] = start;
    lengths[found] = (byte) length;
    covered[found++] = times * length;
    if (found == 4 * MOST) {
      cut(MOST);
    }
  }

  /** sentencepiece TrainerInterface::IsValidSentencePiece */
  private boolean isPiece(int start, int length) {
    int before = ANY;
    for (int i = 0; i < length; i++) {
      int script = scripts[text[start + i]];
      if (script == SPACE) {
        if (i > 0) {
          return false;
        }
        continue;
      }
      script = script == INHERITED ? before : script;
      if (before != ANY && script != ANY && script != before) {
        return false;
      }
      before = script;
    }
    return true;
  }

  /** Keeps those that cover most, of those that cover as much the first ones. */
  private void cut(int most) {
    if (found <= most) {
      return;
    }
    long[] sorted = Arrays.copyOf(covered, found);
    Arrays.parallelSort(sorted);
    long least = sorted[found - most];
    long ties = most - Arrays.stream(sorted).filter(c -> c > least).count();
    int kept = 0;
    for (int i = 0; i < found; i++) {
      if (covered[i] > least || covered[i] == least && ties-- > 0) {
        starts[kept] = starts[i];
        lengths[kept] = lengths[i];
        covered[kept++] = covered[i];
      }
    }
    found = kept;
  }

  private Pieces pieces() {
    int characters = words.alphabet().length;
    long[] counts = words.characterCounts();
    int size = characters + found;
    int[] from = new int[size + 1];
    double[] scores = new double[size];
    for (int i = 0; i < size; i++) {
      from[i + 1] = from[i] + (i < characters ? 1 : lengths[i - characters]);
      scores[i] = i < characters ? counts[i] : covered[i - characters];
    }
    int[] symbols = new int[from[size]];
    for (int i = 0; i < characters; i++) {
      symbols[i] = i;
    }
    for (int i = 0; i < found; i++) {
      System.arraycopy(text, starts[i], symbols, from[characters + i], lengths[i]);
    }
    double logSum = Math.log(Arrays.stream(scores).sum());
    return new Pieces(
        symbols,
        from,
        IntStream.range(0, size).mapToDouble(i -> Math.log(scores[i]) - logSum).toArray());
  }
}
