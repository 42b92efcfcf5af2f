package org.ulmfit.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What one rule makes of a text or of tokens. */
final class Edited {
  private Edited() {}

  /** A rule on tokens. */
  interface TokenRule {
    void apply(TextBuffer text, Spans tokens, Spans out);
  }

  static String text(String text, Consumer<TextBuffer> rule) {
    TextBuffer buffer = new TextBuffer();
    buffer.set(text);
    rule.accept(buffer);
    buffer.end();
    return buffer.toString();
  }

  static List<String> tokens(List<String> tokens, TokenRule rule) {
    TextBuffer buffer = new TextBuffer();
    buffer.set("");
    Spans spans = new Spans(tokens.size());
    for (String token : tokens) {
      int at = buffer.append(token);
      spans.add(at, at + token.length());
    }
    Spans out = new Spans(tokens.size());
    rule.apply(buffer, spans, out);
    List<String> strings = new ArrayList<>();
    for (int i = 0; i < out.size(); i++) {
      strings.add(new String(buffer.chars(), out.from(i), out.to(i) - out.from(i)));
    }
    return strings;
  }
}
