package org.ulmfit.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.Suggestion;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.JarEntries;

/**
 * Which tokenizer: the English word tokenizer in one of its two profiles, the words of ICU for any
 * language, single characters, a subword file, or one that is yet to be trained.
 */
public sealed interface TokenizerSpec {

  /** The name or the path, as {@link #parse} takes it. */
  String id();

  /**
   * What it makes of a text, in words.
   *
   * @throws UlmfitException (usage) if ICU does not know a locale; (failure) if ICU is not there
   */
  String describe();

  /** Whether it makes pieces of words, of a vocabulary of its own. */
  default boolean makesPieces() {
    return false;
  }

  /** Whether a word may be cut: into pieces or characters. */
  default boolean cutsWords() {
    return makesPieces() || this instanceof Characters;
  }

  /** Whether two names or paths mean the same: files with the same content do. */
  static boolean same(String idOrPath, String other) {
    if (idOrPath.equals(other)) {
      return true;
    }
    TokenizerSpec spec = parse(idOrPath);
    TokenizerSpec otherSpec = parse(other);
    return spec.equals(otherSpec)
        || spec instanceof Subword file
            && otherSpec instanceof Subword otherFile
            && file.content().equals(otherFile.content());
  }

  /**
   * Reads {@code spacy-2.0 | spacy-3 | icu | icu:LOCALE | chars | train:SIZE | train:bpe:SIZE |
   * train:unigram:SIZE | path of a tokenizer.json or of a jar that holds one}. A path is not opened
   * here, and ICU not asked whether it knows the locale.
   *
   * @throws UlmfitException (usage) if the text is neither a name nor looks like a file
   */
  static TokenizerSpec parse(String idOrPath) {
    for (Word word : Word.values()) {
      if (word.id().equals(idOrPath)) {
        return word;
      }
    }
    if (idOrPath.equals("chars")) {
      return new Characters();
    }
    if (idOrPath.equals("icu")) {
      return new Icu(null);
    }
    if (idOrPath.startsWith("icu:")) {
      return Icu.of(idOrPath.substring("icu:".length()));
    }
    if (idOrPath.startsWith("train:")) {
      return Trained.of(idOrPath);
    }
    if (looksLikeFile(idOrPath)) {
      return new Subword(Path.of(idOrPath));
    }
    List<String> known =
        List.of(
            "spacy-2.0",
            "spacy-3",
            "icu",
            "icu:LOCALE",
            "chars",
            "train:SIZE",
            "path of a tokenizer.json");
    throw UlmfitException.usage(
        "unknown tokenizer '" + idOrPath + "'" + Suggestion.choice(idOrPath, known));
  }

  private static boolean looksLikeFile(String text) {
    try {
      return Files.exists(Path.of(text))
          || text.endsWith(".json")
          || text.indexOf('/') >= 0
          || text.indexOf('\\') >= 0;
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** The English word tokenizer of spaCy, as of 2018 or as of today. */
  enum Word implements TokenizerSpec {
    /** spaCy 2.0.18: what fastai 0.7 and 1 vocabularies were made with. */
    SPACY_2_0("spacy-2.0", "English words, as of spaCy 2.0"),
    /** spaCy 3.8: what fastai 2 uses today. */
    SPACY_3("spacy-3", "English words, as of spaCy 3");

    private final String id;
    private final String words;

    Word(String id, String words) {
      this.id = id;
      this.words = words;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public String describe() {
      return words;
    }
  }

  /**
   * The words of ICU, which has dictionaries for languages without blanks.
   *
   * @param locale a language tag; null: the rules that all languages share
   */
  record Icu(@Nullable String locale) implements TokenizerSpec {
    private static Icu of(String locale) {
      try {
        Locale is = new Locale.Builder().setLanguageTag(locale.replace('_', '-')).build();
        if (!is.getLanguage().isEmpty()) {
          return new Icu(is.toLanguageTag());
        }
      } catch (IllformedLocaleException e) {
        // refused with the others
      }
      throw UlmfitException.usage(
          "tokenizer icu:"
              + locale
              + ": '"
              + locale
              + "' is no locale; give a language tag, as in icu:th or icu:zh-Hant");
    }

    @Override
    public String id() {
      return locale == null ? "icu" : "icu:" + locale;
    }

    @Override
    public String describe() {
      return there(() -> IcuTokenizer.describe(this));
    }

    /**
     * Version of the library, whose dictionaries decide what words there are.
     *
     * @throws UlmfitException (failure) if it is not there
     */
    public static String version() {
      return there(IcuTokenizer::version);
    }

    /** Calls the library, if it is there. */
    static <T> T there(Supplier<T> call) {
      try {
        return call.get();
      } catch (LinkageError e) {
        throw UlmfitException.failure(
            "tokenizer icu: its library is not there; add com.ibm.icu:icu4j to the class path (the"
                + " distribution of ulmfit has it in lib/), or take another tokenizer",
            e);
      }
    }
  }

  /** One token a character. */
  record Characters() implements TokenizerSpec {
    @Override
    public String id() {
      return "chars";
    }

    @Override
    public String describe() {
      return "one token a character, with the marks it carries";
    }
  }

  /** A HuggingFace {@code tokenizer.json}, or a jar that holds one. */
  record Subword(Path file) implements TokenizerSpec {
    @Override
    public String id() {
      return file.toString();
    }

    @Override
    public String describe() {
      return "pieces of words";
    }

    @Override
    public boolean makesPieces() {
      return true;
    }

    /**
     * What the file holds.
     *
     * @throws UlmfitException (bad data, of a jar bad model) if it cannot be read
     */
    public String content() {
      if (JarEntries.isJar(file)) {
        return new String(JarEntries.tokenizer(file), StandardCharsets.UTF_8);
      }
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_DATA, file, e);
      }
    }
  }

  /**
   * Pieces that are learned of the training texts when these are prepared.
   *
   * @param type {@code unigram} or {@code bpe}
   * @param size of the vocabulary
   */
  record Trained(String type, int size) implements TokenizerSpec {
    private static final Pattern FORM = Pattern.compile("train:(?:(unigram|bpe):)?([1-9]\\d{0,6})");

    private static Trained of(String id) {
      Matcher form = FORM.matcher(id);
      if (!form.matches()) {
        throw UlmfitException.usage(
            "tokenizer "
                + id
                + ": give the number of pieces, as in train:15000, train:unigram:15000 or"
                + " train:bpe:15000");
      }
      String type = form.group(1) == null ? "unigram" : form.group(1);
      return new Trained(type, Integer.parseInt(form.group(2)));
    }

    @Override
    public String id() {
      return "train:" + type + ":" + size;
    }

    @Override
    public String describe() {
      return Shown.format("%,d pieces of words, learned of the training texts", size);
    }

    @Override
    public boolean makesPieces() {
      return true;
    }
  }
}
