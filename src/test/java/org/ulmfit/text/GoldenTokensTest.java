package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The word tokenizer, its address rules and its second pass on the golden cases. */
class GoldenTokensTest {
  private static final TextPipeline SPACY_3 =
      TextPipeline.of(Rules.NONE, TokenizerSpec.Word.SPACY_3);
  private static final TextPipeline SPACY_2 =
      TextPipeline.of(Rules.NONE, TokenizerSpec.Word.SPACY_2_0);

  @TestFactory
  Stream<DynamicTest> probes() throws IOException {
    return SharedFiles.golden("golden_probes.dev.jsonl").stream().map(GoldenTokensTest::tokens);
  }

  @TestFactory
  Stream<DynamicTest> spacysOwnTests() throws IOException {
    return SharedFiles.jsonLines(SharedFiles.spec("golden_tokens.dev.jsonl")).stream()
        .map(GoldenTokensTest::tokens);
  }

  /** A case names its spaCy; where the other one differs or agrees, that is a case too. */
  private static DynamicTest tokens(JsonNode c) {
    String text = c.path("text").asText();
    return dynamicTest(
        text,
        () -> {
          JsonNode tokens = c.path("tokens");
          boolean three = c.path("spacy").asText().startsWith("3");
          boolean both = c.has("also");
          JsonNode v3 = three || both ? tokens : c.path("tokens_v3");
          JsonNode v2 = !three || both ? tokens : c.path("tokens_v2_0");
          v3 = c.has("tokens_v3") ? c.path("tokens_v3") : v3;
          v2 = c.has("tokens_v2_0") ? c.path("tokens_v2_0") : v2;
          if (!v3.isMissingNode()) {
            assertEquals(SharedFiles.strings(v3), SPACY_3.tokens(text), "spacy-3");
          }
          if (!v2.isMissingNode()) {
            assertEquals(SharedFiles.strings(v2), SPACY_2.tokens(text), "spacy-2.0");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> addresses() throws IOException {
    return SharedFiles.jsonLines(SharedFiles.spec("golden_url_match.jsonl")).stream()
        .map(c -> dynamicTest(c.path("text").asText(), () -> address(c)));
  }

  private static void address(JsonNode c) {
    char[] text = c.path("text").asText().toCharArray();
    for (TokenizerSpec.Word word : TokenizerSpec.Word.values()) {
      JsonNode expected = c.path(word == TokenizerSpec.Word.SPACY_3 ? "match_v3" : "match_v2_0");
      if (!expected.isMissingNode()) {
        UrlRule url = UrlRule.of(WordProfile.of(word));
        url.begin(text, 0, text.length);
        boolean matched = isOneChunk(text) && url.matches(0, text.length);
        assertEquals(expected.asBoolean(), matched, word.id());
      }
    }
  }

  /** The rules are only ever asked about text between white space. */
  private static boolean isOneChunk(char[] text) {
    return new String(text).chars().noneMatch(PythonText::isSpace);
  }

  @Test
  void affixRulesCutTheExceptionsAsSpacyCutsThem() throws IOException {
    JsonNode node =
        SharedFiles.json(SharedFiles.spec("spacy_en_exceptions.json"))
            .at("/profiles/v3/second_pass");
    Map<String, List<String>> expected = new HashMap<>();
    node.properties().forEach(e -> expected.put(e.getKey(), SharedFiles.strings(e.getValue())));
    expected.values().removeIf(pieces -> pieces.size() == 1);
    assertEquals(362, expected.size());

    Map<String, List<String>> actual = new HashMap<>();
    new WordTokenizer(TokenizerSpec.Word.SPACY_3, List.of())
        .secondPassTable()
        .forEach((key, pieces) -> actual.put(key, List.of(pieces)));
    assertEquals(expected, actual);
  }
}
