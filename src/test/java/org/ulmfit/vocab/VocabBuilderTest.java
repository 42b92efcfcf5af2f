package org.ulmfit.vocab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Golden section 3: the vocabulary of each profile. */
class VocabBuilderTest {
  private static JsonNode golden;

  @BeforeAll
  static void readGolden() throws Exception {
    try (InputStream in =
        VocabBuilderTest.class.getResourceAsStream("/golden/golden_numeric.json")) {
      golden = new ObjectMapper().readTree(in).get("vocab");
    }
  }

  static Stream<Arguments> profiles() {
    return Stream.of(
        arguments("lesson", "fastai-0.7", 60_000, 2, true),
        arguments("lesson_max2", "fastai-0.7", 2, 2, true),
        arguments("paper_min1", "fastai-0.7", 30_000, 1, true),
        arguments("v1_min2", "fastai-1", 60_000, 2, false),
        arguments("v1_min2_max12", "fastai-1", 12, 2, false),
        arguments("fastai2_min3", "fastai-2", 60_000, 3, false),
        arguments("fastai2_min3_max12", "fastai-2", 12, 3, false),
        arguments("fastai2_max16", "fastai-2", 14, 1, false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("profiles")
  void itos(String name, String rules, int maxSize, int minFreq, boolean strict) {
    Vocab vocab = counted(golden.get("tokens").asText()).build(rules, maxSize, minFreq, strict);
    List<String> expected =
        StreamSupport.stream(golden.get(name).spliterator(), false).map(JsonNode::asText).toList();
    assertEquals(expected, vocab.itos());
  }

  @Test
  void idsOfTheLesson() {
    Vocab vocab = counted(golden.get("tokens").asText()).build("fastai-0.7", 60_000, 2, true);
    golden
        .get("ids_lesson")
        .fields()
        .forEachRemaining(e -> assertEquals(e.getValue().asInt(), vocab.stoi(e.getKey())));
  }

  @Test
  void sizesForSeventyThousandWords() {
    VocabBuilder builder = new VocabBuilder();
    for (int i = 0; i < 70_000; i++) {
      builder.add("w" + i, 3);
    }
    JsonNode sizes = golden.get("sizes_for_70000_words_count3");
    Map<String, String> rules =
        Map.of("lesson", "fastai-0.7", "v1", "fastai-1", "fastai2", "fastai-2");
    rules.forEach(
        (name, id) ->
            assertEquals(
                sizes.get(name).asInt(),
                builder
                    .build(id, 60_000, id.equals("fastai-0.7") ? 2 : 3, id.equals("fastai-0.7"))
                    .size()));
  }

  @Test
  void aMultipleOfEightStillGetsEightFillersInFastai2Only() {
    VocabBuilder builder = counted("a b c d e f g"); // nine specials and seven words: 16
    assertEquals(16, builder.build("fastai-1", 60_000, 1, false).size());
    assertEquals(24, builder.build("fastai-2", 60_000, 1, false).size());
  }

  @Test
  void specialsLeaveTheirNaturalPosition() {
    Vocab vocab = counted("xxbos xxbos xxbos the the").build("fastai-2", 60_000, 1, false);
    assertEquals(List.of("xxmaj", "the"), vocab.itos().subList(8, 10));
    assertEquals(2, vocab.stoi("xxbos"));
  }

  private static VocabBuilder counted(String tokens) {
    VocabBuilder builder = new VocabBuilder();
    for (String token : tokens.split(" ")) {
      builder.add(token);
    }
    return builder;
  }
}
