package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulmfit.UlmfitException;

/** The words of ICU and single characters. */
class IcuTokenizerTest {
  private static TextPipeline pipeline(Rules rules, String tokenizer) {
    return TextPipeline.of(rules, TokenizerSpec.parse(tokenizer));
  }

  private static String tokens(Rules rules, String tokenizer, String text) {
    return String.join("|", pipeline(rules, tokenizer).tokens(text));
  }

  /** scripts/parity/word_cases.py */
  @TestFactory
  Stream<DynamicTest> wordsAsIcuOfAnotherLanguageFindsThem() throws IOException {
    return SharedFiles.golden("words.jsonl").stream()
        .map(
            c ->
                dynamicTest(
                    c.path("text").asText(),
                    () -> {
                      String locale = c.path("locale").asText();
                      String tokenizer = locale.isEmpty() ? "icu" : "icu:" + locale;
                      List<String> words =
                          pipeline(Rules.NONE, tokenizer).tokens(c.path("text").asText()).stream()
                              .filter(token -> !token.isBlank())
                              .toList();
                      assertEquals(SharedFiles.strings(c.path("words")), words);
                    }));
  }

  /** scripts/parity/word_cases.py */
  @TestFactory
  Stream<DynamicTest> charactersAsUnicodeBoundsThem() throws IOException {
    return SharedFiles.golden("characters.jsonl").stream()
        .map(
            c ->
                dynamicTest(
                    c.path("text").asText(),
                    () -> {
                      assertEquals(
                          SharedFiles.strings(c.path("characters")),
                          pipeline(Rules.NONE, "chars").tokens(c.path("text").asText()));
                    }));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "icu; fastai-2; 这部电影很好看，服务也不错！; xxbos|这|部|电影|很好|看|，|服务|也|不错|！",
        "icu; fastai-2; この映画は面白いです。; xxbos|この|映画|は|面白い|です|。",
        "icu; fastai-2; อาหารอร่อยมากจะกลับมาอีก; xxbos|อาหาร|อร่อย|มาก|จะ|กลับ|มา|อีก",
        "icu; fastai-2; 哈哈哈哈 GREAT Film!!!; xxbos|xxrep|4|哈|xxup|great|xxmaj|film|xxrep|3|!",
        "icu; fastai-1; GREAT Film; xxup|great|xxmaj|film",
        "icu; fastai-0.7; so GREAT a<unk>b; so|t_up|great|au_nb",
        "icu; fastai-0.7; <eos> x<bos>y; <eos>|x|<bos>|y",
        "icu; none; (it's)  3.14 a@b.com; (|it's|)| |3.14|a|@|b.com",
        "icu; none; ភោជនីយដ្ឋាន\u200Bនេះ\u200Bល្អ; ភោជនីយដ្ឋាន|នេះ|ល្អ",
        "chars; fastai-2; 很好 no way; xxbos|很|好|▁|n|o|▁|w|a|y",
        "chars; fastai-2; 哈哈哈哈 Good FILM; xxbos|xxrep|4|哈|▁|xxmaj|g|o|o|d|▁|xxup|f|i|l|m",
        "chars; fastai-2; aaaaaaaaaaaa; xxbos|xxrep|12|a",
        "chars; fastai-0.7; a <unk> GREAT; a| |u|_|n| |t_up|g|r|e|a|t",
        "chars; none; xxunk 12 <pad>; xxunk|1|2| |<|p|a|d|>",
        "chars; none; စား မြန်မာ; စား| |မြ|န်|မာ",
        "chars; none; e\u0301a\u200D👩‍👧; e\u0301|a\u200D|👩‍👧",
      })
  void tokensOfATokenizer(String tokenizer, String rules, String text, String expected) {
    assertEquals(expected, tokens(Rules.of(rules), tokenizer, text));
  }

  @Test
  void lineEndsAndRunsOfBlanksAreTokensAsForTheWordTokenizer() {
    for (String text :
        List.of("a\nb", "a  b", " a", "a \n b", "a\u00a0b", "a\u3000b", "a ", "10\u202f000")) {
      List<String> expected = pipeline(Rules.NONE, "spacy-3").tokens(text);
      assertEquals(expected, pipeline(Rules.NONE, "icu").tokens(text), text);
    }
  }

  @Test
  void theRowsMarksStayWhole() {
    List<String> fields = List.of("标题", "正文");
    for (String tokenizer : List.of("icu", "chars")) {
      for (Rules rules : List.of(Rules.FASTAI_0_7, Rules.FASTAI_2)) {
        List<String> tokens = pipeline(rules, tokenizer).documentTokens(fields);
        String all = String.join(" ", tokens);
        assertTrue(all.contains(rules == Rules.FASTAI_2 ? "xxfld 1" : "xfld 1"), all);
      }
    }
  }

  @Test
  void aLocaleIsReadAsWritten() {
    assertEquals("icu:zh-Hant", TokenizerSpec.parse("icu:zh_hant").id());
    assertEquals("icu", TokenizerSpec.parse("icu").id());
    assertTrue(TokenizerSpec.parse("icu:th").describe().startsWith("words of Thai, as of ICU "));
    assertTrue(TokenizerSpec.parse("icu").describe().startsWith("words of any language, as of"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "icu:xx; does not know the language 'xx'",
        "icu:chinese; does not know the language 'chinese'",
        "icu:t; 't' is no locale; give a language tag, as in icu:th",
        "icu:; '' is no locale",
        "icu:de/at; 'de/at' is no locale",
        "icu:und; 'und' is no locale",
        "ICU; did you mean 'icu'?",
        "char; did you mean 'chars'?"
      })
  void anUnknownLocaleIsRefusedInALine(String tokenizer, String part) {
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> TokenizerSpec.parse(tokenizer).describe());
    assertEquals(UlmfitException.Kind.USAGE, e.kind());
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  private static final String[] ATOMS =
      ("电影 很好 映画 たの しい อาหาร มาก ร้าน ภ ភោជន ល្អ 한글 각 كتاب כתב क्ष नि é e\u0301 ệ"
              + " 👩‍👧 🇩🇪 👍🏽 \uD83D \uDE00 \u200B \u200D \u0301 \uFE0F 12 3.4 don't xxbos <unk> - _ . ' \0")
          .split(" ");

  @Provide
  Arbitrary<String> texts() {
    String[] blanks = {"", "", " ", "  ", "\n", "\u3000", "\u202f"};
    return Arbitraries.oneOf(
        Arbitraries.strings().all().ofMaxLength(60),
        Arbitraries.of(ATOMS).list().ofMaxSize(12).map(list -> String.join("", list)),
        Arbitraries.of(ATOMS)
            .flatMap(atom -> Arbitraries.of(blanks).map(blank -> atom + blank))
            .list()
            .ofMaxSize(12)
            .map(list -> String.join("", list)));
  }

  private static String withoutBlanks(String text) {
    return text.chars()
        .filter(c -> !PythonText.isSpace(c) && c != '\u200B')
        .mapToObj(c -> "" + (char) c)
        .collect(Collectors.joining());
  }

  @Property(tries = 3000)
  void joinedTokensAreTheTextWithoutBlanks(@ForAll("texts") String text) {
    for (String tokenizer : List.of("icu", "chars")) {
      List<String> tokens = pipeline(Rules.NONE, tokenizer).tokens(text);
      assertEquals(withoutBlanks(text), withoutBlanks(String.join("", tokens)), tokenizer);
      for (String token : tokens) {
        assertTrue(!token.isEmpty(), text);
        boolean blank = token.chars().allMatch(PythonText::isSpace);
        assertTrue(blank || token.chars().noneMatch(PythonText::isSpace), token);
      }
    }
  }

  @Property(tries = 500)
  void noCharacterIsTorn(@ForAll("texts") String text) {
    for (String tokenizer : List.of("icu", "chars")) {
      for (LocatedToken token : pipeline(Rules.NONE, tokenizer).locatedTokens(List.of(text))) {
        int end = token.end();
        boolean torn =
            end < text.length()
                && Character.isSurrogatePair(text.charAt(end - 1), text.charAt(end));
        assertFalse(torn, () -> token + " of " + text);
        assertEquals(token.text(), text.substring(token.start(), end));
      }
    }
  }

  @Test
  void threadsFindTheSameWords() {
    String text = "这家店的服务很好，อาหารอร่อยมาก 東京タワー ភោជនីយដ្ឋាននេះល្អណាស់ film. ";
    TextPipeline icu = pipeline(Rules.FASTAI_2, "icu");
    List<List<String>> one =
        IntStream.range(0, 400).mapToObj(i -> icu.tokens(text.substring(i % 40))).toList();
    List<List<String>> many =
        IntStream.range(0, 400)
            .parallel()
            .mapToObj(i -> icu.tokens(text.substring(i % 40)))
            .toList();
    assertEquals(one, many);
  }

  /** Work that grew with the square of the text would take minutes. */
  @Test
  void longRunsEndSoon() {
    assertTimeout(
        Duration.ofMinutes(1),
        () -> {
          for (String unit :
              List.of(
                  "中", "อ", "ភ", "が", "e\u0301", "\u0301", "👩\u200D", "🇩", "a.", "각", "ᄀ", "က")) {
            for (String tokenizer : List.of("icu", "chars")) {
              for (Rules rules : Rules.values()) {
                TextPipeline pipeline = pipeline(rules, tokenizer);
                assertFalse(pipeline.tokens(unit.repeat(100_000 / unit.length())).isEmpty(), unit);
              }
            }
          }
        });
  }
}
