package org.ulmfit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuspectTest {

  private static List<Suspect> of(String text, int words, int tokens) {
    int bits = Suspect.of(text, words, tokens, 100);
    return Arrays.stream(Suspect.values()).filter(s -> s.isIn(bits)).toList();
  }

  @Test
  void lengthsAreToldByWordsAndTokens() {
    assertEquals(List.of(Suspect.EMPTY), of("...", 0, 1));
    assertEquals(List.of(Suspect.SHORT), of("no way", 2, 2));
    assertEquals(List.of(), of("not so bad", 3, 100));
    assertEquals(List.of(Suspect.LONG), of("so long", 90, 101));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "caf\u00C3\u00A9 here",
        "it\u00E2\u20AC\u2122s",
        "a \uFFFD b",
        "a \u0092 b",
        "\u00C3\u0178 \u00C2\u00A3"
      })
  void wronglyDecodedTextsAreFound(String text) {
    assertEquals(List.of(Suspect.ENCODING), of(text, 5, 5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"café it’s £5 — “so” ß…", "Ã", "SÃO PAULO", "日本語", "naïve Âme â"})
  void rightlyDecodedOnesAreNot(String text) {
    assertEquals(List.of(), of(text, 5, 5));
  }

  @Test
  void markupCountsByItsShare() {
    assertEquals(List.of(Suspect.MARKUP), of("<p class=\"a\">one</p> two three", 3, 9));
    assertEquals(List.of(Suspect.MARKUP), of("a &amp; b &lt; c", 3, 9));
    assertEquals(List.of(), of("x < y and y > z & so on; ".repeat(4), 30, 90));
    assertEquals(
        List.of(), of("a review of some length, as reviews are".repeat(9) + "<br />", 50, 80));
  }
}
