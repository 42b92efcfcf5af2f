package org.ulmfit.corpus;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;

/**
 * A text on each line: plain, with fastText's labels, or taken apart by a pattern.
 *
 * <pre>
 * just text, unlabelled
 * __label__pos good
 * ENTY:animal What is the fastest fish ?
 * </pre>
 */
final class LineRows implements RowReader {
  private static final String FASTTEXT_LABEL = "__label__";
  private static final Pattern FASTTEXT_WORD = Pattern.compile("(?<!\\S)__label__(\\S+)\\s*");
  private static final Pattern FASTTEXT_LINE =
      Pattern.compile("\\s*__label__\\S.*|.*\\s__label__\\S+\\s*", Pattern.DOTALL);

  private final LineSource lines;
  private final Parser parser;
  private final boolean blank;

  private LineRows(LineSource lines, boolean blank, Parser parser) {
    this.lines = lines;
    this.blank = blank;
    this.parser = parser;
  }

  private interface Parser {
    Row parse(long number, String line);
  }

  /**
   * @param blank whether blank lines are rows
   */
  static LineRows plain(LineSource lines, boolean blank) {
    return new LineRows(lines, blank, Row::of);
  }

  /** Words that begin with {@code __label__} are labels, wherever they stand, as in fastText. */
  static LineRows fastText(LineSource lines, boolean blank, RowLabels reading) {
    return new LineRows(lines, blank, (number, line) -> fastText(number, line, blank, reading));
  }

  /**
   * By {@code --line-pattern}.
   *
   * @param answering whether labels do not matter
   */
  static LineRows byPattern(LineSource lines, String regex, boolean answering, RowLabels reading) {
    Pattern pattern = pattern(regex);
    boolean labelled = isLabelled(regex) && !answering;
    return new LineRows(
        lines,
        answering,
        (number, line) -> {
          if (line.isBlank()) {
            return Row.of(number, line); // one that is to be answered
          }
          Matcher matcher = pattern.matcher(line);
          if (!matcher.matches()) {
            return Row.bad(number, number, "does not match --line-pattern " + pattern);
          }
          String label = labelled ? matcher.group("label") : null;
          String text = matcher.group("text");
          return row(
              number, text == null ? "" : text, () -> label == null ? null : reading.ofCell(label));
        });
  }

  /** Whether lines that match have a label. */
  static boolean isLabelled(String regex) {
    return regex.contains("(?<label>");
  }

  /** The labels of lines, by a pattern that {@link #isLabelled}. */
  static List<String> labels(Stream<String> lines, String regex) {
    Pattern pattern = pattern(regex);
    return lines
        .map(pattern::matcher)
        .filter(matcher -> matcher.matches() && matcher.group("label") != null)
        .map(matcher -> matcher.group("label"))
        .toList();
  }

  /** Whether a line begins or ends with one of fastText's labels. */
  static boolean hasFastTextLabel(String line) {
    return line.contains(FASTTEXT_LABEL) && FASTTEXT_LINE.matcher(line).matches();
  }

  @Override
  public @Nullable Row next() throws IOException {
    for (String line = lines.next(); line != null; line = lines.next()) {
      if (blank || !line.isBlank()) {
        return parser.parse(lines.number(), line);
      }
    }
    return null;
  }

  @Override
  public boolean ready() throws IOException {
    return lines.ready();
  }

  /** The labels of a line of fastText's, in their order. */
  static List<String> fastTextLabels(String line) {
    return line.contains(FASTTEXT_LABEL)
        ? FASTTEXT_WORD.matcher(line).results().map(word -> word.group(1)).toList()
        : List.of();
  }

  /** A line without a label is not labelled. */
  private static Row fastText(long number, String line, boolean answering, RowLabels reading) {
    List<String> found = fastTextLabels(line);
    String text = found.isEmpty() ? line : FASTTEXT_WORD.matcher(line).replaceAll("").strip();
    for (String label : found) {
      if (label.contains(FASTTEXT_LABEL)) {
        return Row.bad(
            number,
            number,
            "the label \""
                + Shown.name(label)
                + "\" holds another "
                + FASTTEXT_LABEL
                + "; put a blank between them");
      }
    }
    return row(number, text, () -> found.isEmpty() || answering ? null : reading.ofList(found));
  }

  /** The labels of a line; null: it has none. */
  private interface Labels {
    @Nullable List<String> read() throws RowLabels.BadLabels;
  }

  private static Row row(long number, String text, Labels reading) {
    @Nullable List<String> labels = null;
    @Nullable String problem = null;
    try {
      labels = reading.read();
    } catch (RowLabels.BadLabels e) {
      problem = e.what;
    }
    return new Row(number, number, null, false, List.of(text), labels, null, null, problem);
  }

  /** Checks and compiles a line pattern. */
  static Pattern pattern(String regex) {
    if (!regex.contains("(?<text>")) {
      throw UlmfitException.usage(
          "--line-pattern "
              + regex
              + ": no group (?<text>...), for example"
              + " '(?<label>\\S+)\\s+(?<text>.*)'");
    }
    try {
      return Pattern.compile(regex, Pattern.UNIX_LINES); // a line may hold other ends than its own
    } catch (PatternSyntaxException e) {
      throw UlmfitException.usage(
          "--line-pattern " + regex + ": " + e.getDescription() + " at index " + e.getIndex());
    }
  }
}
