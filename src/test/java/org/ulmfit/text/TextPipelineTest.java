package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ulmfit.UlmfitException;

class TextPipelineTest {
  private static TextPipeline pipeline(Rules rules) {
    return TextPipeline.of(rules, TokenizerSpec.Word.SPACY_2_0);
  }

  @Test
  void rowsOfOneColumn() {
    List<String> one = List.of("Hi");
    assertEquals("\nxbos xfld 1 Hi", pipeline(Rules.FASTAI_0_7).rowText(one));
    assertEquals("xxbos Hi", pipeline(Rules.FASTAI_1).rowText(one));
    assertEquals("Hi", pipeline(Rules.FASTAI_2).rowText(one));
    assertEquals("Hi", pipeline(Rules.NONE).rowText(one));
  }

  @ParameterizedTest
  @CsvSource({
    "fastai-0.7, AUTO, LESSON, '\nxbos xfld 1 a xfld 1 b xfld 2 c'",
    "fastai-0.7, AUTO, PAPER, '\nxbos xfld 1 a xfld 2 b xfld 3 c'",
    "fastai-0.7, NEVER, PAPER, '\nxbos a b c'",
    "fastai-1, AUTO, LESSON, xxbos a b c",
    "fastai-1, ALWAYS, LESSON, xxbos xxfld 1 a xxfld 2 b xxfld 3 c",
    "fastai-2, AUTO, LESSON, xxfld 1 a xxfld 2 b xxfld 3 c",
    "fastai-2, NEVER, LESSON, a b c",
    "none, AUTO, LESSON, a b c",
  })
  void rowsOfThreeColumns(String rules, FieldMarks mark, FieldNumbers numbers, String expected) {
    List<String> fields = List.of("a", "b", "c");
    TextPipeline pipeline =
        TextPipeline.of(
            Rules.of(rules), TokenizerSpec.Word.SPACY_2_0, mark, numbers, Normalise.NONE);
    assertEquals(expected, pipeline.rowText(fields));
  }

  @Test
  void badOptionsAreNamed() {
    usage(
        "no field marker",
        () ->
            TextPipeline.of(
                Rules.NONE,
                TokenizerSpec.Word.SPACY_2_0,
                FieldMarks.ALWAYS,
                FieldNumbers.LESSON,
                Normalise.NONE));
    usage("did you mean 'fastai-0.7'?", () -> Rules.of("fastai-07"));
    usage("did you mean 'spacy-3'?", () -> TokenizerSpec.parse("spacy3"));
    usage(
        "spacy-2.0 | spacy-3 | icu | icu:LOCALE | chars | train:SIZE | path",
        () -> TokenizerSpec.parse("wordpiece\0"));
  }

  private static void usage(String part, Runnable call) {
    UlmfitException e = assertThrows(UlmfitException.class, call::run);
    assertEquals(UlmfitException.Kind.USAGE, e.kind());
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void documentsAsTheModelsSeeThem() {
    List<String> fields = List.of("It's  GREAT<br /><br />Really!!!!");
    assertEquals(
        List.of(
            "\n", "xbos", "xfld", "1", "it", "'s", "t_up", "great", "\n\n", "really", "tk_rep", "4",
            "!"),
        pipeline(Rules.FASTAI_0_7).documentTokens(fields));
    assertEquals(
        List.of(
            "xxbos", "xxmaj", "it", "'s", "xxup", "great", "\n \n ", "xxmaj", "really", "xxrep",
            "4", "!"),
        pipeline(Rules.FASTAI_1).documentTokens(fields));
    assertEquals(
        List.of(
            "xxbos", "xxmaj", "it", "'s", "xxup", "great", "\n\n", "xxmaj", "really", "xxrep", "4",
            "!"),
        TextPipeline.of(Rules.FASTAI_2, TokenizerSpec.Word.SPACY_3).documentTokens(fields));
  }

  /** The prefix is there before the rules run: a text that repeats it merges with it. */
  @Test
  void prefixTakesPartInTheRules() {
    assertEquals(
        List.of("\n", "xbos", "xfld", "tk_wrep", "4", "1", "x"),
        pipeline(Rules.FASTAI_0_7).documentTokens(List.of("1 1 1 x")));
  }

  @Test
  void namesRoundTrip() {
    for (Rules rules : Rules.values()) {
      assertEquals(rules, Rules.of(rules.id()));
      assertEquals(rules.unknown(), rules.specials().get(0));
      assertEquals(rules.pad(), rules.specials().get(1));
    }
    assertEquals(List.of("_unk_", "_pad_"), Rules.FASTAI_0_7.specials());
    assertEquals(
        "xxunk xxpad xxbos xxeos xxfld xxmaj xxup xxrep xxwrep",
        String.join(" ", Rules.FASTAI_1.specials()));
    assertEquals(
        "xxunk xxpad xxbos xxeos xxfld xxrep xxwrep xxup xxmaj",
        String.join(" ", Rules.FASTAI_2.specials()));
    for (String id : List.of("spacy-2.0", "spacy-3", "some/tokenizer.json")) {
      assertEquals(id, TokenizerSpec.parse(id).id());
    }
  }

  @Test
  void emptyAndBlankText() {
    assertEquals(List.of(), pipeline(Rules.NONE).tokens(""));
    assertEquals(List.of("   "), pipeline(Rules.NONE).tokens("   "));
    assertEquals(List.of("xxbos", "a", "\n▁", "b"), pipeline(Rules.FASTAI_2).tokens("a\n b"));
    assertEquals(List.of("xxbos"), pipeline(Rules.FASTAI_2).tokens(" \n "));
  }

  @ParameterizedTest
  @EnumSource(Rules.class)
  void threadsShareOnePipeline(Rules rules) {
    TextPipeline pipeline = pipeline(rules);
    List<String> texts =
        IntStream.range(0, 500).mapToObj(i -> "No." + i + " isn't a-b " + "!".repeat(i)).toList();
    List<List<String>> alone = texts.stream().map(pipeline::tokens).toList();
    List<List<String>> together = texts.parallelStream().map(pipeline::tokens).toList();
    assertEquals(alone, together);
  }

  @Test
  void specialsAreKeptWhole() {
    assertEquals(
        List.of("<eos>", "<bos>", "x", "<", "unk", ">"),
        pipeline(Rules.FASTAI_0_7).tokensWithoutFixUps("<eos> <bos> x<unk>"));
    assertEquals(
        List.of("x", "<unk>"),
        TextPipeline.of(Rules.FASTAI_0_7, TokenizerSpec.Word.SPACY_3)
            .tokensWithoutFixUps("x <unk>"));
  }
}
