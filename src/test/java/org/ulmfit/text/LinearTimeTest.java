package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.text.CountedTokens.Cost;

/**
 * Text made to hang a tokenizer takes no more work than other text of its length: steps of the code
 * are counted, not seconds.
 */
class LinearTimeTest {
  private static final int LENGTH = 10_000;

  /** For each character, twice what the dearest of these texts takes. */
  private static final long MOST_STEPS = 400;

  private static final long MOST_BYTES = 800;

  /**
   * Ten times the text is this much more work at most; 12.3 was seen, and quadratic work is 100.
   */
  private static final double GROWTH = 15;

  private static final List<String> UNITS =
      List.of(
          "!",
          "a",
          "A",
          ".",
          " ",
          "\n",
          "_",
          "&",
          "'",
          "’",
          "@",
          ":",
          "/",
          "-",
          "—",
          "`",
          "$",
          "%",
          "\\",
          "<",
          "0",
          "é",
          "Σ",
          "İ",
          "中",
          "각",
          "ᄀ",
          "👩\u200D",
          "\uD83D\uDE00",
          "\uD835\uDC00",
          "\u0301",
          "…",
          "°",
          "\u00A0",
          "ab",
          "a.",
          "A.",
          "a.A",
          "a-",
          "a,",
          "a,-",
          "a?",
          "a:",
          "a@",
          "@a.",
          "a.b@",
          "_@",
          "_a.",
          "1.",
          "1.2.3.4",
          "1.2.3.4@",
          "10.0.0.1 ",
          "1+",
          "5%",
          "5km",
          "US$",
          "'s",
          ":)",
          ":",
          "(:",
          "Mr.",
          "a :) ",
          "so ",
          "so so x ",
          "so, ",
          "a b ",
          "no  ",
          "ab ab  ",
          "&a",
          "&#1",
          "&#x1;",
          "&amp;",
          "amp;",
          "&lt",
          "<br ",
          "< br />",
          "<  ",
          "\\n",
          " @.@ ",
          "...",
          "http://a.b/",
          "http://",
          "mailto://a@",
          "www.a.com ",
          "x://",
          "aaab",
          "AB c ",
          "Ab ",
          "ΑΣ",
          "Σ'",
          "''''Σ",
          "\"a\"",
          "(a)",
          "[.",
          ".]",
          "?!",
          "n't",
          "do n't ",
          "i'm ");

  @TestFactory
  Stream<DynamicTest> everyProfile() {
    return Stream.of(Rules.values())
        .flatMap(
            rules ->
                Stream.concat(
                        Stream.of(TokenizerSpec.Word.values()),
                        Stream.of(new TokenizerSpec.Characters()))
                    .map(
                        word ->
                            dynamicTest(rules.id() + " " + word.id(), () -> check(rules, word))));
  }

  private static void check(Rules rules, TokenizerSpec word) {
    CountedTokens tokens = CountedTokens.of(rules, word);
    for (String unit : UNITS) {
      check(tokens, "", unit, "");
    }
  }

  @Test
  void whatTokensStandForTakesLinearTimeToo() {
    for (Rules rules : Rules.values()) {
      CountedTokens tokens = CountedTokens.located(rules, TokenizerSpec.Word.SPACY_3);
      for (String unit : UNITS) {
        Cost shorter = cost(tokens, "", unit, "", LENGTH / 10);
        Cost longer = cost(tokens, "", unit, "", LENGTH);
        String what = rules.id() + ": '" + unit + "' repeated: " + shorter + ", then " + longer;
        assertTrue(longer.steps() < GROWTH * shorter.steps(), what);
      }
    }
  }

  @Test
  void hostileEndsToo() {
    CountedTokens tokens = CountedTokens.of(Rules.NONE, TokenizerSpec.Word.SPACY_2_0);
    for (String end : List.of("a", "a.b", "@a.bb", "/", "@", ".", "'s", ":)")) {
      for (String unit : UNITS) {
        check(tokens, "_", unit, end);
      }
    }
  }

  private static void check(CountedTokens tokens, String start, String unit, String end) {
    Cost shorter = cost(tokens, start, unit, end, LENGTH / 10);
    Cost longer = cost(tokens, start, unit, end, LENGTH);
    String what = start + "'" + unit + "' repeated" + end + ": " + shorter + ", then " + longer;
    assertTrue(longer.steps() < MOST_STEPS * LENGTH, what);
    assertTrue(longer.bytes() < MOST_BYTES * LENGTH, what);
    assertTrue(longer.steps() < GROWTH * shorter.steps(), what);
  }

  private static Cost cost(
      CountedTokens tokens, String start, String unit, String end, int length) {
    return tokens.of(start + unit.repeat(length / unit.length() + 1) + end);
  }

  /** No profile looks over a user's text much oftener than it does: 53 steps a character. */
  @Test
  void ordinaryTextTakesFewSteps() throws IOException {
    String text = reviews();
    for (Rules rules : Rules.values()) {
      Cost cost = CountedTokens.of(rules, TokenizerSpec.Word.SPACY_3).of(text);
      assertTrue(cost.steps() < 100L * text.length(), rules.id() + ": " + cost);
    }
  }

  private static String reviews() throws IOException {
    try (InputStream in = Rules.class.getResourceAsStream("/org/ulmfit/sample/test.jsonl")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The count sees work that grows with the square of the text. */
  @ParameterizedTest
  @ValueSource(classes = {LooksToTheEnd.class, MovesTheRest.class})
  void quadraticWorkWouldBeSeen(Class<? extends Function<String, List<String>>> type) {
    CountedTokens tokens = new CountedTokens(type);
    Cost shorter = cost(tokens, "", "a", "", LENGTH / 10);
    Cost longer = cost(tokens, "", "a", "", LENGTH);
    String what = shorter + ", then " + longer;
    assertTrue(longer.steps() > MOST_STEPS * LENGTH, what);
    assertTrue(longer.steps() > 50 * shorter.steps(), what);
  }

  /** From every character. */
  public static final class LooksToTheEnd implements Function<String, List<String>> {
    @Override
    public List<String> apply(String text) {
      int found = 0;
      for (int i = 0; i < text.length(); i++) {
        for (int j = i; j < text.length(); j++) {
          found += text.charAt(j) == 'b' ? 1 : 0;
        }
      }
      return List.of("" + found);
    }
  }

  /** For every character that it takes. */
  public static final class MovesTheRest implements Function<String, List<String>> {
    @Override
    public List<String> apply(String text) {
      char[] chars = text.toCharArray();
      for (int left = chars.length - 1; left > 0; left--) {
        System.arraycopy(chars, 1, chars, 0, left);
      }
      return List.of(new String(chars));
    }
  }

  @Test
  void longRunsKeepEveryCharacter() {
    for (TokenizerSpec.Word word : TokenizerSpec.Word.values()) {
      try (TextPipeline pipeline = TextPipeline.of(Rules.NONE, word)) {
        assertEquals(100_000, pipeline.tokens("!".repeat(100_000)).size());
        for (String unit : UNITS) {
          String text = unit.repeat(1000);
          String all = String.join("", pipeline.tokens(text)).replace(" ", "");
          assertEquals(text.replace(" ", ""), all);
        }
      }
    }
  }
}
