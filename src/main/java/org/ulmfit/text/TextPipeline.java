package org.ulmfit.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.ulmfit.UlmfitException;

/**
 * From the text of a document to its tokens: corpus fix-ups, the rules of a profile, the tokenizer.
 * {@link #tokens} may be called from any number of threads; time is linear in the text.
 */
public final class TextPipeline implements AutoCloseable {
  private final Rules rules;
  private final TokenizerSpec spec;
  private final RuleChain chain;
  private final Tokenizer tokenizer;
  private final ThreadLocal<Worker> workers;

  private TextPipeline(Rules rules, TokenizerSpec spec) {
    this.rules = rules;
    this.spec = spec;
    this.chain = RuleChain.of(rules);
    this.tokenizer = Tokenizer.of(spec, rules.tokenizerSpecials());
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
   * @throws UlmfitException (bad data) if a subword file is missing or no tokenizer
   */
  public static TextPipeline of(Rules rules, TokenizerSpec tokenizer) {
    return new TextPipeline(rules, tokenizer);
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
    Spans tokens = tokens(worker, text, fixUp);
    char[] chars = worker.text.chars();
    List<String> out = new ArrayList<>(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      long key = key(chars, tokens, i);
      out.add(worker.strings.of(chars, tokens.from(i), tokens.to(i), key));
    }
    return Collections.unmodifiableList(out);
  }

  /** The tokens as ranges of the worker's text. */
  private Spans tokens(Worker worker, String text, boolean fixUp) {
    worker.text.set(text);
    if (fixUp) {
      chain.fixUp(worker.text);
    }
    chain.beforeTokenizer(worker.text);
    Spans tokens = worker.cutter.cut(worker.text);
    chain.afterTokenizer(worker.text, tokens);
    return tokens;
  }

  /** The text that reaches the tokenizer. */
  String textForTokenizer(String text) {
    TextBuffer buffer = new TextBuffer();
    buffer.set(text);
    chain.fixUp(buffer);
    chain.beforeTokenizer(buffer);
    return buffer.toString();
  }

  /**
   * The text of a row as the data layer builds it, before {@link #tokens}: the start token of
   * fastai 0.7 and 1, and field markers.
   *
   * @param fields the text columns in order, at least one
   * @param markFields {@code auto} (what the profile's generation does by default), {@code always}
   *     or {@code never}
   * @param fieldNumbers how fastai-0.7 counts further columns: {@code lesson} (1, 1, 2) or {@code
   *     paper} (1, 2, 3)
   * @throws UlmfitException (usage) if an option has another value
   */
  public String rowText(List<String> fields, String markFields, String fieldNumbers) {
    return RowText.of(rules, fields, markFields, fieldNumbers);
  }

  /** {@code tokens(rowText(...))}: a document as the models see it, in training and prediction. */
  public List<String> documentTokens(List<String> fields, String markFields, String fieldNumbers) {
    return tokens(rowText(fields, markFields, fieldNumbers));
  }

  /** {@link #documentTokens} as numbers; a string is made of new tokens only. */
  public int[] documentNumbers(
      List<String> fields, String markFields, String fieldNumbers, TokenNumbers numbers) {
    Worker worker = workers.get();
    Spans tokens = tokens(worker, rowText(fields, markFields, fieldNumbers), true);
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

  /** Frees the native memory of a subword tokenizer. */
  @Override
  public void close() {
    workers.remove();
    tokenizer.close();
  }
}
