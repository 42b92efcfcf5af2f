package org.ulmfit.vocab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ulmfit.text.Rules;
import org.ulmfit.vocab.Coverage.Cause;

class CoverageTest {
  private static Vocab english() {
    List<String> itos = new ArrayList<>(Rules.FASTAI_2.specials());
    itos.addAll(List.of("the", "film", "was", "good", "soup", "cold", "we", "and", ".", ",", "!"));
    itos.add("xxfake");
    return Vocab.of(itos);
  }

  private static Coverage of(Vocab vocab, boolean pieces, String tokens) {
    Coverage coverage = new Coverage(Rules.FASTAI_2, vocab, pieces);
    coverage.add(Arrays.asList(tokens.split(" ")));
    return coverage;
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("xxbos บริการช้าผิดหวังร้านนี้แพงมาก", Cause.UNPARTED, "Thai"),
        Arguments.of("xxbos 这部电影很好看 。 服务也不错吃吃", Cause.UNPARTED, "Chinese or Japanese"),
        Arguments.of("この映画はとても面白かったです 。", Cause.UNPARTED, "Chinese or Japanese"),
        Arguments.of("ភោជនីយដ្ឋាននេះល្អណាស់", Cause.UNPARTED, "Khmer"),
        Arguments.of("这 部 电影 很 好", Cause.SCRIPT, "Chinese or Japanese"),
        Arguments.of("อาหาร อร่อย มาก", Cause.SCRIPT, "Thai"),
        Arguments.of("xxbos xxmaj этот фильм был великолепен .", Cause.SCRIPT, "Cyrillic"),
        Arguments.of("هذا الفيلم رائع", Cause.SCRIPT, "Arabic"),
        Arguments.of("η ταινία ήταν καλή", Cause.SCRIPT, "Greek"),
        Arguments.of("이 영화는 정말 좋았다", Cause.SCRIPT, "Hangul"),
        Arguments.of("הסרט היה טוב", Cause.SCRIPT, "Hebrew"),
        Arguments.of("यह फिल्म अच्छी थी", Cause.SCRIPT, "Devanagari"),
        Arguments.of("der film war sehr gut und lustig", Cause.OTHER, "another language"),
        Arguments.of("for i in range ( 10 ) : print", Cause.OTHER, "another language"),
        Arguments.of("😀 👍 🎉 ❤", Cause.SYMBOLS, "symbols"),
        Arguments.of("12 4711 + 99 =", Cause.SYMBOLS, "figures"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void theLettersOfUnknownWordsTellTheCause(String tokens, Cause cause, String named) {
    Coverage coverage = of(english(), false, tokens);
    assertTrue(coverage.isMuchUnknown() || coverage.unknown() < 10, tokens);
    assertEquals(cause, coverage.cause());
    assertTrue(coverage.why().contains(named), coverage.why());
    assertEquals(cause == Cause.UNPARTED, coverage.unparted().isPresent());
  }

  @Test
  void marksTheirNumbersAndBlanksAreNoWords() {
    Coverage coverage = of(english(), false, "xxbos xxfld 1 xxmaj the xxrep 4 ! xxfld 2 zzz");
    assertEquals(3, coverage.words());
    assertEquals(1, coverage.unknown());
    coverage.add(List.of("xxbos", "\n\n", " ", "xxunk", "4"));
    assertEquals(5, coverage.words());
    assertEquals(3, coverage.unknown(), "xxunk stands for an unknown word");
    Coverage lesson = new Coverage(Rules.FASTAI_0_7, english(), false);
    lesson.add(List.of("\n", "xbos", "xfld", "1", "ร้าน", "t_up", "film", "tk_rep", "3", "."));
    assertEquals(3, lesson.words());
    assertEquals(1, lesson.unknown());
  }

  @Test
  void aTokenizersOwnUnknownTokenIsUnknownThoughTheVocabularyHasIt() {
    Vocab vocab = Vocab.of(List.of("xxunk", "xxpad", "[UNK]", "film"));
    Coverage pieces = of(vocab, true, "[UNK] [UNK] film [UNK]");
    assertEquals(3, pieces.unknown());
    assertEquals(Cause.PIECES, pieces.cause());
    assertEquals(0, of(vocab, false, "[UNK] film").unknown(), "a word like another");
  }

  @Test
  void thePiecesTrainedHereHaveTheVocabularysUnknownToken() {
    Coverage pieces = of(english(), true, "xxunk xxunk film xxunk");
    assertEquals(3, pieces.unknown());
    assertEquals(Cause.PIECES, pieces.cause());
  }

  @Test
  void aHandfulIsNotMuch() {
    Vocab vocab = english();
    assertFalse(of(vocab, false, "the film was zzz").isMuchUnknown());
    assertTrue(of(vocab, false, "zzz").isMuchUnknown(), "nothing is known");
    assertFalse(of(vocab, false, "the ".repeat(20) + "zzz ".repeat(9)).isMuchUnknown());
    assertTrue(of(vocab, false, "the ".repeat(20) + "zzz ".repeat(10)).isMuchUnknown());
    assertFalse(of(vocab, false, "the ".repeat(190) + "zzz ".repeat(10)).isMuchUnknown());
    assertTrue(of(vocab, false, "the ".repeat(189) + "zzz ".repeat(10)).isMuchUnknown());
    assertFalse(new Coverage(Rules.NONE, vocab, false).isMuchUnknown(), "no words at all");
  }

  /** Lowering vocab.minFreq makes sentences known, and nothing better. */
  @Test
  void sentencesThatAreKnownAsWordsAreStillNoWords() {
    String text = "บริการช้าผิดหวังร้านนี้แพงมาก อาหารอร่อยมากจะกลับมาอีก";
    List<String> itos = new ArrayList<>(Rules.FASTAI_2.specials());
    itos.addAll(List.of(text.split(" ")));
    Coverage coverage = of(Vocab.of(itos), false, text);
    assertEquals(0, coverage.unknown());
    assertEquals("Thai", coverage.unparted().orElseThrow());
    assertTrue(of(english(), false, "the film was good").unparted().isEmpty());
    assertTrue(of(english(), true, text).unparted().isEmpty(), "pieces of a tokenizer");
  }
}
