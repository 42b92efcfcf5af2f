package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The profile {@code fastai-2-subword} beside running fastai: its SentencePieceTokenizer on the
 * lines of {@code scripts/parity/lines.txt}, with the very pieces that it trained ({@code
 * scripts/parity/tokenizer_cases.py}).
 */
class SubwordRulesTest {
  private static final List<String> SPECIALS = Rules.FASTAI_2_SUBWORD.specials();

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(SubwordRulesTest.class.getResource("/subword/" + name).toURI());
  }

  @Test
  void tokensAreThoseOfFastai() throws URISyntaxException, IOException {
    ObjectMapper json = new ObjectMapper();
    TokenizerSpec tokenizer = TokenizerSpec.parse(resource("fastai.json").toString());
    List<String> rows = Files.readAllLines(resource("fastai-rows.jsonl"));
    assertEquals(35, rows.size());
    try (TextPipeline pipeline = TextPipeline.of(Rules.FASTAI_2_SUBWORD, tokenizer)) {
      for (String row : rows) {
        JsonNode node = json.readTree(row);
        List<String> expected = new ArrayList<>();
        for (JsonNode token : node.get("tokens")) {
          String text = token.asText();
          // fastai's special tokens have the space before them in them
          boolean special = text.length() > 1 && SPECIALS.contains(text.substring(1));
          expected.add(special ? text.substring(1) : text);
        }
        String text = node.get("text").asText();
        assertEquals(expected, pipeline.tokens(text), text);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          A⏎B⏎⏎C   | xxbos a b c
          `  a   b `  | xxbos a b
          a⇥b\u00A0c\u3000d | xxbos a b c d
          `⏎` | xxbos
          ab | xxbos ab
          a\u200Cb | xxbos a\u200Cb
          """)
  void whiteSpaceOfAnyKindIsOneSpace(String text, String expected) {
    RuledText ruled =
        new RuledText(Rules.FASTAI_2_SUBWORD, FieldMarks.AUTO, FieldNumbers.LESSON, Normalise.NONE);
    ruled.set(List.of(text.replace('⏎', '\n').replace('⇥', '\t')));
    assertEquals(expected, new String(ruled.chars(), 0, ruled.length()));
  }

  @Test
  void theWordRulesKeepLineEnds() {
    RuledText ruled =
        new RuledText(Rules.FASTAI_2, FieldMarks.AUTO, FieldNumbers.LESSON, Normalise.NONE);
    ruled.set(List.of("a\nb"));
    assertEquals("xxbos a\nb", new String(ruled.chars(), 0, ruled.length()));
  }
}
