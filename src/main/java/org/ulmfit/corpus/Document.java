package org.ulmfit.corpus;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row or file of a corpus.
 *
 * @param id the id the corpus gives it (a path inside the folder or archive, an {@code id} field),
 *     else {@code file:row}; empty for a document in memory that is to be numbered
 * @param fields its text columns, one for most corpora
 * @param labels its labels; null: it is not labelled; empty: it is labelled with none, which only
 *     {@link org.ulmfit.Labelling#MULTI} knows
 */
public record Document(String id, List<String> fields, @Nullable List<String> labels) {
  public Document {
    fields = List.copyOf(fields);
    labels = labels == null ? null : List.copyOf(labels);
  }

  /** A text without a label. */
  public static Document of(String text) {
    return new Document("", List.of(present(text)), null);
  }

  /** A text with its label. */
  public static Document of(String text, String label) {
    Objects.requireNonNull(label, "the label of a document is null");
    return of(text, List.of(label));
  }

  /** A text with its labels, none among them where texts may have several. */
  public static Document of(String text, List<String> labels) {
    Objects.requireNonNull(labels, "the labels of a document are null");
    return new Document("", List.of(present(text)), labels);
  }

  private static String present(String text) {
    return Objects.requireNonNull(text, "the text of a document is null");
  }
}
