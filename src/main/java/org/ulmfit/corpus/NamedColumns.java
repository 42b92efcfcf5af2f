package org.ulmfit.corpus;

import java.util.List;
import java.util.stream.IntStream;
import org.ulmfit.Shown;
import org.ulmfit.Suggestion;
import org.ulmfit.UlmfitException;

/**
 * Columns that are called by their names or indices.
 *
 * @param file for messages
 * @param header whether they have names
 * @param names of the columns; their indices without header
 */
record NamedColumns(String file, boolean header, List<String> names) {

  /** Whether this is no index. */
  static boolean isName(String column) {
    return !column.matches("\\d{1,6}");
  }

  /** Index of the column of this name; -1 if there is none or more than one. */
  int indexOf(String name) {
    List<Integer> found =
        IntStream.range(0, names.size())
            .filter(c -> names.get(c).strip().equals(name.strip()))
            .boxed()
            .toList();
    return found.size() == 1 ? found.get(0) : -1;
  }

  /** The same, where only letter case, blanks, hyphens or underscores may differ. */
  int like(String name) {
    int exact = indexOf(name);
    List<Integer> found =
        IntStream.range(0, names.size())
            .filter(c -> ColumnNames.usual(names.get(c)).equals(ColumnNames.usual(name)))
            .boxed()
            .toList();
    return exact >= 0 ? exact : found.size() == 1 ? found.get(0) : -1;
  }

  /**
   * The column that an option names.
   *
   * @throws UlmfitException (bad data) if there is none, or more than one
   */
  int asked(String option, String column) {
    long same = names.stream().filter(name -> name.strip().equals(column.strip())).count();
    if (same > 1) {
      throw UlmfitException.badData(
          file
              + ": "
              + same
              + " columns are called '"
              + column
              + "'; give "
              + option
              + " the index of one, counted from 0");
    }
    int found = indexOf(column);
    if (found < 0 && !isName(column) && Integer.parseInt(column) < names.size()) {
      found = Integer.parseInt(column);
    }
    if (found < 0) {
      throw UlmfitException.badData(
          file
              + ": no column '"
              + column
              + "'; its columns are "
              + ColumnNames.list(names)
              + Suggestion.hint(column, names)
              + " ("
              + option
              + "; indices count from 0)");
    }
    return found;
  }

  /**
   * The columns of 0 and 1 that are asked for, else those that training had.
   *
   * @throws UlmfitException (bad data) if one of them is not there
   */
  List<Integer> flags(CorpusOptions options, Expectation expectation) {
    List<String> asked = options.labelColumns();
    if (!asked.isEmpty()) {
      List<Integer> found = asked.stream().map(c -> asked("--label-columns", c)).toList();
      if (found.stream().distinct().count() < found.size()) {
        throw UlmfitException.usage(
            "--label-columns " + String.join(",", asked) + ": a column twice");
      }
      return found;
    }
    boolean other = options.labelColumn() != null || options.labelSeparator() != null;
    return other ? List.of() : ofTraining(expectation);
  }

  private List<Integer> ofTraining(Expectation expectation) {
    InputColumns trained = expectation.trained();
    boolean alike =
        trained != null
            && trained.header() == header
            && (header || trained.width() == names.size());
    LabelForm form = trained == null || !alike ? null : trained.labels();
    List<String> wanted = form == null ? List.of() : form.columns();
    List<String> missing = wanted.stream().filter(c -> indexOf(c) < 0).toList();
    boolean some = !missing.isEmpty() && missing.size() < wanted.size();
    if (some && expectation.labels() == Expectation.Labels.REQUIRED) {
      throw UlmfitException.badData(
          file
              + ": no label column "
              + Shown.list(missing, 5)
              + ", which training had; its columns are "
              + ColumnNames.list(names));
    }
    return wanted.stream().map(this::indexOf).filter(c -> c >= 0).toList();
  }
}
