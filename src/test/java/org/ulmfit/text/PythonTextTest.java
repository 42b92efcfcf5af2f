package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values are what CPython answers. */
class PythonTextTest {
  @ParameterizedTest
  @CsvSource({
    "ABC1, true",
    "1ST, true",
    "123, false",
    "U.S., true",
    "ǅ, false",
    "AǅB, false",
    "Ⓐ, true",
    "Aª, false",
    "ÉCOLE, true",
    "STRASSEß, false",
    "𝐀, true",
    "'', false",
  })
  void isUpper(String text, boolean expected) {
    assertEquals(expected, PythonText.isUpper(text.toCharArray(), 0, text.length()));
  }

  @ParameterizedTest
  @CsvSource({
    "abc1, true",
    "1, false",
    "aB, false",
    "ǆ, true",
    "aǅ, false",
    "ª, true",
    "'', false"
  })
  void isLower(String text, boolean expected) {
    assertEquals(expected, PythonText.isLower(text.toCharArray(), 0, text.length()));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "ΑΣ, ας",
        "ΑΣΑ, ασα",
        "Σ, σ",
        "ΑΣ.Β, ασ.β",
        "ΑΣ. Β, ας. β",
        "A''Σ, a''ς",
        "İ, i\u0307",
        "ẞ, ß",
        "ÀÉ, àé",
        "𝐀𐐀, 𝐀𐐨",
        "1Σ, 1σ",
      })
  void lower(String text, String expected) {
    assertEquals(expected, Edited.text(text, t -> PythonText.lower(t, 0, t.length())));
    assertEquals(List.of(expected), Edited.tokens(List.of(text), PythonTextTest::lowerTokens));
  }

  private static void lowerTokens(TextBuffer text, Spans tokens, Spans out) {
    for (int i = 0; i < tokens.size(); i++) {
      PythonText.lowerToken(text, tokens.from(i), tokens.to(i), out);
    }
  }

  /** So that it can take the letter's place. */
  @Test
  void lowerCaseOfALetterIsAsLong() {
    for (int c = 0; c < 0x110000; c++) {
      assertEquals(Character.charCount(c), Character.charCount(Character.toLowerCase(c)));
    }
  }

  @Test
  void wordAndSpaceClasses() {
    for (int c : "aZ_9é中²½Ⅷ٣ª".codePoints().toArray()) {
      assertEquals(true, PythonText.isWord(c), () -> Character.getName(c));
    }
    for (int c : "-.\u0301‿Ⓐ😀 ".codePoints().toArray()) {
      assertEquals(false, PythonText.isWord(c), () -> Character.getName(c));
    }
    long spaces = java.util.stream.IntStream.range(0, 0x110000).filter(PythonText::isSpace).count();
    assertEquals(29, spaces); // len([c for c in map(chr, range(0x110000)) if c.isspace()])
    assertEquals(false, PythonText.isSpace(0x200B));
    assertEquals(
        "xxbos a\u200B", Edited.text("\u001C\u0085 A\u200B\u3000", Capitals::lowerWithStart));
  }

  @Test
  void blanksThatJavaDoesNotCount() {
    assertEquals("a", PythonText.strip("\u00a0 a\u202f\u0085"));
    assertEquals("", PythonText.strip("\u2007"));
    assertTrue(PythonText.isBlank("\u00a0\u3000") && PythonText.isBlank(""));
    assertFalse(PythonText.isBlank("\u00a0a") || PythonText.isBlank("\u200b"));
  }
}
