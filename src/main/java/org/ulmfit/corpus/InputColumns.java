package org.ulmfit.corpus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which columns a model was trained on: what {@code evaluate} and {@code predict} look for first.
 *
 * @param fields text columns of a document; 1 for lines and folders
 * @param header whether the columns had names
 * @param width number of columns of a table without header; 0 otherwise
 * @param text names of the text columns, or their indices where there was no header; empty for
 *     lines and folders
 * @param label name or index of the label column; null: none
 */
public record InputColumns(
    int fields, boolean header, int width, List<String> text, @Nullable String label) {
  public InputColumns {
    text = text == null ? List.of() : Collections.unmodifiableList(new ArrayList<>(text));
  }

  /** Whether the components go together; anything can stand in a file. */
  public boolean whole() {
    return fields >= 1
        && width >= 0
        && (text.isEmpty() ? fields == 1 : text.size() == fields)
        && text.stream().noneMatch(Objects::isNull);
  }

  /** One text a document and no columns: lines, folders, archives. */
  public static InputColumns plain() {
    return new InputColumns(1, false, 0, List.of(), null);
  }

  /** {@code 2 (title, body)}. */
  public String describe() {
    return text.isEmpty()
        ? Integer.toString(fields)
        : fields + " (" + String.join(", ", text) + ")";
  }
}
