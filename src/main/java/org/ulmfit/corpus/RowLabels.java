package org.ulmfit.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;

/**
 * How the labels of a row are read: found with the layout, the same for every reader.
 *
 * @param labelling how many a row may have
 * @param why what says so; empty: nothing says that there are several
 * @param guessed whether nobody said so
 * @param form how they stand there
 * @param warning what may have been meant otherwise; null: nothing
 */
record RowLabels(
    Labelling labelling, String why, boolean guessed, LabelForm form, @Nullable String warning) {
  /** One label a row, which is a name. */
  static final RowLabels PLAIN = new RowLabels(Labelling.SINGLE, "", true, LabelForm.PLAIN, null);

  private static final Pattern INDEX = Pattern.compile("\\d{1,9}");
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  /** What is said of such a cell. */
  static final String PRINTED_LIST =
      "are a list that a program printed; write them with a separator and without brackets"
          + " (--label-separator), or as a list in JSON lines";

  /** Labels that cannot be read. */
  static final class BadLabels extends Exception {
    private static final long serialVersionUID = 1;

    final String what;

    BadLabels(String what) {
      super(what);
      this.what = what;
    }
  }

  RowLabels with(String told) {
    return new RowLabels(labelling, why, guessed, form, told);
  }

  /** Whether a row may be labelled with none. */
  boolean isMulti() {
    return labelling == Labelling.MULTI;
  }

  /**
   * Of a cell that is there. An empty one is no label: unlabelled where each row has one, labelled
   * with none where there may be several.
   */
  @Nullable List<String> ofCell(String cell) throws BadLabels {
    String text = cell.strip();
    if (text.isEmpty()) {
      return isMulti() ? List.of() : null;
    }
    if (isMulti() && isPrintedList(text)) {
      if (text.substring(1, text.length() - 1).isBlank()) {
        return List.of();
      }
      throw new BadLabels("the labels \"" + Shown.name(text) + "\" " + PRINTED_LIST);
    }
    return named(form.separator() == null ? List.of(text) : parts(text, form.separator()));
  }

  /** Whether a cell is a list as a program prints it, {@code ['a', 'b']} or {@code {a,b}}. */
  static boolean isPrintedList(String text) {
    return text.startsWith("[") && text.endsWith("]") || text.startsWith("{") && text.endsWith("}");
  }

  /** Of a list, whose items are labels by themselves. */
  List<String> ofList(List<String> items) throws BadLabels {
    for (String item : items) {
      if (form.separator() != null && item.contains(form.separator())) {
        throw new BadLabels(
            "the label \""
                + Shown.name(item)
                + "\" of a list holds the separator \""
                + form.separator()
                + "\"; lists need no --label-separator");
      }
    }
    return named(items.stream().map(String::strip).toList());
  }

  /**
   * Of one cell for each of the columns.
   *
   * @param cells null or blank where there is none; all of them: the row is not labelled
   */
  @Nullable List<String> ofColumns(List<@Nullable String> cells) throws BadLabels {
    if (cells.stream().allMatch(cell -> cell == null || cell.isBlank())) {
      return null;
    }
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      if (isSet(form.columns().get(i), cell == null ? "" : cell.strip())) {
        labels.add(form.columns().get(i));
      }
    }
    return labels;
  }

  private static boolean isSet(String column, String cell) throws BadLabels {
    return switch (cell.toLowerCase(Locale.ROOT)) {
      case "1", "1.0", "true" -> true;
      case "0", "0.0", "false" -> false;
      default ->
          throw new BadLabels(
              "label column \""
                  + Shown.name(column)
                  + "\" "
                  + (cell.isEmpty() ? "is empty" : "holds \"" + Shown.name(cell) + "\"")
                  + ", which is neither 0 nor 1"
                  + (cell.startsWith("-1") ? " (-1 mostly marks rows that nobody labelled)" : ""));
    };
  }

  private static List<String> parts(String cell, String separator) throws BadLabels {
    if (separator.isBlank()) { // a run of blanks separates once
      return BLANKS.splitAsStream(cell).toList();
    }
    List<String> parts =
        Stream.of(cell.split(Pattern.quote(separator), -1)).map(String::strip).toList();
    if (parts.contains("")) {
      throw new BadLabels(
          "nothing between two separators \""
              + separator
              + "\", or before or behind one, in the labels \""
              + Shown.name(cell)
              + '"');
    }
    return parts;
  }

  private List<String> named(List<String> labels) throws BadLabels {
    if (form.names().isEmpty()) {
      return labels;
    }
    List<String> named = new ArrayList<>();
    for (String label : labels) {
      int names = form.names().size();
      if (!INDEX.matcher(label).matches() || Integer.parseInt(label) >= names) {
        String last = Integer.toString(names - 1);
        throw new BadLabels(
            "the label \""
                + Shown.name(label)
                + "\" is no index of a name, 0 to "
                + last
                + (form.names().contains(label)
                    ? "; it is a name itself: leave --label-names out"
                    : ""));
      }
      named.add(form.names().get(Integer.parseInt(label)));
    }
    return named;
  }
}
