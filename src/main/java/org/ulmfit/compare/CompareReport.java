package org.ulmfit.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.prepare.RowFiles;
import org.ulmfit.report.Table;

/** What came of a comparison, as text, Markdown and JSON. */
public final class CompareReport {
  private static final String RESUMED = "*";

  private final String corpus;
  private final RowFiles rows;
  private final Labelling labelling;
  private final List<Group> groups; // by training rows, then best first
  private final List<Neighbours> neighbours;
  private final Choice choice;
  private final String chosen;
  private final List<String> commands;
  private final List<String> start;
  private final boolean seeds;

  private CompareReport(CompareJob job, RowFiles rows, List<Group> groups) {
    this.corpus = job.corpus().name();
    this.rows = rows;
    this.labelling = rows.labelling();
    this.groups = groups;
    this.neighbours = Neighbours.of(groups, labelling);
    int most = groups.get(groups.size() - 1).count();
    List<Group> last = groups.stream().filter(group -> group.count() == most).toList();
    this.choice = Choice.of(last, labelling);
    this.chosen = choice.sentence(labelling, rows.valid(), last.size() == 1);
    this.commands = job.commands().apply(choice.best().first().contestant().family());
    this.start = job.start() == null ? List.of() : List.of(job.start().line());
    this.seeds = job.seeds().size() > 1;
  }

  /**
   * @param rows under the first seed
   */
  static CompareReport of(CompareJob job, RowFiles rows, List<Entry> entries) {
    Comparator<Group> order =
        Comparator.<Group>comparingInt(g -> g.count() == 0 ? Integer.MAX_VALUE : g.count())
            .thenComparingDouble(g -> -g.mean(e -> e.test().ranked(rows.labelling())));
    return new CompareReport(job, rows, Group.of(entries).stream().sorted(order).toList());
  }

  /** For a terminal; no line end. */
  public String text() {
    return String.join("\n\n", parts(Table::text, line -> line, "", "  "));
  }

  /** {@code compare.md}. */
  public String markdown() {
    List<String> parts =
        parts(table -> table.markdown().stripTrailing(), Shown::markdown, "- ", "    ");
    return "# " + Shown.markdown(corpus) + "\n\n" + String.join("\n\n", parts) + "\n";
  }

  /** {@code compare.json}. */
  public String json() {
    return new CompareJson(corpus, rows, groups, neighbours, choice, chosen, commands, start)
        .text();
  }

  private List<String> parts(
      Function<Table, String> shown, UnaryOperator<String> words, String item, String code) {
    List<String> parts = new ArrayList<>();
    parts.add(measuredOn());
    parts.add(shown.apply(seeds ? summary() : table()));
    if (seeds) {
      parts.add("Each run:");
      parts.add(shown.apply(runs()));
    }
    parts.add(list(item, words, notes()));
    parts.add("McNemar's exact test between neighbours" + (seeds ? ", first seed:" : ":"));
    parts.add(list(item, words, tests()));
    parts.add(words.apply("It would choose " + chosen + " To train it in full:"));
    parts.add(code + String.join("\n" + code, commands));
    return parts;
  }

  private static String list(String item, UnaryOperator<String> words, List<String> lines) {
    return lines.stream().map(line -> item + words.apply(line)).collect(Collectors.joining("\n"));
  }

  private String measuredOn() {
    return rows.test() > 0
        ? String.format(
            Locale.ROOT,
            "Measured on %,d test rows, which no training saw; chosen on %,d validation rows.",
            rows.test(),
            rows.valid())
        : String.format(
            Locale.ROOT,
            "There are no test rows: measured on the %,d validation rows, by which it chooses, too;"
                + " figures of a choice made on the same rows flatter.",
            rows.valid());
  }

  private String accuracyName() {
    return labelling.accuracyName();
  }

  /** One run each. */
  private Table table() {
    Table table = headed("family");
    groups.forEach(group -> table.row(cells(group.family(), group.first())));
    return table;
  }

  private Table runs() {
    Table table = headed("run");
    for (Group group : groups) {
      group.entries().forEach(entry -> table.row(cells(entry.contestant().name(), entry)));
    }
    return table;
  }

  private Table headed(String first) {
    return new Table(
        first,
        "training rows",
        accuracyName(),
        "95%",
        "macro F1",
        "95%",
        "training",
        "memory",
        "size",
        "texts/s");
  }

  private static String[] cells(String name, Entry entry) {
    return new String[] {
      name,
      String.format(Locale.ROOT, "%,d", entry.trainRows()),
      Amounts.share(entry.test().accuracy()),
      Amounts.interval(entry.test().accuracyInterval()),
      Amounts.share(entry.test().macroF1()),
      Amounts.interval(entry.test().macroF1Interval()),
      Amounts.time(entry.cost().seconds()) + (entry.cost().parts() > 1 ? RESUMED : ""),
      memory(entry),
      Amounts.bytes((double) entry.answers().modelBytes()),
      Amounts.rate(entry.textsPerSecond())
    };
  }

  private static String memory(Entry entry) {
    Long bytes = entry.cost().peakBytes();
    return bytes == null ? "-" : Amounts.bytes((double) bytes);
  }

  /** Means over the seeds. */
  private Table summary() {
    Table table =
        new Table(
            "family", "training rows", accuracyName(), "macro F1", "training", "size", "texts/s");
    for (Group group : groups) {
      table.row(
          group.family(),
          String.format(Locale.ROOT, "%,.0f", group.mean(entry -> (double) entry.trainRows())),
          spread(group, entry -> entry.test().accuracy()),
          spread(group, entry -> entry.test().macroF1()),
          Amounts.time(group.seconds()),
          Amounts.bytes(group.mean(entry -> (double) entry.answers().modelBytes())),
          Amounts.rate(group.mean(Entry::textsPerSecond)));
    }
    return table;
  }

  private static String spread(Group group, ToDoubleFunction<Entry> figure) {
    return Amounts.share(group.mean(figure)) + " ± " + Amounts.share(group.deviation(figure));
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>(start);
    if (seeds) {
      notes.add("±: standard deviation over " + groups.get(0).entries().size() + " seeds");
    }
    notes.add(
        "95%: Wilson's interval of the accuracy; of macro F1 the middle 95% of 1,000 bootstrap draws"
            + " of the rows");
    notes.add("training: from the texts to the saved model; a language model's own is not in it");
    boolean measured = entries().stream().anyMatch(entry -> entry.cost().peakBytes() != null);
    notes.add(
        measured
            ? "memory: the most the whole process had resident while it trained, what earlier"
                + " trainings left behind included"
            : "memory: cannot be measured on this system");
    notes.add("texts/s: one pass over the rows it is measured on, the model warm");
    if (entries().stream().anyMatch(entry -> entry.cost().parts() > 1)) {
      notes.add(RESUMED + " resumed: what was lost when it was killed is not in the time");
    }
    return notes;
  }

  private List<Entry> entries() {
    return groups.stream().flatMap(group -> group.entries().stream()).toList();
  }

  private List<String> tests() {
    if (labelling == Labelling.MULTI) {
      return List.of("left out: it is for one label a row");
    }
    return neighbours.isEmpty()
        ? List.of("left out: a single family")
        : neighbours.stream().map(Neighbours::line).toList();
  }
}
