package org.ulmfit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> KNOWN = List.of("csv", "tsv", "jsonl", "fasttext");

  @Test
  void aSwapIsOneEdit() {
    assertEquals(Optional.of("csv"), Nearest.to("cvs", KNOWN));
  }

  @Test
  void caseDoesNotCount() {
    assertEquals(Optional.of("fasttext"), Nearest.to("FastTxt", KNOWN));
  }

  @Test
  void whatIsFarIsNotOffered() {
    assertEquals("", Nearest.hint("parquet", KNOWN));
    assertEquals("; did you mean 'jsonl'?", Nearest.hint("json", KNOWN));
  }
}
