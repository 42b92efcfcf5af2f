package org.ulmfit.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/**
 * Finds out which column is what: what was asked for, then what the model was trained on, then
 * usual names, then what the cells look like. Where two columns could be meant it refuses, and
 * lists the columns and the options that decide.
 */
final class ColumnFinder {
  /** In place of a column: there is none. */
  private static final String NONE = "none";

  private final String file;
  private final boolean header;
  private final List<String> names;
  private final NamedColumns columns;
  private final List<ColumnStats> stats;
  private final int rows;
  private final CorpusOptions options;
  private final Expectation expectation;
  private final List<List<String>> cells;
  private List<Integer> flags = List.of();
  private boolean byContents;
  private List<String> missed = List.of();

  /**
   * @param names of the columns; their indices without header
   * @param rows the first ones, each as wide as the names
   */
  ColumnFinder(
      String file,
      boolean header,
      List<String> names,
      List<List<String>> rows,
      CorpusOptions options,
      Expectation expectation) {
    this.file = file;
    this.header = header;
    this.names = names;
    this.columns = new NamedColumns(file, header, names);
    this.options = options;
    this.expectation = expectation;
    this.rows = rows.size();
    this.cells = rows;
    this.stats =
        IntStream.range(0, names.size())
            .mapToObj(c -> ColumnStats.of(rows.stream().map(row -> row.get(c)).toList()))
            .toList();
  }

  /** Whether a column is asked for by its name, so that there must be names. */
  static boolean asksByName(CorpusOptions options) {
    return isName(options.labelColumn())
        || isName(options.splitColumn())
        || isName(options.idColumn())
        || options.textColumns().stream().anyMatch(ColumnFinder::isName)
        || options.labelColumns().stream().anyMatch(ColumnFinder::isName);
  }

  private static boolean isName(@Nullable String column) {
    return column != null && !column.equals(NONE) && NamedColumns.isName(column);
  }

  /** Whether it is said that there is no such column, and none is called so. */
  private boolean isNone(@Nullable String asked) {
    return NONE.equals(asked) && columns.indexOf(NONE) < 0;
  }

  Columns find() {
    flags = columns.flags(options, expectation);
    int split = one("--split-column", options.splitColumn(), ColumnNames::isSplit);
    int id = one("--id-column", options.idColumn(), ColumnNames::isId);
    boolean unlabelled = isNone(options.labelColumn()) || !flags.isEmpty();
    int label =
        options.labelColumn() == null || unlabelled
            ? -1
            : columns.asked("--label-column", options.labelColumn());
    List<Integer> text = new ArrayList<>();
    options.textColumns().forEach(column -> text.add(columns.asked("--text-column", column)));
    if (text.isEmpty()) {
      text.addAll(trainedText());
    }
    if (label < 0 && !unlabelled) {
      label = knownLabel(taken(text, split, id));
    }
    if (text.isEmpty()) {
      text.addAll(knownText(taken(List.of(), split, id, label)));
    }
    if (text.isEmpty()) {
      List<Integer> free = free(taken(List.of(), split, id, label));
      text.addAll(textByContents(free, label));
    }
    if (label < 0 && !unlabelled) {
      label = labelByContents(free(taken(text, split, id)));
    }
    checkFields(text);
    boolean known = split >= 0 || options.splitColumn() != null;
    List<Integer> suspects = known ? List.of() : suspects(free(taken(text, split, id, label)));
    return new Columns(
        header, names, List.copyOf(text), label, split, id, flags, byContents, missed, suspects);
  }

  private List<Integer> trainedText() {
    InputColumns trained = expectation.trained();
    if (trained == null || trained.text().isEmpty()) {
      return List.of();
    }
    boolean same = header ? trained.header() : !trained.header() && trained.width() == names.size();
    List<Integer> found =
        same
            ? trained.text().stream().map(columns::like).filter(c -> c >= 0).distinct().toList()
            : List.of();
    if (found.size() == trained.fields()) {
      return found;
    }
    missed = trained.header() && header ? trained.text() : List.of();
    return List.of();
  }

  private int knownLabel(Set<Integer> taken) {
    InputColumns trained = expectation.trained();
    if (trained != null && trained.label() != null && header == trained.header()) {
      int found = header || trained.width() == names.size() ? columns.like(trained.label()) : -1;
      if (found >= 0 && !taken.contains(found)) {
        return found;
      }
    }
    List<Integer> found = filled(named(taken, ColumnNames::isLabel));
    List<Integer> plain = ColumnNames.plainest(found, names, "label");
    if (found.stream().anyMatch(c -> plain.stream().anyMatch(p -> isListOf(p, c)))) {
      refuseLabel(found); // {"label": "joy", "labels": ["joy", "love"]}
    }
    if (plain.size() > 1) {
      refuseLabel(plain);
    }
    return plain.size() == 1 ? plain.get(0) : -1;
  }

  private List<Integer> knownText(Set<Integer> taken) {
    List<Integer> found = worded(named(taken, ColumnNames::isText), taken);
    List<Integer> plain = ColumnNames.plainest(found, names, "text");
    if (plain.isEmpty()) {
      plain =
          named(taken, ColumnNames::hasText).stream().filter(c -> stats.get(c).isText()).toList();
    }
    if (plain.size() > 1) {
      throw unclearText("its columns " + ColumnNames.list(names, plain) + " could be");
    }
    return plain;
  }

  /** Those that are not empty, if there are any. */
  private List<Integer> filled(List<Integer> columns) {
    List<Integer> some = columns.stream().filter(c -> stats.get(c).filled() > 0).toList();
    return some.isEmpty() ? columns : some;
  }

  /**
   * Those that hold words: a usual name says little of a column of numbers beside one of sentences.
   */
  private List<Integer> worded(List<Integer> columns, Set<Integer> taken) {
    List<Integer> some =
        columns.stream()
            .filter(c -> stats.get(c).filled() > 0 && !isNumbers(c) && stats.get(c).words() >= 0.5)
            .toList();
    boolean sentences = free(taken).stream().anyMatch(c -> stats.get(c).isText());
    return some.isEmpty() && !sentences ? columns : some;
  }

  /**
   * The one column of sentences; without sentences the only one that holds no numbers, or the one
   * beside the label; in a table without header all columns beside a class number, as in fastai's
   * lesson.
   */
  private List<Integer> textByContents(List<Integer> free, int label) {
    byContents = names.size() > 1;
    List<Integer> texts = free.stream().filter(c -> stats.get(c).isText()).toList();
    if (texts.size() == 1) {
      return texts;
    }
    List<Integer> strings = free.stream().filter(c -> !isNumbers(c)).toList();
    if (strings.size() == 1 && label < 0 && !stats.get(strings.get(0)).isLabel()) {
      return strings;
    }
    int beside = label < 0 ? likeliestLabel(free) : label;
    List<Integer> rest = free.stream().filter(c -> c != beside).toList();
    boolean words =
        rest.stream()
            .noneMatch(c -> isNumbers(c) || header && rows > 0 && stats.get(c).filled() == 0);
    boolean alone = texts.isEmpty() && rest.size() == 1 && (beside >= 0 || names.size() == 1);
    boolean lesson = !header && beside >= 0 && isNumbers(beside) && !rest.isEmpty();
    if (words && (alone || lesson)) {
      return rest;
    }
    throw unclearText(
        header
            ? "its columns are " + ColumnNames.list(names)
            : "it has " + names.size() + " columns and no header");
  }

  /** The only column that could be the label, or the only one of them that holds numbers; -1. */
  private int likeliestLabel(List<Integer> free) {
    List<Integer> labels = free.stream().filter(this::couldBeLabel).toList();
    List<Integer> numbers = labels.stream().filter(this::isNumbers).toList();
    return labels.size() == 1 ? labels.get(0) : numbers.size() == 1 ? numbers.get(0) : -1;
  }

  private int labelByContents(List<Integer> free) {
    List<Integer> labels = free.stream().filter(this::couldBeLabel).toList();
    if (labels.size() > 1) {
      refuseLabel(labels);
    }
    byContents |= labels.size() == 1;
    return labels.size() == 1 ? labels.get(0) : -1;
  }

  /** A column with a name must show more: two rows of one word each tell nothing. */
  private boolean couldBeLabel(int column) {
    ColumnStats cells = labelStats(column);
    boolean shown =
        !header
            || cells.filled() >= 4
                && cells.distinct() > 1
                && cells.odd() < 0.5
                && !ColumnNames.isNeverLabel(names.get(column));
    return cells.isLabel() && 2 * cells.filled() >= rows && shown;
  }

  /** Of the labels themselves, where a cell holds several. */
  private ColumnStats labelStats(int column) {
    String separator = options.labelSeparator();
    return separator == null
        ? stats.get(column)
        : ColumnStats.of(
            cells.stream()
                .flatMap(row -> Stream.of(row.get(column).split(Pattern.quote(separator), -1)))
                .toList());
  }

  /** Whether a column holds 0 and 1 alone. */
  private boolean isFlag(int column) {
    return cells.stream().allMatch(row -> row.get(column).strip().matches("[01](\\.0)?"));
  }

  private boolean isNumbers(int column) {
    return stats.get(column).numeric() == 1;
  }

  private UlmfitException unclearText(String what) {
    boolean labels = expectation.labels() != Expectation.Labels.UNUSED;
    return UlmfitException.badData(
        file
            + ": which column is the text? "
            + what
            + "; name it with --text-column"
            + (labels ? ", and the label with --label-column" : "")
            + (header ? "" : " (indices count from 0)"));
  }

  private void refuseLabel(List<Integer> columns) {
    if (expectation.labels() == Expectation.Labels.REQUIRED) {
      throw UlmfitException.badData(
          file
              + ": which column is the label? "
              + ColumnNames.list(names, columns)
              + " could be (its columns are "
              + ColumnNames.list(names)
              + "); name it with --label-column"
              + (columns.stream().allMatch(this::isFlag)
                  ? ", or those that are labels of 0 and 1 with --label-columns"
                  : ""));
    }
  }

  /** Whether a row has both a {@code label} and {@code labels}. */
  private boolean isListOf(int label, int labels) {
    return header
        && ColumnNames.isOneAndMany(names.get(label), names.get(labels))
        && cells.stream().anyMatch(row -> !row.get(label).isBlank() && !row.get(labels).isBlank());
  }

  /** Columns that may tell the splits, though nothing in their names says so. */
  private List<Integer> suspects(List<Integer> free) {
    return free.stream()
        .filter(c -> stats.get(c).filled() > 0)
        .filter(
            c ->
                cells.stream()
                    .map(row -> row.get(c).strip())
                    .allMatch(cell -> cell.isEmpty() || SplitWatch.isSuspect(names.get(c), cell)))
        .toList();
  }

  private void checkFields(List<Integer> text) {
    InputColumns trained = expectation.trained();
    if (trained != null && trained.fields() != text.size()) {
      throw UlmfitException.badData(
          file
              + ": "
              + (text.size() == 1 ? "one text column (" : text.size() + " text columns (")
              + ColumnNames.list(names, text)
              + "), but the model was trained on "
              + trained.describe()
              + "; name "
              + (trained.fields() == 1 ? "it" : "them")
              + " with --text-column (its columns are "
              + ColumnNames.list(names)
              + ")");
    }
  }

  private int one(String option, @Nullable String asked, Predicate<String> usual) {
    if (isNone(asked)) {
      return -1;
    }
    if (asked != null) {
      return columns.asked(option, asked);
    }
    List<Integer> found = named(Set.of(), usual);
    return found.isEmpty() ? -1 : found.get(0);
  }

  private List<Integer> named(Set<Integer> taken, Predicate<String> usual) {
    return header ? free(taken).stream().filter(c -> usual.test(names.get(c))).toList() : List.of();
  }

  private List<Integer> free(Set<Integer> taken) {
    return IntStream.range(0, names.size())
        .filter(c -> !taken.contains(c) && !flags.contains(c))
        .boxed()
        .toList();
  }

  private static Set<Integer> taken(List<Integer> text, int... others) {
    Set<Integer> taken = IntStream.of(others).boxed().collect(Collectors.toSet());
    taken.addAll(text);
    return taken;
  }
}
