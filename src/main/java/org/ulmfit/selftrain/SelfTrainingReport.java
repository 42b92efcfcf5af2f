package org.ulmfit.selftrain;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ulmfit.Shown;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.PrettyJson;
import org.ulmfit.prepare.RowFiles;
import org.ulmfit.report.Html;
import org.ulmfit.report.Table;
import org.ulmfit.train.Interval;

/** What came of self-training, as text, Markdown, a page and JSON. */
public final class SelfTrainingReport {
  private static final int NAMED = 12; // labels in a line

  private final SelfTrainingJob job;
  private final RowFiles rows;
  private final int texts;
  private final List<Round> rounds;

  SelfTrainingReport(SelfTrainingJob job, RowFiles rows, int texts, List<Round> rounds) {
    this.job = job;
    this.rows = rows;
    this.texts = texts;
    this.rounds = List.copyOf(rounds);
  }

  void write() {
    AtomicFiles.writeString(job.out().resolve("report.md"), markdown());
    AtomicFiles.writeString(job.out().resolve("report.html"), html());
    AtomicFiles.writeString(job.out().resolve("selftrain.json"), json());
  }

  /** For a terminal; no line end. */
  public String text() {
    return learnedOf() + "\n\n" + table().text() + "\n\n" + String.join("\n", notes());
  }

  private String markdown() {
    return "# Self-training: "
        + Shown.markdown(job.corpus().name())
        + "\n\n"
        + Shown.markdown(learnedOf())
        + "\n\n"
        + table().markdown()
        + "\n"
        + notes().stream()
            .map(line -> "- " + Shown.markdown(line) + "\n")
            .collect(Collectors.joining());
  }

  private String html() {
    String body =
        Html.paragraph(learnedOf())
            + Html.section("The rounds", table().html("What each round took, and what it gained"))
            + Html.section("How to read it", Html.list(notes()));
    if (job.command() != null) {
      body += Html.section("Make it again", Html.code(job.command()));
    }
    return Html.page("Self-training: " + job.corpus().name(), body);
  }

  private String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("labels", rows.labels());
    all.put("labelledRows", SelfTraining.labelled(rows));
    all.put("texts", texts);
    all.put("testRows", rows.test());
    all.put("seeds", job.seeds());
    all.put("teacher", job.teacher() != null);
    all.put("rounds", rounds);
    try {
      return PrettyJson.mapper().writeValueAsString(all) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private String learnedOf() {
    return Shown.format(
        "%,d labelled rows, %,d texts without labels, %,d test rows; %s%s",
        SelfTraining.labelled(rows),
        texts,
        rows.test(),
        job.seeds().size() == 1 ? "one model a round" : job.seeds().size() + " models a round",
        job.teacher() == null ? "" : "; the first round learns of " + job.teacher());
  }

  private Table table() {
    Table table =
        new Table(
            "round",
            "rows",
            "taken",
            "right of known",
            "both agree on",
            "test accuracy",
            "gain",
            "test loss",
            "time");
    Double before = null;
    for (Round round : rounds) {
      Round.Test test = round.test();
      table.row(
          Integer.toString(round.number()),
          Shown.format("%,d", round.rows()),
          round.number() == 0 ? "" : Shown.format("%,d", round.texts()),
          round.known() == 0
              ? ""
              : percent((double) round.right() / round.known())
                  + Shown.format(" of %,d", round.known()),
          round.agreed() == null ? "" : percent(round.agreed()),
          test == null ? "" : accuracy(test),
          test == null || before == null
              ? ""
              : Shown.format("%+.1f", 100 * (test.accuracy() - before)),
          test == null ? "" : Shown.format("%.4f", test.loss()),
          time(round.seconds()));
      before = test == null ? null : Double.valueOf(test.accuracy());
    }
    return table;
  }

  private static String accuracy(Round.Test test) {
    Interval interval = Interval.wilson(test.hits(), test.rows());
    return percent(test.accuracy())
        + Shown.format(" (%.1f-%.1f)", 100 * interval.low(), 100 * interval.high());
  }

  private static String percent(double share) {
    return Shown.format("%.1f%%", 100 * share);
  }

  private static String time(double seconds) {
    long s = Math.round(seconds);
    return s < 60 ? s + " s" : Shown.format("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Round round : rounds) {
      if (round.number() > 0) {
        List<String> taken =
            round.taken().entrySet().stream()
                .map(e -> e.getKey() + " " + Shown.format("%,d", e.getValue()))
                .toList();
        notes.add("round " + round.number() + " took " + Shown.list(taken, NAMED));
      }
      Round.Test test = round.test();
      if (test != null && test.alone().size() > 1) {
        notes.add(
            Shown.format(
                "round %d, each model alone: %s",
                round.number(),
                test.alone().stream()
                    .map(SelfTrainingReport::percent)
                    .collect(Collectors.joining(", "))));
      }
    }
    if (rows.valid() == 0) {
      notes.add("no rows were set aside: epochs were fixed beforehand, and nothing was chosen");
    }
    if (rows.test() > 0) {
      notes.add(
          "test rows have no part in training or choice; the model is that of the last round, whatever"
              + " they say");
    }
    return notes;
  }
}
