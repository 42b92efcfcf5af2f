package org.ulmfit.corpus;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;

/**
 * Finds out how labels are to be read: what was asked for, then what training read, then what the
 * start of the input shows. That a cell holds several labels is never guessed, only warned of.
 */
final class LabelFinder {
  private static final String SEPARATOR = "--label-separator";
  private static final String NAMES = "--label-names";
  private static final List<String> SEPARATORS = List.of(",", ";", "|");

  private final String file;
  private final CorpusOptions options;
  private final Expectation expectation;

  LabelFinder(String file, CorpusOptions options, Expectation expectation) {
    this.file = file;
    this.options = options;
    this.expectation = expectation;
  }

  /**
   * Looks at the options alone.
   *
   * @throws UlmfitException (usage) if they contradict each other, or what training read
   */
  static void check(CorpusOptions options, @Nullable Labelling trained) {
    String separator = options.labelSeparator();
    List<String> columns = options.labelColumns();
    String several = separator != null ? "--label-separator" : "--label-columns";
    boolean asksSeveral = separator != null || !columns.isEmpty();
    if (separator != null && (separator.isEmpty() || !separates(separator))) {
      throw UlmfitException.usage(
          "--label-separator '"
              + separator
              + "': separates nothing; give a character such as , ; or |");
    }
    if (asksSeveral && options.labelling() == Labelling.SINGLE) {
      throw UlmfitException.usage(
          "--task single contradicts "
              + several
              + ", which reads several labels a row; say --task multi, or leave it out");
    }
    String other =
        options.labelColumn() != null
            ? "--label-column"
            : separator != null
                ? "--label-separator"
                : options.labelNames() != null ? "--label-names" : null;
    if (!columns.isEmpty() && other != null) {
      throw UlmfitException.usage(
          "--label-columns and "
              + other
              + ": a column of 0 and 1 is a label by its name; leave one of them out");
    }
    if (new HashSet<>(columns).size() < columns.size()) {
      throw UlmfitException.usage("--label-columns " + String.join(",", columns) + ": one twice");
    }
    if (trained == Labelling.SINGLE && (asksSeveral || options.labelling() == Labelling.MULTI)) {
      throw UlmfitException.usage(
          (asksSeveral ? several : "--task multi")
              + ": training was on one label a row; leave it out");
    }
    if (trained == Labelling.MULTI && options.labelling() == Labelling.SINGLE) {
      throw UlmfitException.usage(
          "--task single: training was on several labels a row; leave it out");
    }
  }

  private static boolean separates(String separator) {
    return separator.chars().noneMatch(c -> Character.isLetterOrDigit(c) || c == '\n' || c == '\r');
  }

  /**
   * Of the inputs whose labels are names of folders.
   *
   * @param what the input, for messages
   */
  static RowLabels ofFolders(String what, CorpusOptions options, Expectation expectation) {
    String folders = what + ": its folders are the labels";
    refuse(folders, options.labelSeparator() != null, SEPARATOR, "");
    refuse(folders, !options.labelColumns().isEmpty(), "--label-columns", "");
    refuse(folders, options.labelNames() != null, NAMES, "");
    return new LabelFinder(what, options, expectation).found(LabelForm.PLAIN, "");
  }

  private static void refuse(String what, boolean asked, String option, String remedy) {
    if (asked) {
      throw UlmfitException.usage(what + "; leave " + option + " out" + remedy);
    }
  }

  /** Of fastText lines. */
  RowLabels ofFastText(String head) {
    String words = file + ": fastText lines, a label a word";
    refuse(words, options.labelSeparator() != null, SEPARATOR, "");
    String why = "";
    int number = 0;
    for (String line : (Iterable<String>) head.lines()::iterator) {
      number++;
      int labels = new HashSet<>(LineRows.fastTextLabels(line)).size();
      if (labels > 1 && why.isEmpty()) {
        why = "row " + number + " has " + labels + " labels";
      }
    }
    return found(new LabelForm(List.of(), null, names()), why);
  }

  /**
   * Of lines without columns.
   *
   * @param cells the labels of the first ones; null: they have none
   */
  RowLabels ofLines(@Nullable List<String> cells) {
    if (cells == null) {
      String lines = file + ": lines without labels";
      String remedy = ", or say --format csv, tsv or jsonl if it is one of these";
      refuse(lines, options.labelSeparator() != null, SEPARATOR, remedy);
      refuse(lines, options.labelNames() != null, NAMES, remedy);
    }
    RowLabels found = found(new LabelForm(List.of(), options.labelSeparator(), names()), "");
    return warned(found, cells == null ? List.of() : cells);
  }

  /**
   * Of a table.
   *
   * @param rows the first ones
   */
  RowLabels ofTable(Columns columns, List<List<String>> rows) {
    RowLabels found = found(form(columns), "");
    List<String> cells =
        columns.label() < 0
            ? List.of()
            : rows.stream().map(row -> row.get(columns.label())).toList();
    return warned(found, cells);
  }

  /**
   * Of objects of JSON.
   *
   * @param columns null: no object was seen
   */
  RowLabels ofJson(@Nullable Columns columns, List<JsonValue> objects) {
    List<String> keys = JsonRows.labelKeys(options, columns);
    List<JsonValue> values =
        objects.stream().map(o -> JsonRows.firstLabel(o, keys)).filter(Objects::nonNull).toList();
    String why = "";
    for (int i = 0; i < values.size() && why.isEmpty(); i++) {
      long several = values.get(i).items().stream().map(JsonValue::text).distinct().count();
      why = several > 1 ? "a list of " + several + " labels in one of the first rows" : "";
    }
    RowLabels found = found(form(columns), why);
    return warned(found, values.stream().filter(JsonValue::isString).map(JsonValue::text).toList());
  }

  private List<String> names() {
    return options.labelNames() == null
        ? List.of()
        : LabelNames.read(options.labelNames(), options.labelSeparator());
  }

  /** What was asked for, else that of training if the labels stand in the same column. */
  private LabelForm form(@Nullable Columns columns) {
    boolean asked =
        options.labelSeparator() != null
            || !options.labelColumns().isEmpty()
            || options.labelNames() != null;
    InputColumns trained = expectation.trained();
    if (columns != null && !columns.flags().isEmpty()) {
      return new LabelForm(columns.flagNames(), null, List.of());
    }
    if (columns == null && !options.labelColumns().isEmpty()) {
      return new LabelForm(options.labelColumns(), null, List.of());
    }
    boolean same =
        trained != null
            && trained.labels() != null
            && columns != null
            && columns.label() >= 0
            && trained.header() == columns.header()
            && (columns.header() || trained.width() == columns.width())
            && columns.names().get(columns.label()).strip().equals(trained.label());
    return !asked && same && trained != null && trained.labels() != null
        ? trained.labels()
        : new LabelForm(List.of(), options.labelSeparator(), names());
  }

  /**
   * How labels of this form are read.
   *
   * @param why what in the input shows several labels; empty: nothing does
   */
  RowLabels found(LabelForm form, String why) {
    if (expectation.labelling() != null) {
      return new RowLabels(expectation.labelling(), "as in training", false, form, null);
    }
    if (options.labelling() != null) {
      String asked = "--task " + options.labelling().word();
      return new RowLabels(options.labelling(), asked, false, form, null);
    }
    if (form.separator() != null || !form.columns().isEmpty()) {
      String asked = form.separator() != null ? SEPARATOR : "--label-columns";
      return new RowLabels(Labelling.MULTI, asked, false, form, null);
    }
    Labelling labelling = why.isEmpty() ? Labelling.SINGLE : Labelling.MULTI;
    return new RowLabels(labelling, why, true, form, null);
  }

  /**
   * With a warning if cells that are taken for one label each look like several.
   *
   * @throws UlmfitException (usage) if another separator than the one asked for is in them, or
   *     nobody said what lists are that a program printed
   */
  private RowLabels warned(RowLabels found, List<String> cells) {
    boolean open = options.labelling() == null || options.labelling() == Labelling.MULTI;
    boolean unused = expectation.labels() == Expectation.Labels.UNUSED;
    String asked = found.form().separator();
    if (unused || !open || !found.form().columns().isEmpty() || expectation.labelling() != null) {
      return found;
    }
    Optional<String> list =
        cells.stream().map(String::strip).filter(RowLabels::isPrintedList).findFirst();
    if (options.labelling() == null && found.labelling() == Labelling.SINGLE && list.isPresent()) {
      throw UlmfitException.usage(
          Shown.format(
              "%s: the labels \"%s\" %s; --task single takes each for the name of one label",
              file, Shown.name(list.get()), RowLabels.PRINTED_LIST));
    }
    if (asked != null && cells.stream().anyMatch(cell -> cell.contains(asked))) {
      return found;
    }
    long labels = cells.stream().filter(cell -> !cell.isBlank()).count();
    for (String separator : SEPARATORS) {
      List<String> several = cells.stream().filter(c -> parts(c, separator).size() > 1).toList();
      if (!several.isEmpty() && recur(cells, separator)) {
        String held =
            Shown.format(
                "%d of the first %d labels hold \"%s\", such as \"%s\"",
                several.size(), labels, separator, Shown.name(several.get(0).strip()));
        if (asked != null) {
          throw UlmfitException.usage(
              Shown.format(
                  "%s: none of the first %d labels holds \"%s\", but %s; say --label-separator \"%s\"",
                  file, labels, asked, held, separator));
        }
        return found.with(
            Shown.format(
                "WARNING: %s: %s, and are read as one label each; say --label-separator \"%s\" if they are several%s",
                file,
                held,
                separator,
                options.labelling() == null ? ", --task single if not" : ""));
      }
    }
    return asked == null || labels == 0
        ? found
        : found.with(
            Shown.format(
                "WARNING: %s: none of the first %d labels holds \"%s\": every row there has one label",
                file, labels, asked));
  }

  /**
   * Whether names recur: there are fewer different parts than different cells, or all parts of a
   * cell are cells.
   */
  private static boolean recur(List<String> cells, String separator) {
    Set<String> whole = new HashSet<>();
    Set<String> parts = new HashSet<>();
    for (String cell : cells) {
      if (!cell.isBlank()) {
        whole.add(cell.strip());
        parts.addAll(parts(cell, separator));
      }
    }
    boolean known =
        cells.stream()
            .map(cell -> parts(cell, separator))
            .anyMatch(own -> own.size() > 1 && whole.containsAll(own));
    return (known || parts.size() < whole.size()) && !parts.contains("");
  }

  private static List<String> parts(String cell, String separator) {
    return Stream.of(cell.split(Pattern.quote(separator), -1)).map(String::strip).toList();
  }
}
