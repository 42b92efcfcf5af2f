package org.ulmfit.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.config.Recipe;
import org.ulmfit.prepare.RowFiles;
import org.ulmfit.report.Chart;
import org.ulmfit.report.Html;
import org.ulmfit.report.Table;

/** What came of a comparison, as text, Markdown and JSON. */
public final class CompareReport {
  private static final String RESUMED = "*";
  private static final String CUT = "†";

  private final String corpus;
  private final RowFiles rows;
  private final Labelling labelling;
  private final List<Group> groups; // by training rows, then best first
  private final List<Neighbours> neighbours;
  private final Choice choice;
  private final String chosen;
  private final List<String> commands;
  private final String comparison;
  private final List<String> start;
  private final List<String> told;
  private final boolean seeds;

  /**
   * @param shared the same groups, on the seeds that all have
   */
  private CompareReport(
      CompareJob job, RowFiles rows, List<Group> groups, List<Group> shared, List<String> told) {
    this.corpus = job.corpus().name();
    this.rows = rows;
    this.labelling = rows.labelling();
    this.groups = groups;
    this.neighbours = Neighbours.of(shared, labelling);
    int most = groups.get(groups.size() - 1).count();
    List<Group> last = shared.stream().filter(group -> group.count() == most).toList();
    this.choice = Choice.of(last, labelling);
    this.chosen = choice.sentence(labelling, rows.valid(), last.size() == 1);
    this.commands = commands(job, choice.best().first());
    this.comparison = job.commands().comparison();
    this.told = told;
    this.start = job.start() == null ? List.of() : List.of(job.start().line());
    this.seeds = job.seeds().size() > 1;
  }

  /**
   * @param rows under the first seed
   * @param told lines on how it was made
   */
  static CompareReport of(CompareJob job, RowFiles rows, List<Entry> entries, List<String> told) {
    Comparator<Group> order =
        Comparator.<Group>comparingInt(g -> g.count() == 0 ? Integer.MAX_VALUE : g.count())
            .thenComparingDouble(g -> -g.mean(e -> e.test().ranked(rows.labelling())));
    Map<String, Group> whole = new HashMap<>();
    List<Group> groups = Group.of(entries);
    groups.forEach(group -> whole.put(group.name(), group));
    List<Group> shared = Group.onSharedSeeds(groups).stream().sorted(order).toList();
    List<Group> sorted =
        shared.stream().map(g -> Objects.requireNonNull(whole.get(g.name()))).toList();
    return new CompareReport(job, rows, sorted, shared, told);
  }

  private List<String> commands(CompareJob job, Entry best) {
    Recipe.Family kind = best.contestant().kind();
    if (kind != null) {
      return job.commands().of(kind, best.sets(), "classifier-run");
    }
    CompareFolder folder = new CompareFolder(job.out());
    List<String> commands = new ArrayList<>();
    List<String> runs = new ArrayList<>();
    List<Path> answers = new ArrayList<>();
    for (Entry entry : entries()) {
      Contestant c = entry.contestant();
      if (c.kind() != null && entry.folds() != null && c.stack().equals(best.contestant())) {
        runs.add(c.familyName() + "-run");
        answers.add(folder.heldOut(c));
        commands.addAll(job.commands().of(c.kind(), entry.sets(), c.familyName() + "-run"));
      }
    }
    commands.add(job.commands().stack(runs, answers));
    return commands;
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

  /** {@code compare.html}. */
  public String html() {
    StringBuilder body = new StringBuilder(Html.paragraph(measuredOn()));
    body.append(
        Html.section(
            "What it would choose",
            Html.paragraph("It would choose " + chosen + " To train it in full:")
                + Html.code(String.join("\n", commands))));
    String what = seeds ? "Means and deviations over the seeds" : "All that were compared";
    String table = (seeds ? summary() : table()).html(what);
    body.append(
        Html.section(
            "What they reach, and what it takes",
            table + (seeds ? Html.folded("Each run", runs().html("Each run")) : "")));
    if (groups.get(0).count() != groups.get(groups.size() - 1).count()) {
      body.append(Html.section("Learning curves", curves()));
    }
    body.append(
        Html.section(
            "Can they be told apart?",
            Html.paragraph(
                    "McNemar's exact test between neighbours" + (seeds ? ", first seed:" : ":"))
                + Html.list(tests())));
    body.append(Html.section("How to read it", Html.list(notes())));
    body.append(
        Html.section(
            "Make it again",
            Html.paragraph("The command that made the comparison:") + Html.code(comparison)));
    return Html.page("Comparison: " + corpus, body.toString());
  }

  /** Accuracy and macro F1 against training rows, a line for each family. */
  private String curves() {
    Chart accuracy =
        new Chart("Training rows and " + accuracyName(), "training rows", accuracyName());
    Chart macroF1 = new Chart("Training rows and macro F1", "training rows", "macro F1");
    for (String family : groups.stream().map(Group::family).distinct().toList()) {
      List<Group> own = groups.stream().filter(group -> group.family().equals(family)).toList();
      double[] rowsOf = values(own, entry -> (double) entry.trainRows());
      accuracy.marked(family, rowsOf, values(own, entry -> entry.test().accuracy()));
      macroF1.marked(family, rowsOf, values(own, entry -> entry.test().macroF1()));
    }
    return accuracy.logarithmic().html() + macroF1.logarithmic().html();
  }

  private static double[] values(List<Group> groups, ToDoubleFunction<Entry> figure) {
    return groups.stream().mapToDouble(group -> group.mean(figure)).toArray();
  }

  /** {@code compare.json}. */
  public String json() {
    return new CompareJson(corpus, rows, groups, neighbours, choice, chosen, commands, start, told)
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
        ? Shown.format(
            "Measured on %,d test rows, which no classifier was trained on; chosen on %,d validation rows.",
            rows.test(), rows.valid())
        : Shown.format(
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
    groups.forEach(group -> table.row(row(group.family(), group.first())));
    return table;
  }

  private Table runs() {
    Table table = headed("run");
    for (Group group : groups) {
      group.entries().forEach(entry -> table.row(row(entry.contestant().name(), entry)));
    }
    return table;
  }

  private Table headed(String first) {
    List<String> heads = new ArrayList<>(List.of(first, "training rows"));
    heads.addAll(List.of(accuracyName(), "95%", "macro F1", "95%"));
    if (folded()) {
      heads.addAll(List.of("folds: " + accuracyName(), "folds: macro F1"));
    }
    heads.addAll(List.of("training", "memory", "size", "texts/s"));
    return new Table(heads.toArray(String[]::new));
  }

  private String[] row(String name, Entry entry) {
    List<String> cells = new ArrayList<>();
    cells.add(name);
    cells.add(Shown.format("%,d", entry.trainRows()));
    cells.add(Amounts.share(entry.test().accuracy()));
    cells.add(Amounts.interval(entry.test().accuracyInterval()));
    cells.add(Amounts.share(entry.test().macroF1()));
    cells.add(Amounts.interval(entry.test().macroF1Interval()));
    if (folded()) {
      cells.add(folds(entry, Entry.Figures::accuracy));
      cells.add(folds(entry, Entry.Figures::macroF1));
    }
    String parts = (entry.cost().parts() > 1 ? RESUMED : "") + (isCut(entry) ? CUT : "");
    cells.add(Amounts.time(entry.cost().seconds()) + parts);
    cells.add(memory(entry));
    cells.add(Amounts.bytes((double) entry.answers().modelBytes()));
    cells.add(Amounts.rate(entry.textsPerSecond()));
    return cells.toArray(String[]::new);
  }

  private static boolean isCut(Entry entry) {
    return entry.cost().share() != null;
  }

  private boolean folded() {
    return entries().stream().anyMatch(entry -> entry.folds() != null);
  }

  private static String folds(Entry entry, ToDoubleFunction<Entry.Figures> figure) {
    OutOfFold folds = entry.folds();
    return folds == null
        ? "-"
        : Amounts.share(folds.mean(figure))
            + " ± "
            + Amounts.share(folds.deviation(figure))
            + (folds.share() == null ? "" : CUT);
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
          Shown.format("%,.0f", group.mean(entry -> (double) entry.trainRows())),
          spread(group, entry -> entry.test().accuracy()),
          spread(group, entry -> entry.test().macroF1()),
          Amounts.time(group.seconds()),
          Amounts.bytes(group.mean(entry -> (double) entry.answers().modelBytes())),
          Amounts.rate(group.mean(Entry::textsPerSecond)));
    }
    return table;
  }

  private static String spread(Group group, ToDoubleFunction<Entry> figure) {
    String mean = Amounts.share(group.mean(figure));
    return group.entries().size() < 2
        ? mean
        : mean + " ± " + Amounts.share(group.deviation(figure));
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>(start);
    if (seeds) {
      int most = groups.stream().mapToInt(group -> group.entries().size()).max().orElseThrow();
      notes.add("±: standard deviation over " + most + " seeds");
      for (Group group : groups) {
        if (group.entries().size() < most) {
          notes.add(
              Shown.format(
                  "%s ran under %d of %d seeds: order, choice and tests go by the seeds that all have",
                  group.name(), group.entries().size(), most));
        }
      }
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
    for (Entry entry : entries()) {
      cut(notes, entry.contestant().name(), "", entry.cost().share());
      if (entry.folds() != null) {
        cut(notes, "folds of " + entry.contestant().name(), "at least ", entry.folds().share());
      }
    }
    if (folded()) {
      notes.add(
          "folds: each training row answered by a model that was not trained on it; mean and"
              + " standard deviation of the folds");
    }
    if (entries().stream().anyMatch(entry -> entry.contestant().kind() == null)) {
      notes.add(
          "stack: all of the same rows as one ensemble, its weights learned on these answers; its"
              + " training is that of its members and their folds");
    }
    notes.addAll(told);
    return notes;
  }

  private static void cut(List<String> notes, String name, String least, @Nullable Double share) {
    if (share != null) {
      String line = "%s %s: %s%.0f%% of its recipe's epochs, to fit the budget";
      notes.add(Shown.format(line, CUT, name, least, 100 * share));
    }
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
