package org.ulmfit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuggestionTest {
  private static final List<String> KNOWN = List.of("csv", "tsv", "jsonl", "fasttext");

  @Test
  void aSwapIsOneEdit() {
    assertEquals(Optional.of("csv"), Suggestion.nearest("cvs", KNOWN));
  }

  @Test
  void caseAndHyphensDoNotCount() {
    assertEquals(Optional.of("fasttext"), Suggestion.nearest("FastTxt", KNOWN));
    assertEquals(Optional.of("fasttext"), Suggestion.nearest("fast-te_t", KNOWN));
    assertEquals(
        Optional.of("batchSize"), Suggestion.nearest("batch_size", List.of("batch", "batchSize")));
  }

  @Test
  void whatIsFarIsNotOffered() {
    assertEquals("", Suggestion.hint("parquet", KNOWN));
    assertEquals("; did you mean 'jsonl'?", Suggestion.hint("json", KNOWN));
  }

  @Test
  void howFarGoesByTheLongerWord() {
    assertEquals(Optional.of("abcdef"), Suggestion.nearest("abcd", List.of("abcdef")));
    assertEquals(Optional.empty(), Suggestion.nearest("abc", List.of("abcdef")));
  }

  @Test
  void wordsWithoutACommonLetterAreNotNear() {
    assertEquals(Optional.empty(), Suggestion.nearest("x", List.of("y")));
    assertEquals(Optional.of("X"), Suggestion.nearest("x", List.of("y", "X")));
  }

  @Test
  void whatIsShortIsListed() {
    assertEquals(
        "; did you mean 'csv'? (csv | tsv)", Suggestion.choice("cvs", KNOWN.subList(0, 2)));
    assertEquals("; use csv | tsv", Suggestion.choice("parquet", KNOWN.subList(0, 2)));
  }
}
