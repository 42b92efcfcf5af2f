package org.ulmfit.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ulmfit.UlmfitException;

/** What becomes of labelled inputs, in tests. */
final class LabelledInputs {
  private LabelledInputs() {}

  static void usage(Path file, CorpusOptions options, String message) {
    UlmfitException refused =
        assertThrows(UlmfitException.class, () -> CorpusReader.open(Corpus.at(file, options)));
    assertEquals(UlmfitException.Kind.USAGE, refused.kind(), refused.getMessage());
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
    assertEquals(1, refused.getMessage().lines().count());
  }

  static void refused(Corpus corpus, String message) {
    UlmfitException refused =
        assertThrows(UlmfitException.class, () -> rows(CorpusReader.open(corpus)));
    assertEquals(UlmfitException.Kind.BAD_DATA, refused.kind(), refused.getMessage());
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
    assertEquals(1, refused.getMessage().lines().count());
  }

  /** Labels of each row, and what is said of a bad one. */
  static List<String> rows(CorpusReader reader) {
    List<String> rows = new ArrayList<>();
    reader.forEach(
        new CorpusReader.Sink() {
          @Override
          public void accept(Split split, Document document) {
            List<String> labels = document.labels();
            assertEquals(labels == null, split == Split.UNSUP);
            rows.add(labels == null ? "-" : labels.toString());
          }

          @Override
          public void reject(CorpusReader.Rejection rejection) {
            String where = rejection.where();
            rows.add(where.substring(where.lastIndexOf(": ") + 2) + ": " + rejection.reason());
          }
        });
    return rows;
  }
}
