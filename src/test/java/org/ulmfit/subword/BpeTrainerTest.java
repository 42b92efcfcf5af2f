package org.ulmfit.subword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ulmfit.Stop;

/** Cases of {@code scripts/parity/tokenizer_cases.py}: what Hugging Face's trainer made of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BpeTrainerTest {

  /** One corpus with its settings, the pieces in id order and the merges. */
  private record Case(JsonNode node) {
    @Override
    public String toString() {
      return node.get("name").asText();
    }

    List<String> strings(String key) {
      return BpeTrainerTest.strings(node.get(key));
    }

    int number(String key) {
      return node.get(key).intValue();
    }
  }

  private static List<String> strings(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }

  static Stream<Case> cases() throws IOException {
    ObjectMapper json = new ObjectMapper();
    try (InputStream in = BpeTrainerTest.class.getResourceAsStream("/subword/bpe-cases.jsonl")) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      Stream.Builder<Case> cases = Stream.builder();
      for (String line : lines) {
        cases.add(new Case(json.readTree(line)));
      }
      return cases.build();
    }
  }

  static Words words(List<String> texts, List<String> specials, int longestRun) {
    PreTokens reader =
        new PreTokens(specials, longestRun == 0 ? 1 << 30 : longestRun, new WordCounts());
    for (String text : texts) {
      reader.read(text.toCharArray(), text.length());
    }
    return Words.of(reader.counts());
  }

  private static String joined(List<String[]> merges) {
    return String.join("\n", merges.stream().map(merge -> String.join(" + ", merge)).toList());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsHuggingFace(Case one) {
    List<String> specials = one.strings("specials");
    BpeTrainer.Result result =
        new BpeTrainer(specials, one.number("size"), one.number("leastCount"), new Stop())
            .train(words(one.strings("texts"), specials, one.number("longestRun")));
    List<String[]> merges =
        one.node()
            .get("merges")
            .valueStream()
            .map(merge -> strings(merge).toArray(String[]::new))
            .toList();
    assertEquals(joined(merges), joined(result.merges()));
    assertEquals(one.strings("pieces"), result.pieces());
  }

  /** Such as a special token that is also merged from letters. */
  @Test
  void theCasesHoldPiecesMadeTwice() throws IOException {
    assertTrue(cases().anyMatch(one -> madeTwice(one) > 0));
  }

  private static int madeTwice(Case one) {
    int characters = (int) one.strings("pieces").stream().filter(p -> p.length() == 1).count();
    int made =
        one.strings("pieces").size() - characters - (int) longerSpecials(one.strings("specials"));
    return one.node().get("merges").size() - made;
  }

  private static long longerSpecials(List<String> specials) {
    return specials.stream().filter(special -> special.length() > 1).count();
  }
}
