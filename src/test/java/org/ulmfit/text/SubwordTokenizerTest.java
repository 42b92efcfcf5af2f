package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.UlmfitException;

class SubwordTokenizerTest {
  private static Path file(String name) throws URISyntaxException {
    return Path.of(SubwordTokenizerTest.class.getResource("/subword/" + name).toURI());
  }

  private static TextPipeline pipeline(Rules rules, String name) throws URISyntaxException {
    return TextPipeline.of(rules, TokenizerSpec.parse(file(name).toString()));
  }

  @Test
  void piecesOfTheWholeText() throws Exception {
    try (TextPipeline pipeline = pipeline(Rules.NONE, "tokenizer.json")) {
      // The file asks for truncation to 4, padding to 12 and [CLS] .. [SEP]: none of it is wanted.
      assertEquals(
          List.of("the", "film", "is", "un", "##watch", "##able", "!", "[UNK]", "."),
          pipeline.tokens("The FILM is unwatchable! Honest."));
      assertEquals(List.of(), pipeline.tokens(""));
      assertEquals(1000, pipeline.tokens("film ".repeat(1000)).size());
    }
  }

  /** Found by damaging the file: it loads, and fails at the first unknown word. */
  @Test
  void anUnknownTokenThatIsNotInTheVocabularyIsRefused(@TempDir Path dir) throws Exception {
    String text = Files.readString(file("tokenizer.json"));
    String broken = text.replace("\"unk_token\": \"[UNK]\"", "\"unk_token\": \"[NIL]\"");
    assertFalse(broken.equals(text));
    Path path = Files.writeString(dir.resolve("tokenizer.json"), broken);
    try (TextPipeline pipeline =
        TextPipeline.of(Rules.NONE, TokenizerSpec.parse(path.toString()))) {
      assertEquals(List.of("the", "film"), pipeline.tokens("the film"));
      UlmfitException e = assertThrows(UlmfitException.class, () -> pipeline.tokens("Honest"));
      assertEquals(UlmfitException.Kind.BAD_DATA, e.kind());
      assertTrue(e.getMessage().contains("tokenizer.json"), e.getMessage());
    }
  }

  @Test
  void vocabularyInIdOrder() throws Exception {
    try (TextPipeline pipeline = pipeline(Rules.NONE, "tokenizer.json")) {
      List<String> vocabulary = pipeline.vocabulary().orElseThrow();
      assertEquals(12, vocabulary.size());
      assertEquals("[UNK]", vocabulary.get(0));
      assertEquals("##able", vocabulary.get(8));
    }
    try (TextPipeline pipeline = TextPipeline.of(Rules.NONE, TokenizerSpec.Word.SPACY_3)) {
      assertTrue(pipeline.vocabulary().isEmpty());
    }
  }

  @Test
  void unigram() throws Exception {
    try (TextPipeline pipeline = pipeline(Rules.NONE, "unigram.json")) {
      assertEquals(List.of("▁good", "▁film", "s"), pipeline.tokens("good films"));
      assertEquals(
          List.of("<unk>", "▁", "▁good", "▁film", "s"), pipeline.vocabulary().orElseThrow());
    }
  }

  /** Blanks belong to a piece of the file's, other than to a special token. */
  @Test
  void piecesOfWhiteSpaceStayAsTheFileHasThem(@TempDir Path dir) throws Exception {
    String json =
        """
        {"model": {"type": "BPE",
          "vocab": {"a": 0, "b": 1, " ": 2, "\\n": 3, " a": 4, "\\n\\n": 5, "\\n\\nb": 6},
          "merges": [[" ", "a"], ["\\n", "\\n"], ["\\n\\n", "b"]]}}
        """;
    Path path = Files.writeString(dir.resolve("tokenizer.json"), json);
    try (TextPipeline pipeline =
        TextPipeline.of(Rules.NONE, TokenizerSpec.parse(path.toString()))) {
      assertEquals(
          List.of("a", " a", "\n\nb", " a", " ", "b", "\n\n"), pipeline.tokens("a a\n\nb a b\n\n"));
      assertTrue(pipeline.dropsUnknown());
      assertEquals(List.of("a", "b"), pipeline.tokens("aZb"), "which is worth a warning");
    }
    try (TextPipeline pipeline = pipeline(Rules.NONE, "unigram.json")) {
      assertFalse(pipeline.dropsUnknown());
    }
  }

  @Test
  void halfASurrogatePairIsOneUnknownCharacter() throws Exception {
    try (TextPipeline pipeline = pipeline(Rules.NONE, "unigram.json")) {
      assertEquals(
          List.of("▁", "\uD83D\uDE00", "▁", "\uFFFD", "▁good"),
          pipeline.tokens("\uD83D\uDE00 \uD83D good"));
    }
  }

  @Test
  void rulesRunBeforeIt() throws Exception {
    try (TextPipeline pipeline = pipeline(Rules.FASTAI_0_7, "tokenizer.json")) {
      // t_up, which this vocabulary lacks, and "<br />" as a newline
      assertEquals(List.of("film", "[UNK]", "film"), pipeline.tokens("film<br />FILM"));
    }
  }

  @Test
  void threadsShareOne() throws Exception {
    try (TextPipeline pipeline = pipeline(Rules.NONE, "tokenizer.json")) {
      List<String> expected = pipeline.tokens("the unwatchable film");
      boolean same =
          IntStream.range(0, 200)
              .parallel()
              .allMatch(i -> pipeline.tokens("the unwatchable film").equals(expected));
      assertTrue(same);
    }
  }

  @Test
  void missingFile(@TempDir Path dir) {
    Path file = dir.resolve("none.json");
    UlmfitException e =
        assertThrows(
            UlmfitException.class,
            () -> TextPipeline.of(Rules.NONE, TokenizerSpec.parse(file.toString())));
    assertEquals(UlmfitException.Kind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().contains(file.toString()));
    assertOneLine(e);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json",
        "[]",
        "{}",
        "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0, \"b\": 7}}}",
        "{\"added_tokens\": 5, \"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0}}}",
        "{\"model\": {\"type\": \"NoSuchModel\", \"vocab\": {\"a\": 0}}}",
        "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0}"
      })
  void brokenFile(String content, @TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("tokenizer.json"), content);
    UlmfitException e =
        assertThrows(
            UlmfitException.class,
            () -> TextPipeline.of(Rules.NONE, TokenizerSpec.parse(file.toString())));
    assertEquals(UlmfitException.Kind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    assertOneLine(e);
  }

  private static void assertOneLine(UlmfitException e) {
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
  }

  /** A file of other people's has no special tokens of ours. */
  @Test
  void specialTokensThatTheFileLacksJoinItsOwn() throws Exception {
    try (TextPipeline pipeline = pipeline(Rules.FASTAI_2, "tokenizer.json")) {
      assertEquals(
          List.of("xxbos", "xxmaj", "the", "xxup", "film", "is", "xxrep", "[UNK]", "!"),
          pipeline.tokens("The FILM is!!!"));
      List<String> vocabulary = pipeline.vocabulary().orElseThrow();
      assertEquals("##able", vocabulary.get(8), "its own ids stay");
      assertEquals(Rules.FASTAI_2.tokenizerSpecials(), vocabulary.subList(12, 21));
      assertEquals(Rules.FASTAI_2.tokenizerSpecials(), pipeline.joined());
    }
    try (TextPipeline pipeline = pipeline(Rules.FASTAI_2, "unigram.json")) {
      assertEquals(
          List.of("xxbos", "xxmaj", "▁good", "▁film", "s", "xxmaj", "▁good"),
          pipeline.tokens("Good films Good"));
    }
  }

  @Test
  void aMarkInsideAWordIsNone() throws Exception {
    try (TextPipeline pipeline = pipeline(Rules.FASTAI_2, "tokenizer.json")) {
      List<String> tokens = pipeline.tokens("goodxxmaj xxmajor (xxup)");
      assertEquals(
          List.of("xxbos", "xxup"), tokens.stream().filter(Rules.FASTAI_2::isMark).toList());
    }
  }

  /** As sentencepiece has fastai's user-defined symbols. */
  @Test
  void specialTokensWithASpaceBeforeThemAreTheFilesOwn(@TempDir Path dir) throws Exception {
    String text = Files.readString(file("unigram.json"));
    StringBuilder pieces = new StringBuilder();
    for (String special : Rules.FASTAI_2_SUBWORD.tokenizerSpecials()) {
      pieces.append("[\"▁").append(special).append("\", 0.0], ");
    }
    Path path =
        Files.writeString(
            dir.resolve("tokenizer.json"), text.replace("[\"▁\", -3.0]", pieces + "[\"▁\", -3.0]"));
    try (TextPipeline pipeline =
        TextPipeline.of(Rules.FASTAI_2_SUBWORD, TokenizerSpec.parse(path.toString()))) {
      List<String> tokens = pipeline.tokens("Good films");
      assertEquals(List.of("▁xxbos", "▁xxmaj", "▁good", "▁film", "s"), tokens);
      assertTrue(Rules.FASTAI_2_SUBWORD.isMark("▁xxmaj"));
      assertTrue(Rules.FASTAI_2_SUBWORD.isNumbered("▁xxrep"));
      assertEquals(14, pipeline.vocabulary().orElseThrow().size());
      assertEquals(List.of(), pipeline.joined());
    }
  }

  /**
   * French has a no-break space before them; the library takes it to the mark, which goes without.
   */
  @ParameterizedTest
  @ValueSource(strings = {"\u00a0", "\u202f", "\u2007", "\u0085", " "})
  void marksBehindAnyBlankAreMarks(String blank) throws Exception {
    for (String file : List.of("tokenizer.json", "unigram.json")) {
      try (TextPipeline pipeline = pipeline(Rules.FASTAI_2, file)) {
        List<String> tokens = pipeline.tokens("so good" + blank + "!!!!! so" + blank + "World");
        assertTrue(tokens.contains("xxrep") && tokens.contains("xxmaj"), tokens.toString());
      }
    }
  }
}
