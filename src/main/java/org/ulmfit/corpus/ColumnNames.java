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
  private static final Set<String> ID = Set.of("id");
  private static final Pattern CAMEL = Pattern.compile("(?<=\\p{Ll})(?=\\p{Lu})");
  private static final Pattern JOINED = Pattern.compile("[\\s_-]+");
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

  private static String usual(String name) {
    return JOINED.matcher(name.strip().toLowerCase(Locale.ROOT)).replaceAll("_");
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
