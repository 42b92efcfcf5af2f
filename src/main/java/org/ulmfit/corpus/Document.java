package org.ulmfit.corpus;

import java.util.List;

/**
 * One row or file of a corpus.
 *
 * @param id the id the corpus gives it (a path inside the folder or archive, an {@code id} field),
 *     else {@code file:row}
 * @param fields its text columns, one for most corpora
 * @param labels its labels; empty = unlabelled
 */
public record Document(String id, List<String> fields, List<String> labels) {
  public Document {
    fields = List.copyOf(fields);
    labels = List.copyOf(labels);
  }
}
