package org.ulmfit.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ulmfit.Shown;
import org.ulmfit.corpus.Split;
import org.ulmfit.report.Chart;
import org.ulmfit.report.Html;
import org.ulmfit.report.Table;
import org.ulmfit.vocab.Coverage;

/** A {@link DataReport} as people and as programs read it. */
public final class DataPages {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LABELS = 30;
  private static final int TOP = 10;

  private final DataReport report;

  public DataPages(DataReport report) {
    this.report = report;
  }

  /** The summary for a terminal, in lines. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            "rows: %,d read, %,d used, %,d rejected",
            report.counts().rows(), report.counts().used(), report.counts().rejected()));
    lines.addAll(table(lengths()));
    if (!report.labels().isEmpty()) {
      lines.add("");
      lines.addAll(table(labels()));
    }
    lines.add("");
    Words words = report.words();
    lines.add(
        format(
            "words: %,d, %,d different; %,d of these occur once, %,d once or twice",
            words.total(), words.different(), words.rare(1), words.rare(2)));
    lines.add("most frequent: " + names(words.top(TOP, true)));
    lines.add("without stop words: " + names(words.top(TOP, false)));
    lines.add("script: " + report.script());
    Coverage coverage = report.coverage();
    if (coverage != null) {
      lines.add(
          format(
              "known to the pretrained model: %.1f%% of the words", 100 * (1 - coverage.share())));
    }
    ChiSquare same = report.sameLengths();
    if (same != null) {
      lines.add(
          same.freedom() == 0
              ? format("lengths of train and test: all in one bin of %d words", Lengths.WIDTH)
              : format(
                  "lengths of train and test, chi-square over bins of %d words: %.2f, critical value"
                      + " at .95 with %d degrees of freedom %.2f, p %.3g: %s",
                  Lengths.WIDTH,
                  same.statistic(),
                  same.freedom(),
                  same.critical(),
                  same.p(),
                  same.differ() ? "they differ" : "no difference"));
    }
    if (report.ratio() > 0) {
      lines.addAll(ratio());
    }
    lines.add("");
    if (report.findings().isEmpty()) {
      lines.add("nothing suspicious was found");
    }
    report
        .findings()
        .forEach(f -> lines.add((f.wasted() ? "STOP: " : "- ") + Shown.escaped(f.line())));
    return lines;
  }

  /** What Google's guide would take, and what that means here. */
  private List<String> ratio() {
    boolean ngrams = report.ratio() < Findings.GUIDE;
    return List.of(
        format(
            "training texts over their median words: %.1f; Google's text classification guide takes"
                + " %s (%s %,.0f)",
            report.ratio(),
            ngrams ? "a bag of n-grams" : "a model of sequences",
            ngrams ? "below" : "from",
            Findings.GUIDE),
        ngrams
            ? "here: classify --family ngram-nbsvm is the one to beat; a language model that knows"
                + " such texts often does, and compare shows it"
            : "here: fine-tune a language model and train on it; compare shows what it gains on"
                + " n-grams");
  }

  private Table lengths() {
    Table table =
        new Table("split", "rows", "median words", "mean", "variance", "5%", "95%", "longest");
    report
        .lengths()
        .forEach(
            (split, lengths) ->
                table.row(
                    Findings.word(split),
                    format("%,d", lengths.size()),
                    format("%.1f", lengths.median()),
                    format("%.1f", lengths.mean()),
                    format("%.1f", lengths.variance()),
                    format("%,d", lengths.quantile(0.05)),
                    format("%,d", lengths.quantile(0.95)),
                    format("%,d", lengths.quantile(1))));
    return table;
  }

  private Table labels() {
    List<Split> splits = new ArrayList<>(report.labels().keySet());
    List<String> head = new ArrayList<>(List.of("label"));
    splits.forEach(split -> head.add(Findings.word(split)));
    Table table = new Table(head.toArray(String[]::new));
    List<String> names =
        report.labels().values().stream()
            .flatMap(own -> own.keySet().stream())
            .distinct()
            .sorted()
            .toList();
    for (String name : names.subList(0, Math.min(LABELS, names.size()))) {
      List<String> row = new ArrayList<>(List.of(Shown.name(name)));
      for (Split split : splits) {
        Map<String, Integer> own = report.labels().getOrDefault(split, Map.of());
        row.add(format("%,d", own.getOrDefault(name, 0)));
      }
      table.row(row.toArray(String[]::new));
    }
    if (names.size() > LABELS) {
      table.row("and " + (names.size() - LABELS) + " more");
    }
    return table;
  }

  private static List<String> table(Table table) {
    return table.text().lines().toList();
  }

  private static String names(List<Words.Count> words) {
    return Shown.escaped(
        String.join(
            ", ", words.stream().map(w -> format("%s (%,d)", w.word(), w.times())).toList()));
  }

  private static String format(String form, Object... what) {
    return Shown.format(form, what);
  }

  /** {@code data.html}. */
  public String html() {
    StringBuilder body = new StringBuilder();
    List<String> findings =
        report.findings().stream().map(f -> (f.wasted() ? "STOP: " : "") + f.line()).toList();
    body.append(
        findings.isEmpty() ? Html.paragraph("Nothing suspicious was found.") : Html.list(findings));
    body.append(Html.section("Rows and lengths", rows()));
    if (!report.labels().isEmpty()) {
      body.append(Html.section("Labels", labels().html("Rows of each label")));
    }
    body.append(Html.section("Words", wordTables()));
    body.append(Html.section("Repeats", repeated()));
    if (!report.doubts().isEmpty()) {
      body.append(Html.section("Labels in doubt", doubted()));
    }
    if (!report.suspects().isEmpty()) {
      Table table = new Table("what", "texts", "the first ones");
      report
          .suspects()
          .forEach(
              (suspect, n) ->
                  table.row(
                      suspect.words(),
                      format("%,d", n),
                      firstRows(report.suspectIds().getOrDefault(suspect, List.of()))));
      body.append(Html.section("Texts to look at", table.html("Texts that may be wrong")));
    }
    if (report.ratio() > 0) {
      body.append(Html.section("Which kind of model?", Html.list(ratio())));
    }
    return Html.page("Data: " + report.corpus(), body.toString());
  }

  private String rows() {
    Chart chart = new Chart("How long texts are", "words", "share of the texts");
    double[] middles = new double[Lengths.BINS];
    for (int bin = 0; bin < middles.length; bin++) {
      middles[bin] = (bin + 0.5) * Lengths.WIDTH;
    }
    report
        .lengths()
        .forEach(
            (split, lengths) -> {
              long[] bins = lengths.bins();
              double[] shares = new double[bins.length];
              for (int bin = 0; bin < bins.length; bin++) {
                shares[bin] = (double) bins[bin] / lengths.size();
              }
              chart.marked(Findings.word(split), middles, shares);
            });
    return lengths().html("Words of the texts")
        + chart.fromZero().html()
        + Html.paragraph("In bins of 100 words; the last holds all of 800 and more.");
  }

  private String wordTables() {
    Words words = report.words();
    List<Words.Growth> growth = words.growth();
    Chart chart =
        new Chart("Different words as more are read", "words read", "different words")
            .line(
                "different words",
                growth.stream().mapToDouble(Words.Growth::words).toArray(),
                growth.stream().mapToDouble(Words.Growth::different).toArray());
    return Html.paragraph(
            format(
                "%,d words, %,d of them different; %,d occur once.",
                words.total(), words.different(), words.rare(1)))
        + chart.html()
        + top("Most frequent words", words.top(TOP * 2, true))
        + top("Most frequent words, English stop words left out", words.top(TOP * 2, false));
  }

  private static String top(String caption, List<Words.Count> words) {
    Table table = new Table("word", "times");
    words.forEach(word -> table.row(Shown.name(word.word()), format("%,d", word.times())));
    return Html.folded(caption, table.html(caption));
  }

  private String repeated() {
    Repeats repeats = report.repeats();
    List<String> lines = new ArrayList<>();
    repeats
        .within()
        .forEach(
            (split, n) ->
                lines.add(format("%,d rows of %s repeat an earlier one", n, Findings.word(split))));
    repeats
        .across()
        .forEach(
            both ->
                lines.add(
                    format(
                        "%,d texts are in both %s and %s",
                        both.texts(), Findings.word(both.first()), Findings.word(both.second()))));
    lines.add(format("%,d pairs are nearly the same", report.near().size()));
    lines.add(format("%,d texts have different labels", repeats.conflicting()));
    StringBuilder html = new StringBuilder(Html.list(lines));
    if (!repeats.conflicts().isEmpty()) {
      Table table = new Table("row", "its labels", "other row", "its labels");
      repeats
          .conflicts()
          .forEach(
              c ->
                  table.row(
                      Shown.row(c.first()),
                      Shown.list(c.labels(), TOP),
                      Shown.row(c.second()),
                      Shown.list(c.otherLabels(), TOP)));
      html.append(table.html("The same text with different labels"));
    }
    if (!report.nearIds().isEmpty()) {
      Table table = new Table("row", "split", "other row", "split", "share of common runs");
      report
          .nearIds()
          .forEach(
              pair ->
                  table.row(
                      Shown.row(pair.first()),
                      Findings.word(pair.firstSplit()),
                      Shown.row(pair.second()),
                      Findings.word(pair.secondSplit()),
                      format("%.2f", pair.share())));
      html.append(table.html("Nearly the same, the most similar first"));
    }
    return html.toString();
  }

  /** Not as names are listed: of a row's the end tells which it is. */
  private static String firstRows(List<String> ids) {
    String first = ids.stream().limit(TOP).map(Shown::row).collect(Collectors.joining(", "));
    return first + (ids.size() > TOP ? ", ..." : "");
  }

  private String doubted() {
    Table table = new Table("row", "its label", "what n-grams say", "with probability");
    report.doubts().stream()
        .limit(2 * TOP)
        .forEach(
            doubt ->
                table.row(
                    Shown.row(doubt.id()),
                    Shown.name(doubt.label()),
                    Shown.name(doubt.answer()),
                    format("%.3f", doubt.p())));
    return Html.paragraph(
            "By logistic regression on words and pairs that was not trained on the row. Many are"
                + " hard texts, some are wrong labels.")
        + table.html("Labels in doubt, the surest first");
  }

  /** Everything, as one JSON object. */
  public String json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("corpus", report.corpus());
    node.putObject("rows")
        .put("read", report.counts().rows())
        .put("used", report.counts().used())
        .put("rejected", report.counts().rejected());
    ObjectNode splits = node.putObject("splits");
    report
        .lengths()
        .forEach((split, lengths) -> put(splits.putObject(Findings.word(split)), split, lengths));
    ChiSquare same = report.sameLengths();
    if (same != null) {
      node.putObject("lengthsOfTrainAndTest")
          .put("chiSquare", same.statistic())
          .put("degreesOfFreedom", same.freedom())
          .put("criticalValue", same.critical())
          .put("p", same.p())
          .put("differ", same.differ());
    }
    words(node.putObject("words"));
    repeats(node.putObject("repeats"));
    ObjectNode suspects = node.putObject("suspects");
    report
        .suspects()
        .forEach(
            (suspect, n) -> {
              ObjectNode own = suspects.putObject(suspect.name().toLowerCase(Locale.ROOT));
              own.put("texts", n);
              ArrayNode ids = own.putArray("first");
              report.suspectIds().getOrDefault(suspect, List.of()).forEach(ids::add);
            });
    ArrayNode doubts = node.putArray("labelsInDoubt");
    report
        .doubts()
        .forEach(
            doubt ->
                doubts
                    .addObject()
                    .put("id", doubt.id())
                    .put("label", doubt.label())
                    .put("answer", doubt.answer())
                    .put("p", doubt.p()));
    node.put("script", report.script());
    node.put("rowsOverMedianWords", report.ratio());
    Coverage coverage = report.coverage();
    if (coverage != null) {
      node.put("knownToPretrained", 1 - coverage.share());
    }
    ArrayNode findings = node.putArray("findings");
    report
        .findings()
        .forEach(f -> findings.addObject().put("wasted", f.wasted()).put("line", f.line()));
    return node.toPrettyString() + "\n";
  }

  private void put(ObjectNode node, Split split, Lengths lengths) {
    node.put("rows", lengths.size())
        .put("medianWords", lengths.median())
        .put("meanWords", lengths.mean())
        .put("varianceOfWords", lengths.variance());
    ObjectNode bins = node.putObject("bins");
    long[] counts = lengths.bins();
    for (int bin = 0; bin < counts.length; bin++) {
      bins.put(Lengths.bin(bin), counts[bin]);
    }
    Map<String, Integer> own = report.labels().get(split);
    if (own != null) {
      ObjectNode labels = node.putObject("labels");
      own.forEach(labels::put);
    }
  }

  private void words(ObjectNode node) {
    Words words = report.words();
    node.put("all", words.total())
        .put("different", words.different())
        .put("onlyOnce", words.rare(1))
        .put("atMostTwice", words.rare(2));
    ArrayNode growth = node.putArray("growth");
    words
        .growth()
        .forEach(g -> growth.addObject().put("words", g.words()).put("different", g.different()));
    counts(node.putArray("top"), words.top(50, true));
    counts(node.putArray("topWithoutStopWords"), words.top(50, false));
  }

  private static void counts(ArrayNode node, List<Words.Count> words) {
    words.forEach(w -> node.addObject().put("word", w.word()).put("times", w.times()));
  }

  private void repeats(ObjectNode node) {
    Repeats repeats = report.repeats();
    ObjectNode within = node.putObject("within");
    repeats.within().forEach((split, n) -> within.put(Findings.word(split), n));
    ArrayNode across = node.putArray("across");
    repeats
        .across()
        .forEach(
            both ->
                across
                    .addObject()
                    .put("first", Findings.word(both.first()))
                    .put("second", Findings.word(both.second()))
                    .put("texts", both.texts()));
    node.put("withDifferentLabels", repeats.conflicting());
    ArrayNode conflicts = node.putArray("conflicts");
    repeats
        .conflicts()
        .forEach(
            c -> {
              ObjectNode one =
                  conflicts.addObject().put("first", c.first()).put("second", c.second());
              c.labels().forEach(one.putArray("labels")::add);
              c.otherLabels().forEach(one.putArray("otherLabels")::add);
            });
    node.put("nearlyTheSame", report.near().size());
    ArrayNode near = node.putArray("near");
    report
        .nearIds()
        .forEach(
            pair ->
                near.addObject()
                    .put("first", pair.first())
                    .put("second", pair.second())
                    .put("similarity", pair.share()));
  }
}
