package org.ulmfit.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.train.Scores;

/**
 * A classifier's hits and misses on labelled rows, and the tables people read them in. A label
 * without rows is named as never tested, and the line says how it counts in the means. Where there
 * is nothing to divide by, tables show {@code -} and the JSON {@code null}; the means take such a
 * figure for 0, as scikit-learn does.
 */
public final class ScoreTables {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NAMED = 20;
  private static final String NOTHING = "-";

  private final Scores scores;
  private final Content content;

  /** What there is to tell of documents with one label, or with several. */
  sealed interface Content permits SingleLabelTables, MultilabelTables {

    /** Names and values of the figures, in order. */
    List<Figure> figures();

    /** Lines on labels that were never tested. */
    List<String> remarks();

    List<Captioned> tables();

    /** Adds all figures, and what it knows of rows and labels. */
    void put(ObjectNode node);
  }

  /**
   * A figure as people read it.
   *
   * @param inShort whether it is one of the few that a headline tells
   */
  record Figure(String name, String value, boolean inShort) {
    Figure(String name, double value, boolean inShort) {
      this(name, four(value), inShort);
    }
  }

  /**
   * @param caption a line above it in a report; empty: none is needed
   */
  record Captioned(String caption, Table table) {}

  public ScoreTables(Scores scores) {
    this.scores = scores;
    this.content =
        scores.labelling() == Labelling.SINGLE
            ? new SingleLabelTables(scores)
            : new MultilabelTables(scores);
  }

  /** Everything, as one JSON object. */
  public ObjectNode node() {
    ObjectNode node = JSON.createObjectNode();
    if (!scores.split().isEmpty()) {
      node.put("split", scores.split());
    }
    node.put("labelling", scores.labelling().word());
    node.put("rows", scores.rows());
    content.put(node);
    return node;
  }

  /** {@link #node()} in one line. */
  public String json() {
    return node().toString();
  }

  /** Plain text for a terminal; no line end. */
  public String text() {
    StringBuilder text = new StringBuilder();
    String of = scores.split().isEmpty() ? "" : scores.split() + " ";
    text.append(of).append("rows: ").append(scores.rows()).append('\n');
    for (Figure figure : content.figures()) {
      text.append(of).append(figure.name).append(": ").append(figure.value).append('\n');
    }
    content.remarks().forEach(line -> text.append(line).append('\n'));
    content.tables().forEach(t -> text.append('\n').append(t.table.text()).append('\n'));
    return text.substring(0, text.length() - 1);
  }

  /** The same as Markdown. */
  public String markdown() {
    StringBuilder text = new StringBuilder(scores.split() + ": " + scores.rows() + " rows");
    List<Figure> figures = content.figures();
    figures.stream()
        .filter(Figure::inShort)
        .forEach(f -> text.append(", ").append(f.name).append(' ').append(f.value));
    text.append("\n\n");
    content.remarks().forEach(line -> text.append(Shown.markdown(line)).append("\n\n"));
    Table all = new Table("figure", "value");
    figures.forEach(f -> all.row(f.name, f.value));
    text.append(all.markdown());
    for (Captioned t : content.tables()) {
      text.append('\n').append(t.caption).append(t.caption.isEmpty() ? "" : "\n\n");
      text.append(t.table.markdown());
    }
    return text.toString();
  }

  /** A line that names labels without rows; none if there are no such. */
  static List<String> never(Scores scores, IntPredicate which, String why) {
    List<String> names =
        IntStream.range(0, scores.labels().size())
            .filter(which)
            .mapToObj(scores.labels()::get)
            .toList();
    return scores.rows() == 0 || names.isEmpty()
        ? List.of()
        : List.of("never tested: " + Shown.list(names, NAMED) + " (" + why + ")");
  }

  /** The names of labels without rows, for machines. */
  static void putNever(ObjectNode node, Scores scores, IntPredicate untested) {
    ArrayNode never = node.putArray("neverTested");
    IntStream.range(0, scores.labels().size())
        .filter(untested)
        .forEach(label -> never.add(scores.labels().get(label)));
  }

  /** A figure if there is anything to divide by. */
  static @Nullable Double ifAny(long rows, double value) {
    return rows == 0 ? null : Double.valueOf(value);
  }

  static String four(@Nullable Double value) {
    return value == null ? NOTHING : Shown.format("%.4f", value);
  }
}
