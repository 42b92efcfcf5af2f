package org.ulmfit.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Cuts a text into tokens; safe for any number of threads. */
sealed interface Tokenizer extends AutoCloseable permits Tokenizer.Words, SubwordTokenizer {
  /** A new list that the caller may change. */
  List<String> tokens(String text);

  /** The tokenizer's own vocabulary in id order, if it has one. */
  Optional<List<String>> vocabulary();

  @Override
  void close();

  static Tokenizer of(TokenizerSpec spec, Collection<String> specials) {
    if (spec instanceof TokenizerSpec.Subword subword) {
      return new SubwordTokenizer(subword.file());
    }
    return new Words(new WordTokenizer((TokenizerSpec.Word) spec, specials));
  }

  /** The word tokenizer with the working memory of each thread. */
  final class Words implements Tokenizer {
    private final ThreadLocal<Worker> workers;

    Words(WordTokenizer tokenizer) {
      workers = ThreadLocal.withInitial(() -> new Worker(tokenizer.scanner(), new TokenStrings()));
    }

    @Override
    public List<String> tokens(String text) {
      return workers.get().tokens(text);
    }

    @Override
    public Optional<List<String>> vocabulary() {
      return Optional.empty();
    }

    @Override
    public void close() {
      workers.remove();
    }
  }

  /** One thread's scanner. */
  record Worker(WordTokenizer.Scanner scanner, TokenStrings strings) {
    List<String> tokens(String text) {
      char[] chars = text.toCharArray();
      Spans spans = scanner.scan(chars, chars.length);
      List<String> out = new ArrayList<>(spans.size());
      for (int i = 0; i < spans.size(); i++) {
        out.add(strings.of(chars, spans.from(i), spans.to(i)));
      }
      return out;
    }
  }
}
