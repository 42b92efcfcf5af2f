package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadableTextTest {
  private static final TokenizerSpec WORDS = TokenizerSpec.parse("spacy-3");
  private static final TokenizerSpec PIECES = TokenizerSpec.parse("tokenizer.json");

  private static String text(ReadableText readable, List<String> tokens) {
    StringBuilder text = new StringBuilder();
    tokens.forEach(token -> text.append(readable.next(token)));
    return text.toString();
  }

  private static String again(Rules rules, String tokenizer, String text) {
    TokenizerSpec spec = TokenizerSpec.parse(tokenizer);
    try (TextPipeline pipeline = TextPipeline.of(rules, spec)) {
      return text(ReadableText.of(rules, spec, List.of()), pipeline.documentTokens(List.of(text)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The film wasn't good.",
        "He'd say it's GREAT, really GREAT!!!!",
        "He asked \"why\" and we'll see (and hear) it all… again",
        "It cost $20, 30% more; John's well-known films/shows did not.",
        "He never never never never said so: NASA did.",
        "The première in Zürich, soooo long ago, they say",
        "She said \"no\" and \"yes\" at 7:30.",
        "We're gonna watch it",
        ""
      })
  void whatTheRulesChangedIsReadAgain(String text) {
    assertEquals(text, again(Rules.FASTAI_2, "spacy-3", text));
    assertEquals(text, again(Rules.FASTAI_1, "spacy-3", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The film WASN'T good, it was soooooo bad!!!!!",
        "Two spaces - and a dash; new\nlines",
        "Two 日本 Straße. The",
        "a"
      })
  void charactersAreReadAsTheyWere(String text) {
    assertEquals(text, again(Rules.FASTAI_2, "chars", text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"这家店的菜很好吃，送得也快！", "味道不错。", "ラーメンがおいしい"})
  void scriptsWithoutSpacesHaveNone(String text) {
    assertEquals(text, again(Rules.FASTAI_2, "icu", text));
  }

  @Test
  void theGenerationOfTheLessonHasItsOwnMarks() {
    assertEquals("it was GREAT!!!!!", again(Rules.FASTAI_0_7, "spacy-2.0", "It was GREAT!!!!!"));
  }

  @Test
  void columnsAndTextsStandOnLinesOfTheirOwn() {
    List<String> tokens =
        List.of("xxbos", "xxfld", "1", "xxmaj", "title", "xxfld", "2", "a", "text", "xxbos", "b");
    assertEquals(
        "Title\na text\nb", text(ReadableText.of(Rules.FASTAI_2, WORDS, List.of()), tokens));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "xxbos ▁xxmaj ▁the ▁film s ▁were ▁xxup ▁gre at ▁and ▁so | The films were GREAT and so",
        "xxbos ▁xxrep ▁4 ▁! ▁xxwrep ▁3 ▁no ▁. | !!!! no no no .",
        "▁xxmaj ▁ e ach | Each"
      })
  void piecesJoinAtTheirOwnSpaces(String tokens, String text) {
    List<String> all = List.of(tokens.split(" "));
    assertEquals(text, text(ReadableText.of(Rules.FASTAI_2_SUBWORD, PIECES, all), all));
  }

  @Test
  void wordPiecesContinueBehindTheirMark() {
    List<String> tokens = List.of("the", "film", "##s", "were");
    assertEquals("the films were", text(ReadableText.of(Rules.NONE, PIECES, tokens), tokens));
  }

  /** As GPT-2's tokenizer writes them: é is the bytes C3 A9, and here in two pieces. */
  @Test
  void piecesOfBytesAreDecodedAcrossTheirBorders() {
    List<String> tokens = List.of("The", "Ġcaf", "Ã", "©", "Ġis", "Ġgood");
    assertEquals("The café is good", text(ReadableText.of(Rules.NONE, PIECES, tokens), tokens));
  }

  @Test
  void aMarkWithoutWhatItAnnouncesIsPassedOver() {
    List<String> tokens =
        List.of("xxrep", "many", "xxrep", "3", "xxmaj", "word", "xxfld", "end", "xxwrep");
    assertEquals("many Word\nend", text(ReadableText.of(Rules.FASTAI_2, WORDS, List.of()), tokens));
  }
}
