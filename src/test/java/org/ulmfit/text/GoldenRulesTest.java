package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.ulmfit.text.TextBuffer.BACKSLASH;
import static org.ulmfit.text.TextBuffer.HASH;
import static org.ulmfit.text.TextBuffer.NEWLINE;
import static org.ulmfit.text.TextBuffer.SLASH;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every rule of every profile, alone and chained, on the golden cases. */
class GoldenRulesTest {
  @TestFactory
  Stream<DynamicTest> rules() throws IOException {
    return cases("golden_rules.dev.jsonl");
  }

  @TestFactory
  Stream<DynamicTest> pairs() throws IOException {
    return cases("golden_text_pairs.jsonl");
  }

  private static Stream<DynamicTest> cases(String file) throws IOException {
    return SharedFiles.golden(file).stream()
        .map(
            c ->
                dynamicTest(
                    c.path("api").asText() + " " + c.path("rule").asText() + " " + c.path("in"),
                    () -> check(c)));
  }

  private static void check(JsonNode c) {
    String api = c.path("api").asText();
    String rule = c.path("rule").asText();
    Rules rules =
        switch (api) {
          case "v0.7" -> Rules.FASTAI_0_7;
          case "v1" -> Rules.FASTAI_1;
          default -> Rules.FASTAI_2;
        };
    Object expected =
        c.path("out").isArray() ? SharedFiles.strings(c.path("out")) : c.path("out").asText();
    assertEquals(expected, apply(rules, rule, c.path("in"), c.path("spacy").asText()));
    if (c.has("spacy_3_8_tokens")) {
      List<String> tokens = SharedFiles.strings(c.path("spacy_3_8_tokens"));
      assertEquals(tokens, documentTokens(rules, rule, c.path("in")));
    }
  }

  private static Object apply(Rules rules, String rule, JsonNode in, String spacy) {
    String text = in.asText();
    boolean old = rules != Rules.FASTAI_2;
    String version = rules == Rules.FASTAI_0_7 ? "tk_" : "xx";
    return switch (rule) {
      case "fixup", "fix_html" -> Edited.text(text, RuleChain.of(rules)::fixUp);
      case "replace_rep" ->
          Edited.text(text, t -> Repetition.characters(t, version + "rep", old ? 4 : 3));
      case "replace_wrep" ->
          old
              ? Edited.text(text, t -> Repetition.words(t, version + "wrep"))
              : Edited.text(text, t -> Repetition.spacedWords(t, "xxwrep"));
      case "do_caps" -> Edited.text(text, Capitals::markRuns);
      case "add_spaces" -> Edited.text(text, t -> Spacing.around(t, SLASH | HASH));
      case "sub_br" -> Edited.text(text, Spacing::breakTags);
      case "spec_add_spaces" ->
          Edited.text(text, t -> Spacing.around(t, SLASH | HASH | (old ? NEWLINE : BACKSLASH)));
      case "rm_useless_spaces" -> Edited.text(text, Spacing::collapse);
      case "replace_all_caps" ->
          old
              ? Edited.tokens(SharedFiles.strings(in), Capitals::markUpperTokens)
              : Edited.text(text, t -> Capitals.markWords(t, true, false));
      case "deal_caps" -> Edited.tokens(SharedFiles.strings(in), Capitals::markTitleTokens);
      case "replace_maj" -> Edited.text(text, t -> Capitals.markWords(t, false, true));
      case "lowercase" -> Edited.text(text, Capitals::lowerWithStart);
      case "replace_space" ->
          Edited.tokens(
                  List.of(text),
                  (buffer, tokens, out) -> {
                    RuleChain.of(rules).afterTokenizer(buffer, tokens);
                    out.add(tokens.from(0), tokens.to(0));
                  })
              .get(0);
      case "tokenize" -> tokenize(rules, text, spacy);
      case "pre rules (after the xxbos prefix)" ->
          pipeline(rules).textForTokenizer("xxbos " + text);
      case "whole pipeline" -> documentTokens(rules, rule, in);
      case "whole rule chain" -> pipeline(rules).textForTokenizer(text);
      default -> pipeline(rules).textForTokenizer(rowText(rules, rule, in));
    };
  }

  /** The Tokenizer class alone: fix-ups belong to it from fastai 1 on, not in 0.7. */
  private static List<String> tokenize(Rules rules, String text, String spacy) {
    TokenizerSpec spec = TokenizerSpec.parse(spacy.equals("2.0") ? "spacy-2.0" : "spacy-3");
    TextPipeline pipeline = TextPipeline.of(rules, spec);
    return rules == Rules.FASTAI_0_7 ? pipeline.tokensWithoutFixUps(text) : pipeline.tokens(text);
  }

  private static List<String> documentTokens(Rules rules, String rule, JsonNode in) {
    return pipeline(rules).tokens(rowText(rules, rule, in));
  }

  private static String rowText(Rules rules, String rule, JsonNode in) {
    List<String> fields = in.isArray() ? SharedFiles.strings(in) : List.of(in.asText());
    FieldNumbers numbers = rule.contains("imdb_scripts") ? FieldNumbers.PAPER : FieldNumbers.LESSON;
    return TextPipeline.of(
            rules, TokenizerSpec.Word.SPACY_3, FieldMarks.AUTO, numbers, Normalise.NONE)
        .rowText(fields);
  }

  private static TextPipeline pipeline(Rules rules) {
    return TextPipeline.of(rules, TokenizerSpec.Word.SPACY_3);
  }
}
