package org.ulmfit.vocab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulmfit.text.Rules;

class ScriptsTest {
  private static Scripts of(String... texts) {
    Scripts scripts = new Scripts();
    List.of(texts).forEach(scripts::add);
    return scripts;
  }

  @ParameterizedTest
  @CsvSource({
    "この映画はラーメン, 8, Chinese or Japanese (Han), true",
    "이 영화 ab, 5, Hangul, false",
    "𠀀𠀁, 2, Chinese or Japanese (Han), true",
    "'café 12 🙂 e\u0301 !', 5, Latin, false",
    "อาหาร, 5, Thai, true",
    "'12 🙂 \uD83D ʼ', 0, Common, false"
  })
  void lettersAreCountedByScript(String text, int letters, String name, boolean unparted) {
    Scripts scripts = of(text);
    assertEquals(letters, scripts.letters());
    assertEquals(name, scripts.name());
    assertEquals(unparted, scripts.areUnparted());
  }

  @Test
  void onlyTheBeginningOfALongTextIsLookedAt() {
    assertEquals(1000, of("a".repeat(5000)).letters());
    assertEquals(2001, of("a".repeat(1001), "я".repeat(2000), "b").letters());
    assertEquals(1000, of("a".repeat(999) + "𠀀".repeat(9)).letters(), "half a pair at the end");
  }

  @Test
  void theScriptsOfAVocabularyAreThoseOfManyWords() {
    List<String> itos = new ArrayList<>(Rules.FASTAI_2.specials());
    for (int i = 0; i < 995; i++) {
      itos.add("word" + (char) ('a' + i % 26) + i);
    }
    itos.addAll(List.of("слово", "да", "нет", "и", "λόγος"));
    Vocab vocab = Vocab.of(itos);
    Scripts russian = of("слово и дело abc");
    assertEquals(3 / 13.0, russian.known(vocab, Rules.FASTAI_2, 0.005), 1e-12);
    assertEquals(1, russian.known(vocab, Rules.FASTAI_2, 0.004), 1e-12);
    assertEquals(0, of("12").known(vocab, Rules.FASTAI_2, 0.004));
    assertFalse(russian.areUnparted());
    assertTrue(russian.latin() < 0.25);
  }
}
