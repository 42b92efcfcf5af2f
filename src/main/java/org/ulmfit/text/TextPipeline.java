package org.ulmfit.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ulmfit.UlmfitException;

/**
 * From the text of a document to its tokens: normal form, corpus fix-ups, the rules of a profile,
 * the tokenizer. {@link #tokens} may be called from any number of threads; time is linear in the
 * text.
 */
public final class TextPipeline implements AutoCloseable {
  private final Rules rules;
  private final TokenizerSpec spec;
  private final RowText rows;
  private final Normalise normalise;
  private final RuleChain chain;
  private final Tokenizer tokenizer;
  private final ThreadLocal<Worker> workers;

  private TextPipeline(TokenizerSpec spec, RowText rows, Normalise normalise) {
    this.rules = rows.rules();
    this.spec = spec;
    this.rows = rows;
    this.normalise = normalise;
    this.chain = RuleChain.of(rules);
    this.tokenizer = Tokenizer.of(spec, rules);
    this.workers = ThreadLocal.withInitial(() -> new Worker(tokenizer.cutter()));
  }

  /** The working memory of one thread. */
  private static final class Worker {
    final Tokenizer.Cutter cutter;
    final TextBuffer text = new TextBuffer();
    final TokenStrings strings = new TokenStrings();

    Worker(Tokenizer.Cutter cutter) {
      this.cutter = cutter;
    }
  }

  /**
   * One whose texts are not normalised, and whose rows are as the profile's generation made them,
   * and as the lesson counted them.
   */
  public static TextPipeline of(Rules rules, TokenizerSpec tokenizer) {
    return of(rules, tokenizer, FieldMarks.AUTO, FieldNumbers.LESSON, Normalise.NONE);
  }

  /**
   * One whose rows are made as told.
   *
   * @param marks whether field markers stand before the columns of a row
   * @param numbers how fastai 0.7 counts them
   * @param normalise to which Unicode normal form texts are brought first
   * @throws UlmfitException (bad data) if a subword file is missing or no tokenizer; (usage) if
   *     there are always to be marks and the rules have none, or if ICU does not know a locale;
   *     (failure) if ICU is asked for and not there
   */
  public static TextPipeline of(
      Rules rules,
      TokenizerSpec tokenizer,
      FieldMarks marks,
      FieldNumbers numbers,
      Normalise normalise) {
    return new TextPipeline(tokenizer, new RowText(rules, marks, numbers), normalise);
  }

  public Rules rules() {
    return rules;
  }

  public TokenizerSpec tokenizer() {
    return spec;
  }

  /**
   * The tokens of a text: corpus fix-ups, the profile's rules and the tokenizer. No prefix but what
   * the rules themselves add (fastai-2: {@code xxbos}). The list cannot be changed.
   */
  public List<String> tokens(String text) {
    return strings(text, true);
  }

  /** The profile's rules and the tokenizer; fastai's Tokenizer class when used alone. */
  List<String> tokensWithoutFixUps(String text) {
    return strings(text, false);
  }

  private List<String> strings(String text, boolean fixUp) {
    Worker worker = workers.get();
    worker.text.set(text);
    Spans tokens = tokens(worker.text, worker.cutter, fixUp);
    char[] chars = worker.text.chars();
    List<String> out = new ArrayList<>(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      long key = key(chars, tokens, i);
      out.add(worker.strings.of(chars, tokens.from(i), tokens.to(i), key));
    }
    return Collections.unmodifiableList(out);
  }

  /** The tokens as ranges of the text, which the rules change. */
  private Spans tokens(TextBuffer text, Tokenizer.Cutter cutter, boolean fixUp) {
    normalise.apply(text);
    if (fixUp) {
      chain.fixUp(text);
    }
    chain.beforeTokenizer(text);
    Spans tokens = cutter.cut(text);
    chain.afterTokenizer(text, tokens);
    return tokens;
  }

  /** The text that reaches the tokenizer. */
  String textForTokenizer(String text) {
    TextBuffer buffer = new TextBuffer();
    buffer.set(text);
    normalise.apply(buffer);
    chain.fixUp(buffer);
    chain.beforeTokenizer(buffer);
    return buffer.toString();
  }

  /**
   * The text of a row as the data layer builds it, before {@link #tokens}: the start token of
   * fastai 0.7 and 1, and field markers.
   *
   * @param fields the text columns in order, at least one
   */
  String rowText(List<String> fields) {
    return rows.of(fields).text();
  }

  /** The tokens of a row as the models see it, in training and prediction. */
  public List<String> documentTokens(List<String> fields) {
    return tokens(rowText(fields));
  }

  /**
   * {@link #documentTokens} with what they stand for; takes longer, and memory for each character.
   */
  public List<LocatedToken> locatedTokens(List<String> fields) {
    RowText.Row row = rows.of(fields);
    TextBuffer text = TextBuffer.traced(row.text());
    Spans tokens = tokens(text, workers.get().cutter, true);
    Origins origins = Objects.requireNonNull(text.origins()); // it is traced
    LocatedToken[] out = new LocatedToken[tokens.size()];
    int start = row.text().length();
    for (int i = out.length - 1; i >= 0; i--) {
      int from = tokens.from(i);
      int to = tokens.to(i);
      int end = start; // of the token that a marker precedes
      if (!origins.isMarker(from, to)) {
        start = origins.start(from);
        end = origins.end(from, to);
      }
      out[i] = row.locate(new String(text.chars(), from, to - from), start, end);
    }
    return List.of(out);
  }

  /** {@link #documentTokens} as numbers; a string is made of new tokens only. */
  public int[] documentNumbers(List<String> fields, TokenNumbers numbers) {
    Worker worker = workers.get();
    worker.text.set(rowText(fields));
    Spans tokens = tokens(worker.text, worker.cutter, true);
    char[] chars = worker.text.chars();
    int[] out = new int[tokens.size()];
    for (int i = 0; i < out.length; i++) {
      long key = key(chars, tokens, i);
      out[i] =
          key != TokenKey.NONE
              ? numbers.of(key)
              : numbers.of(worker.strings.of(chars, tokens.from(i), tokens.to(i), key));
    }
    return out;
  }

  private static long key(char[] chars, Spans tokens, int i) {
    long key = tokens.key(i);
    return key != TokenKey.NONE ? key : TokenKey.of(chars, tokens.from(i), tokens.to(i));
  }

  /** The tokenizer's own vocabulary in id order, if it has one (a subword file). */
  public Optional<List<String>> vocabulary() {
    return tokenizer.vocabulary();
  }

  /** The special tokens of the rules that a subword file lacks, and that join its own pieces. */
  public List<String> joined() {
    return tokenizer instanceof SubwordTokenizer subwords ? subwords.joined() : List.of();
  }

  /** Whether the file of a subword tokenizer leaves out characters that it has no piece for. */
  public boolean dropsUnknown() {
    return tokenizer instanceof SubwordTokenizer subwords && subwords.drops();
  }

  /** Frees the native memory of a subword tokenizer. */
  @Override
  public void close() {
    workers.remove();
    tokenizer.close();
  }
}
