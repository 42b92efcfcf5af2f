package org.ulmfit.corpus;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which column of a table, or which key of JSON, is what.
 *
 * @param header whether the columns have names
 * @param names of the columns; their indices without header
 * @param text indices of the text columns
 * @param label index of the label column, -1 = none
 * @param split index of the split column, -1 = none
 * @param id index of the id column, -1 = none
 * @param flags indices of the columns of 0 and 1, each a label; empty: none
 * @param byContents whether text or label were chosen by what the cells hold, their names telling
 *     nothing
 * @param missed text columns that a model was trained on and that are not there, so that others
 *     were taken; none: it was not so
 * @param suspects indices of columns that may tell the splits under another name
 */
record Columns(
    boolean header,
    List<String> names,
    List<Integer> text,
    int label,
    int split,
    int id,
    List<Integer> flags,
    boolean byContents,
    List<String> missed,
    List<Integer> suspects) {

  /** Whether it is known where labels stand. */
  boolean hasLabels() {
    return label >= 0 || !flags.isEmpty();
  }

  /** Names of the columns of 0 and 1, which are those of the labels. */
  List<String> flagNames() {
    return flags.stream().map(c -> names.get(c).strip()).toList();
  }

  int width() {
    return names.size();
  }

  /** The split a cell names; null if it names none. */
  @Nullable Split splitOf(String cell) {
    String value = cell.strip().toLowerCase(Locale.ROOT);
    boolean flag = ColumnNames.isValidFlag(names.get(split));
    if (flag || value.equals("true") || value.equals("false")) {
      return switch (value) {
        case "true", "1", "1.0" -> Split.VALID;
        case "false", "0", "0.0" -> Split.TRAIN;
        default -> null;
      };
    }
    return namedSplit(value);
  }

  /** The split that goes by this name in folders and columns, in any case; null if none does. */
  static @Nullable Split namedSplit(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "train", "training" -> Split.TRAIN;
      case "valid", "validation", "val", "dev" -> Split.VALID;
      case "test", "testing" -> Split.TEST;
      case "unsup", "unlabeled", "unlabelled" -> Split.UNSUP;
      default -> null;
    };
  }

  /** Without a label column: why there is none and what to do. */
  String whyUnlabelled() {
    List<Integer> others =
        IntStream.range(0, width())
            .filter(c -> !text.contains(c) && c != split && c != id)
            .boxed()
            .toList();
    return others.isEmpty()
        ? "it has no column for labels (its columns are " + ColumnNames.list(names) + "); add one"
        : "no column is known to hold the label (its columns are "
            + ColumnNames.list(names)
            + "); name it with --label-column";
  }

  /**
   * What a model remembers of them.
   *
   * @param form how labels stand there
   */
  InputColumns remembered(LabelForm form) {
    return new InputColumns(
        text.size(),
        header,
        header ? 0 : width(),
        text.stream().map(c -> names.get(c).strip()).toList(),
        label < 0 ? null : names.get(label).strip(),
        form.isPlain() ? null : form);
  }
}
