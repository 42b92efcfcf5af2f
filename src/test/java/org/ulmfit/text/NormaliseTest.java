package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Normal forms, and scripts that pass as they are without. */
class NormaliseTest {
  private static TextPipeline pipeline(Rules rules, String tokenizer, Normalise form) {
    return TextPipeline.of(
        rules, TokenizerSpec.parse(tokenizer), FieldMarks.AUTO, FieldNumbers.LESSON, form);
  }

  private static String normalised(String text, Normalise form) {
    TextBuffer buffer = new TextBuffer();
    buffer.set(text);
    form.apply(buffer);
    return buffer.toString();
  }

  private static final String[] ATOMS =
      ("a e o A Å é \u0301 \u0323 \u0302 \u0327 \u0345 \u093C क ड ि \u09C7 \u09BE \u09D7 \u0B47 \u0B3E"
              + " \u0DD9 \u0DCA \u0DCF \u1100 \u1161 \u11A8 가 각 \uAC00\u11A8 \u3131 \u314F か \u3099"
              + " \uFF76 \uFF9E \uFB01 \uFF21 \u2460 \u00BD \u0E4D \u0E32 \u0E33 \u0F71 \u0F72 \u0F73"
              + " \u0344 \u212B \u1E9B\u0323 \u05E9 \u05BC \u05C1 \uFB2C \u0627 \u0653 \uFDFA \uD834\uDD5E"
              + " \uD834\uDD65 \uD804\uDC99 \uD804\uDCBA \uD83D \uDE00 \u200D x\u0301\u0323")
          .split(" ");

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().all().ofMaxLength(40),
        Arbitraries.of(ATOMS).list().ofMaxSize(14).map(list -> String.join("", list)),
        Arbitraries.of(ATOMS).list().ofMaxSize(9).map(list -> String.join(" ", list)));
  }

  /** Stretch by stretch or all at once. */
  @Property(tries = 5000)
  void theFormIsThatOfTheWholeText(@ForAll("texts") String text) {
    assertEquals(Normalizer.normalize(text, Normalizer.Form.NFC), normalised(text, Normalise.NFC));
    assertEquals(
        Normalizer.normalize(text, Normalizer.Form.NFKC), normalised(text, Normalise.NFKC));
    assertEquals(text, normalised(text, Normalise.NONE));
  }

  /** Of every character but ideographs with what may join it. */
  @Test
  void noCharacterOfUnicodeIsMissed() {
    String joiners = "\u0301\u0323\u1161\u11A8\u3099\uFF9E\u09BE\u093C\u0653\u0345\uFFC2\u314F";
    List<String> wrong = new ArrayList<>();
    for (int c = 0; c < 0x30000; c++) {
      if (!Character.isDefined(c) || Character.isIdeographic(c)) {
        continue;
      }
      String text = "a" + Character.toString(c) + joiners + Character.toString(c) + "\u0301";
      for (Normalise form : List.of(Normalise.NFC, Normalise.NFKC)) {
        String whole = Normalizer.normalize(text, Normalizer.Form.valueOf(form.name()));
        if (!whole.equals(normalised(text, form))) {
          wrong.add(Integer.toHexString(c));
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "NFC; e\u0301cole; école@0=e\u0301cole",
        "NFC; a Vie\u0323\u0302t b; a@0=a việt@2=Vie\u0323\u0302t b@9=b",
        "NFC; \u1112\u1161\u11AB\u1100\u1173\u11AF 가; 한글@0=\u1112\u1161\u11AB\u1100\u1173\u11AF 가@7=가",
        "NFC; ﬁne Ａ; ﬁne@0=ﬁne Ａ@4=Ａ",
        "NFKC; ﬁne １２; fine@0=ﬁne 12@4=１２",
        "NFKC; x½y; x1⁄2y@0=x½y",
        "NFKC; ﾊﾞﾅﾅ; バナナ@0=ﾊﾞﾅﾅ",
        "NONE; e\u0301; e\u0301@0=e\u0301",
      })
  void tokensStandForTheOriginal(Normalise form, String text, String expected) {
    String located =
        pipeline(Rules.FASTAI_1, "icu", form).locatedTokens(List.of(text)).stream()
            .filter(token -> !token.text().startsWith("xx"))
            .map(t -> t.text() + "@" + t.start() + "=" + text.substring(t.start(), t.end()))
            .collect(Collectors.joining(" "));
    boolean lower = form != Normalise.NONE;
    assertEquals(lower ? expected.replace("Ａ@", "ａ@") : expected, located);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "هذا الفيلم رائع جدًّا وأنصح به",
        "\u202Bהסרט\u202C שָׁלוֹם \u200Fטוב",
        "यह फ़िल्म बहुत अच्छी थी क्षत्रिय",
        "bo\u0323\u0302 phim na\u0300y ra\u0302\u0301t hay",
        "\u1112\u1161\u11AB\u1100\u1173\u11AF 영화",
        "தமிழ் நன்றாக",
        "е\u0308лка й",
      })
  void rightToLeftAndCombiningScriptsPassUnchanged(String text) {
    List<String> words = List.of(text.split(" "));
    for (Rules rules : Rules.values()) {
      for (String tokenizer : List.of("icu", "chars")) {
        List<String> tokens = pipeline(rules, tokenizer, Normalise.NONE).tokens(text);
        List<String> own =
            tokens.stream()
                .filter(t -> !rules.isMark(t) && !t.isBlank() && !t.equals("▁"))
                .toList();
        assertEquals(String.join("", words), String.join("", own), rules + " " + tokenizer);
      }
    }
    List<String> known = pipeline(Rules.FASTAI_2, "icu", Normalise.NONE).tokens(text);
    for (String word : words) { // letters stay with their marks
      boolean whole = word.codePoints().allMatch(NormaliseTest::isOfAWord);
      assertTrue(!whole || known.contains(word), word + " in " + known);
    }
  }

  private static boolean isOfAWord(int c) {
    return Character.isLetter(c) || Character.getType(c) <= Character.COMBINING_SPACING_MARK;
  }

  @Test
  void marksWithoutEndTakeNoLongTime() {
    Stream.of("\u0301\u0323", "\u0323", "\u1161", "\u0327\u0301")
        .map(marks -> "a" + marks.repeat(500_000))
        .forEach(
            text ->
                assertTimeout(
                    Duration.ofSeconds(60),
                    () -> assertTrue(normalised(text, Normalise.NFC).length() > 1)));
  }
}
