package org.ulmfit.corpus;

import java.util.List;
import java.util.Objects;

/**
 * One row or file of a corpus.
 *
 * @param id the id the corpus gives it (a path inside the folder or archive, an {@code id} field),
 *     else {@code file:row}; empty for a document in memory that is to be numbered
 * @param fields its text columns, one for most corpora
 * @param labels its labels; empty = unlabelled
 */
public record Document(String id, List<String> fields, List<String> labels) {
  public Document {
    fields = List.copyOf(fields);
    labels = List.copyOf(labels);
  }

  /** A text without a label. */
  public static Document of(String text) {
    return new Document("", List.of(present(text)), List.of());
  }

  /** A text with its label. */
  public static Document of(String text, String label) {
    Objects.requireNonNull(label, "the label of a document is null");
    return new Document("", List.of(present(text)), List.of(label));
  }

  private static String present(String text) {
    return Objects.requireNonNull(text, "the text of a document is null");
  }
}
