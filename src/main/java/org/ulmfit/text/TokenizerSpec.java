package org.ulmfit.text;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.ulmfit.Suggestion;
import org.ulmfit.UlmfitException;

/** Which tokenizer: the word tokenizer in one of its two profiles, or a subword file. */
public sealed interface TokenizerSpec {

  /** {@code spacy-2.0}, {@code spacy-3} or the path, as {@link #parse} takes it. */
  String id();

  /**
   * Reads {@code spacy-2.0 | spacy-3 | path of a tokenizer.json}. A path is not opened here.
   *
   * @throws UlmfitException (usage) if the text is neither a profile nor looks like a file
   */
  static TokenizerSpec parse(String idOrPath) {
    for (Word word : Word.values()) {
      if (word.id().equals(idOrPath)) {
        return word;
      }
    }
    if (looksLikeFile(idOrPath)) {
      return new Subword(Path.of(idOrPath));
    }
    List<String> known = List.of("spacy-2.0", "spacy-3", "path of a tokenizer.json");
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
    SPACY_2_0("spacy-2.0"),
    /** spaCy 3.8: what fastai 2 uses today. */
    SPACY_3("spacy-3");

    private final String id;

    Word(String id) {
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }
  }

  /** A HuggingFace {@code tokenizer.json}. */
  record Subword(Path file) implements TokenizerSpec {
    @Override
    public String id() {
      return file.toString();
    }
  }
}
