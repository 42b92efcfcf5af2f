package org.ulmfit.vocab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ulmfit.text.FieldMarks;
import org.ulmfit.text.FieldNumbers;
import org.ulmfit.text.Normalise;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TokenizerSpec;

class TextEncoderTest {
  private static final Vocab VOCAB =
      Vocab.of(List.of("xxunk", "xxpad", "xxbos", "xxmaj", "xxfld", "1", "2", "good", "film"));

  private static TextEncoder encoder(Rules rules, FieldMarks marks, FieldNumbers numbers) {
    return TextEncoder.of(rules, TokenizerSpec.Word.SPACY_3, marks, numbers, Normalise.NONE, VOCAB);
  }

  @Test
  void fromFieldsToIds() {
    try (TextEncoder encoder = encoder(Rules.FASTAI_2, FieldMarks.AUTO, FieldNumbers.LESSON)) {
      List<String> tokens = encoder.tokens(List.of("Good", "film"));
      assertEquals(List.of("xxbos", "xxfld", "1", "xxmaj", "good", "xxfld", "2", "film"), tokens);
      assertArrayEquals(new int[] {2, 4, 5, 3, 7, 4, 6, 8}, encoder.ids(tokens));
    }
  }

  @Test
  void fieldMarksAreThoseAskedFor() {
    List<String> fields = List.of("good", "film");
    assertEquals(
        List.of("xxbos", "good", "film"),
        encoder(Rules.FASTAI_2, FieldMarks.NEVER, FieldNumbers.LESSON).tokens(fields));
    assertEquals(
        List.of("\n", "xbos", "xfld", "1", "good", "xfld", "1", "film"),
        encoder(Rules.FASTAI_0_7, FieldMarks.AUTO, FieldNumbers.LESSON).tokens(fields));
    assertEquals(
        List.of("\n", "xbos", "xfld", "1", "good", "xfld", "2", "film"),
        encoder(Rules.FASTAI_0_7, FieldMarks.AUTO, FieldNumbers.PAPER).tokens(fields));
  }

  @Test
  void tokensWithWhatTheyStandFor() {
    try (TextEncoder encoder = encoder(Rules.FASTAI_2, FieldMarks.NEVER, FieldNumbers.LESSON)) {
      assertEquals(
          List.of(
              new Token("xxbos", 2, 0, 0, 0),
              new Token("xxmaj", 3, 0, 0, 0),
              new Token("good", 7, 0, 0, 4),
              new Token("film", 8, 1, 2, 6),
              new Token("!", 0, 1, 6, 7)),
          encoder.encode(List.of("Good", "  film!")));
    }
  }

  @Test
  void countsWhatItsVocabularyKnows() {
    try (TextEncoder encoder = encoder(Rules.FASTAI_2, FieldMarks.AUTO, FieldNumbers.LESSON)) {
      Coverage coverage = encoder.coverage(encoder.vocab());
      coverage.add(encoder.tokens(List.of("Good film noir")));
      assertEquals(3, coverage.words());
      assertEquals(1, coverage.unknown());
      assertEquals(0, encoder.coverage(encoder.vocab()).words());
    }
  }
}
