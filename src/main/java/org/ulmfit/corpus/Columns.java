package org.ulmfit.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ulmfit.UlmfitException;

/**
 * Which column of a table is what.
 *
 * @param header whether the first row names the columns
 * @param width number of columns
 * @param text indices of the text columns
 * @param label index of the label column, -1 = none
 * @param split index of the split column, -1 = none
 * @param id index of the id column, -1 = none
 * @param splitIsValid the split column says true or false for "is validation"
 */
record Columns(
    boolean header,
    int width,
    List<Integer> text,
    int label,
    int split,
    int id,
    boolean splitIsValid) {

  static final Set<String> TEXT_NAMES =
      Set.of(
          "text",
          "review",
          "content",
          "sentence",
          "comment",
          "tweet",
          "message",
          "body",
          "document",
          "question");
  static final Set<String> LABEL_NAMES =
      Set.of("label", "labels", "class", "category", "sentiment", "target");
  private static final Set<String> SPLIT_NAMES = Set.of("split", "is_valid");
  private static final Set<String> ID_NAMES = Set.of("id");
  private static final String IS_VALID = "is_valid"; // fastai's sample files

  /** From the first row of the table. */
  static Columns of(String file, List<String> first, CorpusOptions options) {
    boolean header = hasHeader(first, options);
    List<String> names = header ? first : indices(first.size());
    int split = find(file, names, options.splitColumn(), header ? SPLIT_NAMES : Set.of());
    int id = header ? find(file, names, null, ID_NAMES) : -1;
    int label = find(file, names, options.labelColumn(), header ? LABEL_NAMES : Set.of());
    List<Integer> text = new ArrayList<>();
    for (String asked : options.textColumns()) {
      text.add(find(file, names, asked, Set.of()));
    }
    if (label < 0 && !header && names.size() > 1) {
      label = firstFree(names.size(), text, split); // the lesson's CSV: label, text
    }
    if (text.isEmpty()) {
      text = findText(file, names, header, label, split, id);
    }
    boolean isValid = split >= 0 && names.get(split).strip().equalsIgnoreCase(IS_VALID);
    return new Columns(header, names.size(), List.copyOf(text), label, split, id, isValid);
  }

  /** The split a cell names; null if it names none. */
  Split splitOf(String cell) {
    String value = cell.strip().toLowerCase(Locale.ROOT);
    if (splitIsValid || value.equals("true") || value.equals("false")) {
      return switch (value) {
        case "true", "1" -> Split.VALID;
        case "false", "0" -> Split.TRAIN;
        default -> null;
      };
    }
    return namedSplit(value);
  }

  /** The split that goes by this name in folders and columns; null if none does. */
  static Split namedSplit(String name) {
    return switch (name) {
      case "train", "training" -> Split.TRAIN;
      case "valid", "validation", "val", "dev" -> Split.VALID;
      case "test" -> Split.TEST;
      case "unsup", "unlabeled", "unlabelled" -> Split.UNSUP;
      default -> null;
    };
  }

  private static boolean hasHeader(List<String> first, CorpusOptions options) {
    return switch (options.header()) {
      case YES -> true;
      case NO -> false;
      case AUTO ->
          named(options.labelColumn())
              || named(options.splitColumn())
              || options.textColumns().stream().anyMatch(Columns::named)
              || first.stream().anyMatch(c -> isOne(c, TEXT_NAMES) || isOne(c, LABEL_NAMES));
    };
  }

  private static boolean named(String column) {
    return column != null && !column.chars().allMatch(Character::isDigit);
  }

  private static boolean isOne(String cell, Set<String> names) {
    return names.contains(cell.strip().toLowerCase(Locale.ROOT));
  }

  private static List<String> indices(int n) {
    return IntStream.range(0, n).mapToObj(Integer::toString).toList();
  }

  private static int find(String file, List<String> names, String asked, Set<String> usual) {
    for (int i = 0; i < names.size(); i++) {
      boolean hit = asked == null ? isOne(names.get(i), usual) : names.get(i).strip().equals(asked);
      if (hit) {
        return i;
      }
    }
    if (asked == null) {
      return -1;
    }
    if (!named(asked) && asked.length() < 5 && Integer.parseInt(asked) < names.size()) {
      return Integer.parseInt(asked);
    }
    throw UlmfitException.badData(
        file + ": no column '" + asked + "'; " + available(names) + ", indices count from 0");
  }

  private static int firstFree(int n, List<Integer> text, int split) {
    for (int i = 0; i < n; i++) {
      if (!text.contains(i) && i != split) {
        return i;
      }
    }
    return -1;
  }

  private static List<Integer> findText(
      String file, List<String> names, boolean header, int label, int split, int id) {
    List<Integer> others =
        IntStream.range(0, names.size())
            .filter(i -> i != label && i != split && i != id)
            .boxed()
            .toList();
    if (header && others.size() != 1) {
      others = others.stream().filter(i -> isOne(names.get(i), TEXT_NAMES)).limit(1).toList();
    }
    if (others.isEmpty()) {
      throw UlmfitException.badData(
          file
              + ": which column is the text? "
              + available(names)
              + "; name it with --text-column");
    }
    return others;
  }

  private static String available(List<String> names) {
    return "its columns are "
        + names.stream().limit(30).map(String::strip).collect(Collectors.joining(", "))
        + (names.size() > 30 ? ", ..." : "");
  }
}
