package org.ulmfit.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What columns are usually called. Letter case, blanks, hyphens and underscores make no difference;
 * of a nested key of JSON the last part counts.
 */
final class ColumnNames {
  private static final Set<String> TEXT =
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
          "question",
          "utterance");
  private static final Set<String> LABEL =
      Set.of("label", "labels", "class", "category", "sentiment", "target", "intent");
  private static final Set<String> SPLIT = Set.of("split", "is_valid");
  private static final Set<String> OTHER_FLAGS =
      Set.of("is_test", "is_train", "is_training", "is_dev", "is_val", "is_validation");
  private static final Set<String> ID = Set.of("id");
  private static final Pattern CAMEL = Pattern.compile("(?<=\\p{Ll})(?=\\p{Lu})");
  private static final Pattern JOINED = Pattern.compile("[\\s_-]+");

  /** What some programs put around names: {@code #text, 'label', $class}. */
  private static final Pattern AROUND = Pattern.compile("^[#$%*'\"(\\[]+|[*'\"?.!)\\]]+$");

  /** Last words of names that no label goes by. */
  private static final Set<String> NEVER_LABEL =
      Set.of(
          "id",
          "user",
          "author",
          "date",
          "time",
          "timestamp",
          "year",
          "url",
          "link",
          "lang",
          "language",
          "fold",
          "index",
          "file",
          "filename");

  private static final int SHOWN = 30;
  private static final int LONGEST = 40;

  private ColumnNames() {}

  static boolean isText(String name) {
    return TEXT.contains(last(name));
  }

  /** Whether a usual name of a text is one word of this one: {@code Review Text, tweet_text}. */
  static boolean hasText(String name) {
    String words = CAMEL.matcher(name.strip()).replaceAll("_");
    return JOINED
        .splitAsStream(words.toLowerCase(Locale.ROOT).replace('.', '_'))
        .anyMatch(TEXT::contains);
  }

  static boolean isLabel(String name) {
    return LABEL.contains(last(name));
  }

  /** Whether the name is that of something else: {@code user_id, created date}. */
  static boolean isNeverLabel(String name) {
    String usual = usual(CAMEL.matcher(name.strip()).replaceAll("_"));
    return NEVER_LABEL.contains(
        usual.substring(Math.max(usual.lastIndexOf('_'), usual.lastIndexOf('.')) + 1));
  }

  static boolean isSplit(String name) {
    return SPLIT.contains(last(name));
  }

  static boolean isId(String name) {
    return ID.contains(usual(name));
  }

  /** fastai's sample files. */
  static boolean isValidFlag(String name) {
    return usual(name).equals("is_valid");
  }

  /** Columns of 0 and 1 that tell of a split, but not which rows train. */
  static boolean isOtherFlag(String name) {
    return OTHER_FLAGS.contains(last(name));
  }

  /** Whether they are {@code label} and {@code labels}. */
  static boolean isOneAndMany(String one, String many) {
    return last(one).equals("label") && last(many).equals("labels");
  }

  /** How many of these are usual names. */
  static long known(List<String> cells) {
    return cells.stream().filter(ColumnNames::isKnown).count();
  }

  static boolean isKnown(String name) {
    return isText(name) || isLabel(name) || isSplit(name) || isId(name);
  }

  /** Of several columns with usual names, the ones with the plainest: {@code text, label}. */
  static List<Integer> plainest(List<Integer> columns, List<String> names, String plainest) {
    List<Integer> plain =
        columns.stream().filter(c -> last(names.get(c)).equals(plainest)).toList();
    return plain.isEmpty() ? columns : plain;
  }

  private static String last(String name) {
    String usual = usual(name);
    return usual.substring(usual.lastIndexOf('.') + 1);
  }

  /** Without what makes no difference. */
  static String usual(String name) {
    String bare = AROUND.matcher(name.strip().toLowerCase(Locale.ROOT)).replaceAll("");
    return JOINED.matcher(bare).replaceAll("_");
  }

  /** As a message lists them; a column without a name by its index. */
  static String list(List<String> names) {
    String some =
        IntStream.range(0, Math.min(SHOWN, names.size()))
            .mapToObj(c -> shown(names, c))
            .collect(Collectors.joining(", "));
    return some + (names.size() > SHOWN ? ", ..." : "");
  }

  /** {@code text} or, for a message, its index where it has no name. */
  static String shown(List<String> names, int column) {
    String name = names.get(column).strip().replaceAll("\\s+", " ");
    return name.isEmpty()
        ? Integer.toString(column)
        : name.length() > LONGEST ? name.substring(0, LONGEST) + "..." : name;
  }

  static String list(List<String> names, List<Integer> columns) {
    return columns.stream().map(c -> shown(names, c)).collect(Collectors.joining(", "));
  }

  /** {@code 0, 1, 2}: what the columns of a table without header are called. */
  static List<String> indices(int n) {
    return new ArrayList<>(IntStream.range(0, n).mapToObj(Integer::toString).toList());
  }
}
