package org.ulmfit.corpus;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
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
 * @param labels how labels stand in it, or in columns of their own; null: a cell is a label
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InputColumns(
    int fields,
    boolean header,
    int width,
    List<String> text,
    @JsonInclude @Nullable String label,
    @Nullable LabelForm labels) {
  public InputColumns {
    text = text == null ? List.of() : Collections.unmodifiableList(new ArrayList<>(text));
  }

  /** Of columns of which one is the label as it stands there, or none. */
  public InputColumns(
      int fields, boolean header, int width, List<String> text, @Nullable String label) {
    this(fields, header, width, text, label, null);
  }

  /** Whether the components go together; anything can stand in a file. */
  public boolean whole() {
    return fields >= 1
        && width >= 0
        && (text.isEmpty() ? fields == 1 : text.size() == fields)
        && text.stream().noneMatch(Objects::isNull)
        && (labels == null || labels.whole());
  }

  /** One text a document and no columns: lines, folders, archives. */
  public static InputColumns plain() {
    return new InputColumns(1, false, 0, List.of(), null);
  }

  /** So many texts a document without names, kept as the columns of a table without header. */
  public static InputColumns unnamed(int fields) {
    List<String> indices = IntStream.range(0, fields).mapToObj(Integer::toString).toList();
    return fields == 1 ? plain() : new InputColumns(fields, false, fields, indices, null);
  }

  /** {@code 2 (title, body)}. */
  public String describe() {
    return text.isEmpty()
        ? Integer.toString(fields)
        : fields + " (" + String.join(", ", text) + ")";
  }
}
