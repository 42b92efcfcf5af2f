package org.ulmfit.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ulmfit.corpus.LabelledInputs.refused;
import static org.ulmfit.corpus.LabelledInputs.rows;
import static org.ulmfit.corpus.LabelledInputs.usage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusOptions.Format;
import org.ulmfit.corpus.CorpusOptions.OnBadRow;

/** How labels are to be read: found out, told, asked for, remembered; what is refused. */
class LabelFinderTest {
  private static final CorpusOptions AUTO = CorpusOptions.defaults();
  private static final CorpusOptions MULTI = AUTO.withLabelling(Labelling.MULTI);

  @TempDir Path dir;

  @Test
  void theTaskIsToldWithWhatSaysSo() throws IOException {
    Path lists = write("a.jsonl", "{\"text\":\"t\",\"labels\":[\"a\",\"b\"]}\n");
    assertEquals(
        "task: several labels a row (a list of 2 labels in one of the first rows); --task single"
            + " says otherwise",
        CorpusReader.open(Corpus.at(lists)).task());
    Path words = write("a.txt", "__label__a t\n__label__a __label__b t\n");
    assertEquals(
        "task: several labels a row (row 2 has 2 labels); --task single says otherwise",
        CorpusReader.open(Corpus.at(words)).task());
    Path cells = write("a.csv", "text,label\nt,a\nt,b\n");
    assertEquals(
        "task: one label a row; --task multi says otherwise",
        CorpusReader.open(Corpus.at(cells)).task());
    assertEquals(
        "task: several labels a row (--label-separator)",
        CorpusReader.open(Corpus.at(cells, AUTO.withLabelSeparator(";"))).task());
    assertEquals(
        "task: several labels a row (--task multi)",
        CorpusReader.open(Corpus.at(cells, MULTI)).task());
  }

  /** An option names the encoding of the corpus, not of the names. */
  @Test
  void namesInAnotherEncoding() throws IOException {
    Path names = dir.resolve("names.txt");
    Files.write(names, "gut\nfür\n".getBytes(StandardCharsets.ISO_8859_1));
    Path rows = write("a.csv", "text,label\none,0\ntwo,1\n");
    UlmfitException e =
        assertThrows(
            UlmfitException.class,
            () -> CorpusReader.open(Corpus.at(rows, AUTO.withLabelNames(names))));
    assertEquals(names + ": not UTF-8; save it as UTF-8", e.getMessage());
  }

  /** Two frames that were joined have one key each, and null under the other's. */
  @Test
  void aNullIsNoLabelWhereAnotherKeyHasOne() throws IOException {
    Path file =
        write(
            "a.jsonl",
            "{\"text\":\"t\",\"label\":\"a\",\"labels\":null}\n"
                + "{\"text\":\"t\",\"label\":null,\"labels\":[\"b\"]}\n"
                + "{\"text\":\"t\",\"label\":null,\"labels\":null}\n");
    List<List<String>> labels = new ArrayList<>();
    CorpusReader.open(Corpus.at(file)).forEach((split, row) -> labels.add(row.labels()));
    assertEquals(Arrays.asList(List.of("a"), List.of("b"), null), labels);
  }

  /** What the start of a file shows decides; a later row that contradicts it is a bad one. */
  @Test
  void aSecondLabelBehindTheStart() throws IOException {
    String line = "__label__a " + "t".repeat(1000) + "\n";
    Path file = write("a.txt", line.repeat(300) + "__label__a __label__b t\n");
    refused(
        Corpus.at(file),
        "a.txt: row 301: 2 labels (a, b), where a row has one; --task multi reads several; mend"
            + " it, or leave such rows out with --on-bad-row skip");
    assertEquals("[a, b]", rows(CorpusReader.open(Corpus.at(file, MULTI))).get(300));
  }

  @Test
  void cellsThatLookLikeSeveralLabelsAreWarnedOf() throws IOException {
    Path tags = write("a.csv", "text,labels\nt,a;b\nt,a\nt,b\nt,b;c\nt,c\n");
    List<String> told = CorpusReader.open(Corpus.at(tags)).found();
    assertEquals(
        "WARNING: "
            + tags
            + ": 2 of the first 5 labels hold \";\", such as \"a;b\", and are read as one label"
            + " each; say --label-separator \";\" if they are several, --task single if not",
        told.get(1));
    CorpusOptions single = AUTO.withLabelling(Labelling.SINGLE);
    assertEquals(1, CorpusReader.open(Corpus.at(tags, single)).found().size());
    Path pipes = write("c.csv", "text,labels\nt,a\nt,b|a\nt,b\n");
    assertTrue(CorpusReader.open(Corpus.at(pipes)).found().get(1).contains("hold \"|\", such as"));
    Path towns = write("b.csv", "text,label\nt,\"Salem, OR\"\nt,\"Austin, TX\"\nt,\"Salem, OR\"\n");
    assertEquals(1, CorpusReader.open(Corpus.at(towns)).found().size());
  }

  @Test
  void anObjectIsNoLabel() throws IOException {
    Path file =
        write(
            "a.jsonl",
            """
            {"text": "t", "labels": ["a", "b"]}
            {"text": "t", "labels": {"a": 1, "b": 0}}
            """);
    refused(Corpus.at(file), "a.jsonl: row 2: its label is neither a string nor a number");
  }

  @Test
  void fastTextLabelsWithoutABlankBetween() throws IOException {
    Path file = write("a.txt", "__label__a t\n__label__a,__label__b t\n");
    refused(Corpus.at(file), "a.txt: row 2: the label \"a,__label__b\" holds another __label__;");
  }

  @Test
  void listsThatAProgramPrinted() throws IOException {
    CorpusOptions commas = AUTO.withLabelSeparator(",");
    for (String list : List.of("['joy', 'love']", "[2 14]", "{a,b}", "[joy]")) {
      Path file = write("a.csv", "text,labels\nt,a\nt,\"" + list + "\"\n");
      String told = "the labels \"" + list + "\" are a list that a program printed; write them";
      refused(Corpus.at(file, commas), "a.csv: row 3: " + told);
      refused(Corpus.at(file, MULTI), "a.csv: row 3: " + told);
      usage(file, AUTO, "a.csv: " + told);
      CorpusOptions single = AUTO.withLabelling(Labelling.SINGLE);
      assertEquals("[" + list + "]", rows(CorpusReader.open(Corpus.at(file, single))).get(1));
    }
    Path none = write("b.csv", "text,labels\nt,\"a,b\"\nt,[]\nt,\n");
    assertEquals(List.of("[a, b]", "[]", "[]"), rows(CorpusReader.open(Corpus.at(none, commas))));
  }

  @Test
  void aSeparatorThatNoCellHolds() throws IOException {
    CorpusOptions commas = AUTO.withLabelSeparator(",");
    Path other = write("a.csv", "text,labels\nt,a;b\nt,a\nt,b\nt,b;c\nt,c\n");
    String refusal =
        "none of the first 5 labels holds \",\", but 2 of the first 5 labels hold \";\", such as"
            + " \"a;b\"; say --label-separator \";\"";
    usage(other, commas, "a.csv: " + refusal);
    Path json =
        write(
            "a.jsonl",
            """
        {"text": "t", "label": "a;b"}
        {"text": "t", "label": "a"}
        {"text": "t", "label": "b"}
        {"text": "t", "label": "b;c"}
        {"text": "t", "label": "c"}
        """);
    usage(json, commas, "a.jsonl: " + refusal);
    Path lines = write("a.txt", "a;b: t\na: t\nb: t\nb;c: t\nc: t\n");
    CorpusOptions pattern = commas.withLinePattern("(?<label>[^:]+): (?<text>.*)");
    usage(lines, pattern, "a.txt: " + refusal);

    Path one = write("b.csv", "text,labels\nt,a\nt,b\n");
    assertEquals(
        "WARNING: "
            + one
            + ": none of the first 2 labels holds \",\": every row there has one label",
        CorpusReader.open(Corpus.at(one, commas)).found().get(1));
    Path none = write("c.csv", "text,labels\nt,\nt,\"\"\n");
    assertEquals(1, CorpusReader.open(Corpus.at(none, commas)).found().size());
    CorpusReader behind =
        CorpusReader.open(
            Corpus.at(
                write("d.csv", "text,labels\n" + "t,a\n".repeat(200_000) + "t,\"a,b\"\n"), commas));
    assertEquals("[a, b]", rows(behind).get(200_000));
  }

  // Label names

  @Test
  void indicesOfNames() throws IOException {
    CorpusOptions named = AUTO.withLabelNames(write("names.txt", "\ufeffjoy\r\nlove\r\nfear\n\n"));
    Path cells = write("a.tsv", "text\tlabels\nt\t0,2\nt\t\nt\t3\nt\t-1\nt\tjoy\nt\t1.0\n");
    CorpusReader reader =
        CorpusReader.open(
            Corpus.at(cells, named.withLabelSeparator(",").withOnBadRow(OnBadRow.SKIP)));
    assertEquals(
        List.of(
            "[joy, fear]",
            "[]",
            "row 4: the label \"3\" is no index of a name, 0 to 2",
            "row 5: the label \"-1\" is no index of a name, 0 to 2",
            "row 6: the label \"joy\" is no index of a name, 0 to 2; it is a name itself: leave"
                + " --label-names out",
            "row 7: the label \"1.0\" is no index of a name, 0 to 2"),
        rows(reader));
    assertEquals(List.of("joy", "love", "fear"), reader.declaredLabels());

    Path lists = write("a.jsonl", "{\"text\":\"t\",\"labels\":[2,\"1\"]}\n");
    assertEquals(List.of("[fear, love]"), rows(CorpusReader.open(Corpus.at(lists, named))));
    Path words = write("a.txt", "__label__0 __label__1 t\n");
    assertEquals(List.of("[joy, love]"), rows(CorpusReader.open(Corpus.at(words, named))));
    Path single = write("b.csv", "text,label\nt,1\nt,0\n");
    CorpusReader one = CorpusReader.open(Corpus.at(single, named));
    assertEquals(Labelling.SINGLE, one.labelling());
    assertEquals(List.of("[love]", "[joy]"), rows(one));
  }

  @Test
  void filesOfNamesThatCannotBe() throws IOException {
    Path cells = write("a.csv", "text,labels\nt,0\n");
    CorpusOptions commas = AUTO.withLabelSeparator(",");
    named(cells, commas, "", "names.txt: empty; write the name of a label in each line");
    named(cells, commas, "\n \n", "names.txt: empty; write the name of a label in each line");
    named(cells, commas, "a\n\nb\n", "names.txt: row 2: no name; write one in each line");
    named(cells, commas, "a\nb\na \n", "names.txt: row 3: the name \"a\" stands in row 1 too");
    named(
        cells,
        commas,
        "a\nb, c\n",
        "names.txt: row 2: the name \"b, c\" holds the separator \",\" of labels; write the name"
            + " without it");
    refused(Corpus.at(cells, commas.withLabelNames(dir.resolve("nowhere.txt"))), "nowhere.txt");
  }

  private void named(Path cells, CorpusOptions options, String names, String message)
      throws IOException {
    refused(Corpus.at(cells, options.withLabelNames(write("names.txt", names))), message);
  }

  // Options that contradict each other or the input

  @Test
  void optionsThatContradict() throws IOException {
    Path cells = write("a.csv", "text,labels,a,b\nt,x,0,1\n");
    CorpusOptions commas = AUTO.withLabelSeparator(",");
    CorpusOptions flags = AUTO.withLabelColumns(List.of("a", "b"));
    usage(
        cells,
        commas.withLabelling(Labelling.SINGLE),
        "--task single contradicts --label-separator");
    usage(
        cells, flags.withLabelling(Labelling.SINGLE), "--task single contradicts --label-columns");
    usage(cells, flags.withLabelSeparator(","), "--label-columns and --label-separator: a column");
    usage(cells, flags.withLabelColumn("a"), "--label-columns and --label-column: a column");
    usage(cells, flags.withLabelNames(cells), "--label-columns and --label-names: a column");
    usage(cells, AUTO.withLabelColumns(List.of("a", "a")), "--label-columns a,a: one twice");
    usage(cells, AUTO.withLabelColumns(List.of("a", "2")), "--label-columns a,2: a column twice");
    usage(cells, AUTO.withLabelSeparator("and"), "--label-separator 'and': separates nothing");
    usage(cells, AUTO.withLabelSeparator(""), "--label-separator '': separates nothing");
    refused(
        Corpus.at(cells, AUTO.withLabelColumns(List.of("a", "c"))),
        "a.csv: no column 'c'; its columns are text, labels, a, b (--label-columns; indices");

    Path lines = write("a.txt", "just a text\n");
    usage(
        lines,
        commas,
        "a.txt: lines without labels; leave --label-separator out, or say --format csv");
    usage(lines, flags, "lines, a text each, which have no columns");
    usage(
        lines,
        AUTO.withLabelNames(cells),
        "a.txt: lines without labels; leave --label-names out, or say");
    Path words = write("b.txt", "__label__a t\n");
    usage(words, commas, "fastText lines, a label a word; leave --label-separator out");
    Files.createDirectories(dir.resolve("folder/pos"));
    Files.writeString(dir.resolve("folder/pos/1.txt"), "t");
    usage(
        dir.resolve("folder"),
        commas,
        "folder: its folders are the labels; leave --label-separator out");
    Path tar = Files.write(dir.resolve("a.tar.gz"), Tarball.gz(Map.of("pos/1.txt", "t")));
    usage(tar, commas, "a.tar.gz: its folders are the labels; leave --label-separator out");
    usage(
        lines,
        commas.withFormat(Format.LINES),
        "lines without labels; leave --label-separator out");
  }

  @Test
  void columnsOfZeroAndOneAreNamedWhereTheLabelIsNotClear() throws IOException {
    StringBuilder rows = new StringBuilder("text,toxic,insult\n");
    for (int i = 0; i < 8; i++) {
      rows.append("a text of words ").append(i).append(i % 2 == 0 ? ",0,1\n" : ",1,0\n");
    }
    UlmfitException refused =
        assertThrows(
            UlmfitException.class,
            () ->
                CorpusReader.open(
                    Corpus.at(write("a.csv", rows.toString())),
                    Expectation.of(Expectation.Labels.REQUIRED)));
    assertTrue(
        refused.getMessage().endsWith("or those that are labels of 0 and 1 with --label-columns"),
        refused.getMessage());
  }

  // As in training

  @Test
  void validationFollowsTraining() throws IOException {
    Path train = write("a.jsonl", "{\"text\":\"t\",\"labels\":[\"a\",\"b\"]}\n");
    Path valid = write("b.jsonl", "{\"text\":\"u\",\"labels\":[]}\n");
    assertEquals(
        List.of("[a, b]", "[]"),
        rows(CorpusReader.open(Corpus.at(train).withValid(Corpus.at(valid)))));
    Path one = write("c.jsonl", "{\"text\":\"t\",\"labels\":[\"a\"]}\n");
    refused(
        Corpus.at(one).withValid(Corpus.at(train)),
        "a.jsonl: row 1: 2 labels (a, b), where a row has one (as in training)");
    refused(
        Corpus.at(one).withValid(Corpus.at(valid)),
        "b.jsonl: row 1: no label in a row of the valid split");
  }

  @Test
  void whatAModelRemembersIsReadAgain() throws IOException {
    Path flags = write("a.csv", "text,toxic,insult\nt,1,0\nu,0,0\n");
    CorpusReader trained =
        CorpusReader.open(Corpus.at(flags, AUTO.withLabelColumns(List.of("toxic", "insult"))));
    assertEquals(List.of("[toxic]", "[]"), rows(trained));
    assertEquals(List.of("[toxic]", "[]"), rows(again(flags, trained, Labelling.MULTI)));
    Path less = write("b.csv", "text,toxic\nt,1\n");
    UlmfitException lacks =
        assertThrows(UlmfitException.class, () -> again(less, trained, Labelling.MULTI));
    assertTrue(
        lacks.getMessage().contains("no label column insult, which training had"),
        lacks.getMessage());

    Path cells = write("a.tsv", "0\ta text of words\t0,1\n1\tmore of the words\t1\n");
    CorpusOptions named =
        AUTO.withLabelSeparator(",")
            .withLabelNames(write("names.txt", "joy\nlove\n"))
            .withTextColumns(List.of("1"))
            .withLabelColumn("2")
            .withHeader(CorpusOptions.Header.NO);
    CorpusReader indices = CorpusReader.open(Corpus.at(cells, named));
    assertEquals(List.of("[joy, love]", "[love]"), rows(indices));
    assertEquals(new LabelForm(List.of(), ",", List.of("joy", "love")), indices.columns().labels());
    assertEquals(List.of("[joy, love]", "[love]"), rows(again(cells, indices, Labelling.MULTI)));
    Path other = write("c.jsonl", "{\"text\":\"t\",\"labels\":[\"joy\"]}\n");
    assertEquals(List.of("[joy]"), rows(again(other, indices, Labelling.MULTI)));

    Path plain = write("d.csv", "text,label\nt,a\n");
    assertNull(CorpusReader.open(Corpus.at(plain)).columns().labels());
  }

  private CorpusReader again(Path file, CorpusReader trained, Labelling labelling) {
    return CorpusReader.open(
        Corpus.at(file),
        new Expectation(Expectation.Labels.REQUIRED, trained.columns(), labelling));
  }

  @Test
  void aModelsTaskIsNotContradicted() throws IOException {
    Path cells = write("a.csv", "text,label\nt,a\n");
    contradicts(cells, MULTI, Labelling.SINGLE, "--task multi: training was on one label a row");
    contradicts(
        cells,
        AUTO.withLabelSeparator(","),
        Labelling.SINGLE,
        "--label-separator: training was on one label a row; leave it out");
    contradicts(
        cells,
        AUTO.withLabelling(Labelling.SINGLE),
        Labelling.MULTI,
        "--task single: training was on several labels a row; leave it out");
  }

  private static void contradicts(
      Path file, CorpusOptions options, Labelling trained, String message) {
    Expectation expectation = new Expectation(Expectation.Labels.REQUIRED, null, trained);
    UlmfitException refused =
        assertThrows(
            UlmfitException.class, () -> CorpusReader.open(Corpus.at(file, options), expectation));
    assertEquals(UlmfitException.Kind.USAGE, refused.kind());
    assertTrue(refused.getMessage().startsWith(message), refused.getMessage());
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(dir.resolve(name), content);
  }
}
