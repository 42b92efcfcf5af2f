package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    assertEquals(expected, PythonText.isUpper(text, 0, text.length()));
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
    assertEquals(expected, PythonText.isLower(text, 0, text.length()));
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
    assertEquals(expected, PythonText.lower(text));
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
    assertEquals("a\u200B", PythonText.strip("\u001C\u0085 a\u200B\u3000"));
  }
}
