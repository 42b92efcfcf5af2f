package org.ulmfit.vocab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ulmfit.text.Rules;

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
        arguments("lesson", Rules.FASTAI_0_7, 60_000, 2, true),
        arguments("lesson_max2", Rules.FASTAI_0_7, 2, 2, true),
        arguments("paper_min1", Rules.FASTAI_0_7, 30_000, 1, true),
        arguments("v1_min2", Rules.FASTAI_1, 60_000, 2, false),
        arguments("v1_min2_max12", Rules.FASTAI_1, 12, 2, false),
        arguments("fastai2_min3", Rules.FASTAI_2, 60_000, 3, false),
        arguments("fastai2_min3_max12", Rules.FASTAI_2, 12, 3, false),
        arguments("fastai2_max16", Rules.FASTAI_2, 14, 1, false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("profiles")
  void itos(String name, Rules rules, int maxSize, int minFreq, boolean strict) {
    Vocab vocab = counted(golden.get("tokens").asText()).build(rules, maxSize, minFreq, strict);
    List<String> expected =
        StreamSupport.stream(golden.get(name).spliterator(), false).map(JsonNode::asText).toList();
    assertEquals(expected, vocab.itos());
  }

  @Test
  void idsOfTheLesson() {
    Vocab vocab = counted(golden.get("tokens").asText()).build(Rules.FASTAI_0_7, 60_000, 2, true);
    golden
        .get("ids_lesson")
        .properties()
        .forEach(e -> assertEquals(e.getValue().asInt(), vocab.stoi(e.getKey())));
  }

  @Test
  void sizesForSeventyThousandWords() {
    VocabBuilder builder = new VocabBuilder();
    for (int i = 0; i < 70_000; i++) {
      builder.add("w" + i, 3);
    }
    JsonNode sizes = golden.get("sizes_for_70000_words_count3");
    assertEquals(
        sizes.get("lesson").asInt(), builder.build(Rules.FASTAI_0_7, 60_000, 2, true).size());
    assertEquals(sizes.get("v1").asInt(), builder.build(Rules.FASTAI_1, 60_000, 3, false).size());
    assertEquals(
        sizes.get("fastai2").asInt(), builder.build(Rules.FASTAI_2, 60_000, 3, false).size());
  }

  @Test
  void aMultipleOfEightStillGetsEightFillersInFastai2Only() {
    VocabBuilder builder = counted("a b c d e f g"); // nine specials and seven words: 16
    assertEquals(16, builder.build(Rules.FASTAI_1, 60_000, 1, false).size());
    assertEquals(24, builder.build(Rules.FASTAI_2, 60_000, 1, false).size());
  }

  @Test
  void specialsLeaveTheirNaturalPosition() {
    Vocab vocab = counted("xxbos xxbos xxbos the the").build(Rules.FASTAI_2, 60_000, 1, false);
    assertEquals(List.of("xxmaj", "the"), vocab.itos().subList(8, 10));
    assertEquals(2, vocab.stoi("xxbos"));
  }

  @Test
  void keptWordsFollowWhileThereIsRoom() {
    VocabBuilder builder = counted("the the the film film gem");
    builder.keep(List.of("xxunk", "xxmaj", "the", "gem", "plum", "xxfake", "fig", "date"));
    List<String> all = builder.build(Rules.FASTAI_2, 60_000, 2, false).itos();
    assertEquals(List.of("the", "film", "gem", "plum", "fig", "date"), all.subList(9, 15));
    assertEquals(List.of("xxfake"), all.subList(15, all.size()));
    List<String> few = builder.build(Rules.FASTAI_2, 12, 2, false).itos();
    assertEquals(List.of("the", "film", "gem"), few.subList(9, 12));
    List<String> lesson = builder.build(Rules.FASTAI_0_7, 4, 1, true).itos();
    assertEquals(List.of("_unk_", "_pad_", "the", "film", "xxunk", "xxmaj"), lesson);
  }

  @Test
  void allWordsAreKeptOrNone() {
    VocabBuilder builder = counted("the the the film film gem");
    builder.keepAllOrNone(List.of("xxunk", "xxmaj", "the", "gem", "plum", "xxfake", "fig"));
    List<String> kept = List.of("the", "film", "gem", "plum", "fig");
    for (int room : new int[] {60_000, 14}) { // nine specials and five words
      List<String> all = builder.build(Rules.FASTAI_2, room, 2, false).itos();
      assertEquals(kept, all.subList(9, 14), "room for " + room);
    }
    List<String> none = builder.build(Rules.FASTAI_2, 13, 2, false).itos();
    assertEquals(List.of("the", "film", "xxfake"), none.subList(9, 12));
    List<String> lesson = builder.build(Rules.FASTAI_0_7, 6, 1, true).itos(); // xxunk: a word
    assertEquals(List.of("_unk_", "_pad_", "the", "film"), lesson);
    lesson = builder.build(Rules.FASTAI_0_7, 7, 1, true).itos();
    assertEquals(
        List.of("_unk_", "_pad_", "the", "film", "xxunk", "xxmaj", "gem", "plum", "fig"), lesson);
  }

  private static VocabBuilder counted(String tokens) {
    VocabBuilder builder = new VocabBuilder();
    for (String token : tokens.split(" ")) {
      builder.add(token);
    }
    return builder;
  }
}
