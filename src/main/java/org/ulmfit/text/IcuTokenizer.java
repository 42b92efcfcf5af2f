package org.ulmfit.text;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import com.ibm.icu.util.VersionInfo;
import java.nio.CharBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ulmfit.Suggestion;
import org.ulmfit.UlmfitException;

/**
 * The word boundaries of ICU (Unicode Standard Annex #29, dictionaries for Chinese, Japanese, Thai,
 * Lao, Khmer and Burmese): words, numbers, each sign of punctuation, emoji sequences. White space
 * always bounds a token and is dropped or kept as in the {@link WordTokenizer}; the zero width
 * space, which bounds words in Khmer and Thai, is dropped.
 *
 * <p>The library is optional: without it the class cannot be loaded.
 */
final class IcuTokenizer implements Tokenizer {
  private static final char ZERO_WIDTH_SPACE = '\u200B';

  private final BreakIterator words;
  private final List<String> specials; // those that ICU would cut

  /**
   * @param specials strings never to be cut
   * @throws UlmfitException (usage) if ICU does not know the locale
   */
  IcuTokenizer(TokenizerSpec.Icu spec, Collection<String> specials) {
    words = BreakIterator.getWordInstance(locale(spec));
    this.specials = specials.stream().filter(s -> !s.chars().allMatch(PythonText::isWord)).toList();
  }

  private static ULocale locale(TokenizerSpec.Icu spec) {
    if (spec.locale() == null) {
      return ULocale.ROOT;
    }
    ULocale locale = ULocale.forLanguageTag(spec.locale());
    List<String> known =
        Stream.of(ULocale.getAvailableLocales()).map(ULocale::getLanguage).distinct().toList();
    if (!known.contains(locale.getLanguage())) {
      throw UlmfitException.usage(
          "tokenizer "
              + spec.id()
              + ": ICU "
              + version()
              + " does not know the language '"
              + locale.getLanguage()
              + "'"
              + Suggestion.hint(locale.getLanguage(), known)
              + "; give one that it knows, as in icu:th, or icu alone");
    }
    return locale;
  }

  /** Of the library. */
  static String version() {
    return VersionInfo.ICU_VERSION.getMajor() + "." + VersionInfo.ICU_VERSION.getMinor();
  }

  /**
   * What it makes of a text, in words.
   *
   * @throws UlmfitException (usage) if ICU does not know the locale
   */
  static String describe(TokenizerSpec.Icu spec) {
    String language =
        spec.locale() == null ? "any language" : locale(spec).getDisplayLanguage(ULocale.ENGLISH);
    return "words of " + language + ", as of ICU " + version();
  }

  /** None of its own. */
  @Override
  public Optional<List<String>> vocabulary() {
    return Optional.empty();
  }

  @Override
  public void close() {}

  @Override
  public Cutter cutter() {
    return new Scanner(words.clone());
  }

  /** The working memory of one thread. */
  private final class Scanner implements Cutter {
    private final BreakIterator boundaries;
    private final Spans tokens = new Spans(512);

    Scanner(BreakIterator boundaries) {
      this.boundaries = boundaries;
    }

    @Override
    public Spans cut(TextBuffer buffer) {
      char[] text = buffer.chars();
      int length = buffer.length();
      tokens.clear();
      boundaries.setText(CharBuffer.wrap(text, 0, length));
      int boundary = 0;
      int i = 0;
      while (i < length) {
        if (PythonText.isSpace(text[i])) {
          i = Blanks.cut(text, i, length, tokens);
          continue;
        }
        while (boundary <= i) {
          boundary = boundaries.next();
        }
        int end = Math.max(Blanks.next(text, i, boundary), specialEnd(text, i, length));
        if (text[i] != ZERO_WIDTH_SPACE || end > i + 1) {
          tokens.add(i, end);
        }
        i = end;
      }
      return tokens;
    }

    /** Where a special string ends that begins there; no further than that if none does. */
    private int specialEnd(char[] text, int from, int length) {
      for (String special : specials) {
        int to = from + special.length();
        if (text[from] == special.charAt(0) && to <= length && isAt(text, from, special)) {
          return to;
        }
      }
      return from;
    }

    private static boolean isAt(char[] text, int from, String special) {
      for (int i = 0; i < special.length(); i++) {
        if (text[from + i] != special.charAt(i)) {
          return false;
        }
      }
      return true;
    }
  }
}
