package org.ulmfit.corpus;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ulmfit.corpus.LabelledInputs.refused;
import static org.ulmfit.corpus.LabelledInputs.rows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusOptions.OnBadRow;

/** Rows with several labels, in every form they come in. */
class SeveralLabelsTest {
  private static final CorpusOptions AUTO = CorpusOptions.defaults();
  private static final CorpusOptions MULTI = AUTO.withLabelling(Labelling.MULTI);

  @TempDir Path dir;

  /**
   * An input and what becomes of its rows.
   *
   * @param rows labels of each used row, {@code -} unlabelled; or what is said of a bad row
   */
  private record Case(String form, String file, String input, CorpusOptions options, String rows) {
    @Override
    public String toString() {
      return form;
    }
  }

  private static Case of(
      String form, String file, CorpusOptions options, String input, String... rows) {
    return new Case(form, file, input.replace('\'', '"'), options, String.join("\n", rows));
  }

  static Stream<Case> cases() {
    CorpusOptions commas = AUTO.withLabelSeparator(",");
    CorpusOptions flags = AUTO.withLabelColumns(List.of("toxic", "insult"));
    return Stream.of(
        of(
            "a list of JSON",
            "a.jsonl",
            AUTO,
            "{'text':'t','labels':['b','a']}\n{'text':'t','labels':[]}\n{'text':'t','labels':null}\n"
                + "{'text':'t'}\n{'text':'t','labels':['a',7,true]}\n{'text':'t','labels':'c'}\n"
                + "{'text':'t','labels':''}\n{'text':'t','labels':['a','a']}\n"
                + "{'text':'t','labels':['a',null]}\n{'text':'t','labels':['a',' ']}\n"
                + "{'text':'t','labels':[['a']]}\n",
            "[b, a]",
            "[]",
            "-",
            "-",
            "[a, 7, true]",
            "[c]",
            "[]",
            "[a]",
            "row 9: its label is neither a string nor a number, true or false",
            "row 10: a blank label",
            "row 11: its label is neither a string nor a number, true or false"),
        of(
            "an array of JSON",
            "a.json",
            AUTO,
            "[{'text':'t','labels':['b','a']},\n{'text':'t','labels':[]},\n{'text':'t'}]",
            "[b, a]",
            "[]",
            "-"),
        of(
            "a list under a key of one's own",
            "a.jsonl",
            AUTO.withLabelColumn("tags"),
            "{'text':'t','tags':['b','a']}\n{'text':'t','tags':[]}\n{'text':'t'}\n",
            "[b, a]",
            "[]",
            "-"),
        of(
            "no list of two",
            "a.jsonl",
            AUTO,
            "{'text':'t','labels':['a']}\n{'text':'t','labels':[]}\n",
            "[a]",
            "-"),
        of(
            "no list of two, several asked for",
            "a.jsonl",
            MULTI,
            "{'text':'t','labels':['a']}\n{'text':'t','labels':[]}\n",
            "[a]",
            "[]"),
        of(
            "a string with a separator in JSON",
            "a.jsonl",
            commas,
            "{'text':'t','labels':'b, a'}\n{'text':'t','labels':''}\n{'text':'t','labels':null}\n"
                + "{'text':'t','labels':['c']}\n{'text':'t','labels':['a,b']}\n",
            "[b, a]",
            "[]",
            "-",
            "[c]",
            "row 5: the label \"a,b\" of a list holds the separator \",\"; lists need no"
                + " --label-separator"),
        of(
            "cells with a separator, CSV",
            "a.csv",
            commas,
            "text,labels\nt,'a, b'\nt,\nt,b\nt,'a,,b'\nt,'a,'\nt,'b,b'\nt\n",
            "[a, b]",
            "[]",
            "[b]",
            "row 5: nothing between two separators \",\", or before or behind one, in the labels"
                + " \"a,,b\"",
            "row 6: nothing between two separators \",\", or before or behind one, in the labels"
                + " \"a,\"",
            "[b]",
            "row 8: 1 columns, the header has 2"),
        of(
            "cells with a separator, TSV, with a split",
            "a.tsv",
            AUTO.withLabelSeparator(" | "),
            "text\tlabels\tsplit\nt\ta|b\ttrain\nt\ta b\ttest\nt\ta|b\tunsup\n",
            "[a, b]",
            "[a b]",
            "-"),
        of(
            "cells with blanks between",
            "a.csv",
            AUTO.withLabelSeparator(" "),
            "text,labels\nt,haze  primary\nt,\n",
            "[haze, primary]",
            "[]"),
        of(
            "cells with a separator and no option",
            "a.csv",
            AUTO,
            "text,labels\nt,a;b\nt,a\nt,b\nt,b;a\n",
            "[a;b]",
            "[a]",
            "[b]",
            "[b;a]"),
        of(
            "one label a cell, several asked for",
            "a.csv",
            MULTI,
            "text,label\nt,a\nt,\nt,b\n",
            "[a]",
            "[]",
            "[b]"),
        of(
            "columns of 0 and 1",
            "a.csv",
            flags,
            "id,comment_text,toxic,severe,insult\n1,so it is said,1,0,1\n2,so it is said,0,1,0\n"
                + "3,so it is said,1.0,1,FALSE\n4,so it is said,,1,\n5,so it is said,-1,-1,-1\n"
                + "6,so it is said,2,0,0\n7,so it is said,1,0,\n",
            "[toxic, insult]",
            "[]",
            "[toxic]",
            "-",
            "row 6: label column \"toxic\" holds \"-1\", which is neither 0 nor 1 (-1 mostly marks"
                + " rows that nobody labelled)",
            "row 7: label column \"toxic\" holds \"2\", which is neither 0 nor 1",
            "row 8: label column \"insult\" is empty, which is neither 0 nor 1"),
        of(
            "columns of 0 and 1 without names",
            "a.tsv",
            AUTO.withLabelColumns(List.of("0", "2")).withHeader(CorpusOptions.Header.NO),
            "1\ta text of words\t0\n0\tanother of these\t0\n",
            "[0]",
            "[]"),
        of(
            "keys of true and false",
            "a.jsonl",
            flags,
            "{'text':'t','toxic':true,'insult':0}\n{'text':'t','toxic':'0','insult':false}\n"
                + "{'text':'t'}\n{'text':'t','toxic':null,'insult':null}\n{'text':'t','toxic':1}\n"
                + "{'text':'t','toxic':[1],'insult':0}\n",
            "[toxic]",
            "[]",
            "-",
            "-",
            "row 5: label column \"insult\" is empty, which is neither 0 nor 1",
            "row 6: label column \"toxic\" holds a list or an object, which is neither 0 nor 1"),
        of(
            "one column of 0 and 1",
            "a.csv",
            AUTO.withLabelColumns(List.of("spam")),
            "text,spam\nt,1\nt,0\n",
            "[spam]",
            "[]"),
        of(
            "fastText words",
            "a.txt",
            AUTO,
            "__label__b __label__a t\nt __label__a\nt\n__label__a __label__a t\n__label__a\n",
            "[b, a]",
            "[a]",
            "-",
            "[a]",
            "row 5: no text"),
        of(
            "lines with a pattern and a separator",
            "a.txt",
            commas.withLinePattern("(?:\\[(?<label>.*)\\] )?(?<text>.*)"),
            "[a, b] t\n[] t\nt\n[a,] t\n",
            "[a, b]",
            "[]",
            "-",
            "row 4: nothing between two separators \",\", or before or behind one, in the labels"
                + " \"a,\""));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyRowIsReadOrRefused(Case one) throws IOException {
    Path file = write(one.file, one.input);
    CorpusReader reader =
        CorpusReader.open(Corpus.at(file, one.options.withOnBadRow(OnBadRow.SKIP)));
    List<String> rows = rows(reader);
    List<String> wanted = one.rows.lines().toList();
    List<String> bad = wanted.stream().filter(row -> row.startsWith("row ")).toList();
    List<String> good = wanted.stream().filter(row -> !row.startsWith("row ")).toList();
    assertEquals(good, rows.stream().filter(row -> !row.startsWith("row ")).toList());
    assertEquals(bad, rows.stream().filter(row -> row.startsWith("row ")).toList());
    CorpusReader.Counts counts = reader.counts();
    assertEquals(wanted.size(), counts.rows());
    assertEquals(good.size(), counts.used());
    assertEquals(bad.size(), counts.rejected());
    if (!bad.isEmpty()) {
      UlmfitException refused =
          assertThrows(
              UlmfitException.class, () -> rows(CorpusReader.open(Corpus.at(file, one.options))));
      assertEquals(UlmfitException.Kind.BAD_DATA, refused.kind());
      assertEquals(
          file + ": " + bad.get(0) + "; mend it, or leave such rows out with --on-bad-row skip",
          refused.getMessage());
    }
  }

  /** What is trained on is what is answered, whatever columns hold labels. */
  @ParameterizedTest
  @MethodSource("cases")
  void predictReadsTheSameTexts(Case one) throws IOException {
    Path file = write(one.file, one.input);
    CorpusReader reader =
        CorpusReader.open(Corpus.at(file, one.options.withOnBadRow(OnBadRow.SKIP)));
    List<List<String>> texts = new ArrayList<>();
    reader.forEach((split, document) -> texts.add(document.fields()));
    CorpusOptions asked =
        AUTO.withLinePattern(one.options.linePattern()).withHeader(one.options.header());
    List<List<String>> answered = new ArrayList<>();
    try (TextReader rows =
        TextReader.open(file, InputStream.nullInputStream(), asked, reader.columns())) {
      for (List<TextReader.Text> batch = rows.batch(3); !batch.isEmpty(); batch = rows.batch(3)) {
        batch.forEach(text -> answered.add(text.fields()));
      }
    } catch (UlmfitException e) {
      assertTrue(e.getMessage().contains("every row gets an answer"), e.getMessage());
    }
    // a row that only its labels make a bad one is answered, too
    assertTrue(answered.size() >= texts.size() || reader.counts().rejected() > 0);
    assertTrue(reader.counts().rejected() > 0 || answered.equals(texts), answered.toString());
    assertEquals(Set.copyOf(texts), answered.stream().filter(texts::contains).collect(toSet()));
  }

  @Test
  void documentsInMemory() {
    List<Document> several =
        List.of(
            Document.of("t", List.of("b", "a ")),
            Document.of("t", List.of()),
            Document.of("t"),
            Document.of("t", "c"));
    CorpusReader reader = CorpusReader.open(Corpus.of(several));
    assertEquals(Labelling.MULTI, reader.labelling());
    assertEquals(List.of("[b, a]", "[]", "-", "[c]"), rows(reader));
    assertEquals(
        "task: several labels a row (document 1 has more than one label);"
            + " Corpus.withLabelling(Labelling.SINGLE) says otherwise",
        reader.task());

    List<Document> one = several.subList(1, 4);
    CorpusReader single = CorpusReader.open(Corpus.of(one));
    assertEquals(Labelling.SINGLE, single.labelling());
    assertEquals(List.of("-", "-", "[c]"), rows(single));
    assertEquals(1, single.counts().emptyLists());
    CorpusReader asked = CorpusReader.open(Corpus.of(one).withLabelling(Labelling.MULTI));
    assertEquals(List.of("[]", "-", "[c]"), rows(asked));
    refused(
        Corpus.of(several).withLabelling(Labelling.SINGLE),
        "document 1 in memory: 2 labels (b, a), where a row has one");
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(dir.resolve(name), content);
  }
}
