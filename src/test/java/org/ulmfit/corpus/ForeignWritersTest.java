package org.ulmfit.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusOptions.Format;
import org.ulmfit.corpus.CorpusOptions.Header;
import org.ulmfit.corpus.CorpusOptions.OnBadRow;
import org.ulmfit.corpus.Expectation.Labels;
import org.ulmfit.corpus.OneReaderTest.Reading;

/** Files as pandas, Excel, Spark, databases and annotators write them. */
class ForeignWritersTest {
  private static final CorpusOptions DEFAULTS = CorpusOptions.defaults();

  @TempDir Path dir;

  private Path file(String name, String content) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private static List<String> first(List<List<String>> texts) {
    return texts.stream().map(fields -> fields.get(0)).toList();
  }

  /** What has no text gets its answer, too: a column of pandas with an empty string in it. */
  @Test
  void rowsWithoutATextAreAnswered() throws IOException {
    Path one = file("one.csv", "text\ngood film\n\"\"\nbad film\n");
    assertEquals(
        List.of("good film", "", "bad film"), first(Reading.PREDICT.of(one, DEFAULTS, null)));
    Path two = file("two.csv", "text,label\na good film,pos\n,\na bad film,neg\n");
    assertEquals(
        List.of("a good film", "", "a bad film"), first(Reading.PREDICT.of(two, DEFAULTS, null)));
    assertEquals(
        List.of("a good film", "a bad film"), first(Reading.CLASSIFY.of(two, DEFAULTS, null)));
    Path lines = file("lines.txt", "pos a good film\n\nneg a bad film\n");
    CorpusOptions pattern = DEFAULTS.withLinePattern("(?<label>\\S+) (?<text>.*)");
    assertEquals(
        List.of("a good film", "", "a bad film"), first(Reading.PREDICT.of(lines, pattern, null)));
  }

  @Test
  void labelsThatAreNotReadRefuseNothing() throws IOException {
    String list = "text,labels\na good film,\"['joy']\"\na bad film,\"['anger', 'fear']\"\n";
    Path printed = file("printed.csv", list);
    List<String> both = List.of("a good film", "a bad film");
    assertEquals(both, first(Reading.PREDICT.of(printed, DEFAULTS, null)));
    assertEquals(both, first(Reading.TOKENIZE.of(printed, DEFAULTS, null)));
    assertTrue(OneReaderTest.isRefused(Reading.CLASSIFY.of(printed, DEFAULTS, null)));
    Path spans =
        file(
            "ner.jsonl",
            "{\"text\":\"a good film\",\"label\":[[2,6,\"MOOD\"]]}\n"
                + "{\"text\":\"a bad film\",\"label\":[]}\n");
    assertEquals(both, first(Reading.LM_FINETUNE.of(spans, DEFAULTS, null)));
    assertEquals(both, first(Reading.PREDICT.of(spans, DEFAULTS, null)));
  }

  /** Excel's text with tabs: a cell with a comma is quoted, as one with a quote in it is. */
  @Test
  void excelQuotesACellWithAComma() throws IOException {
    Path tabs =
        file(
            "excel.txt",
            "text\tlabel\nGreat film\tpos\n\"Well, it was long\"\tneg\n"
                + "\"He said \"\"wow\"\"\"\tpos\nNo comment\tneg\n");
    List<String> texts =
        List.of("Great film", "Well, it was long", "He said \"wow\"", "No comment");
    assertEquals(texts, first(Reading.CLASSIFY.of(tabs, DEFAULTS, null)));
    assertEquals(texts, first(Reading.PREDICT.of(tabs, DEFAULTS, null)));
    Path speech =
        file(
            "speech.tsv",
            "text\tlabel\n\"Well, it was long\"\tneg\nnobody, but he\tpos\nsome words here\tneg\n");
    assertEquals(
        "\"Well, it was long\"", first(Reading.CLASSIFY.of(speech, DEFAULTS, null)).get(0));
  }

  @Test
  void theFirstQuoteMayStandFarDown() throws IOException {
    StringBuilder tabs = new StringBuilder("text\tlabel\n");
    StringBuilder spark = new StringBuilder("text,label\n");
    for (int row = 0; row < 1200; row++) {
      tabs.append(row == 900 ? "\"He said \"\"hi\"\"\"" : "some words " + row).append("\tpos\n");
      spark.append(row == 900 ? "\"He said \\\"hi\\\", then\"" : "some words " + row);
      spark.append(",neg\n");
    }
    Path tsv = file("late.tsv", tabs.toString());
    assertEquals("He said \"hi\"", first(Reading.CLASSIFY.of(tsv, DEFAULTS, null)).get(900));
    Path csv = file("late.csv", spark.toString());
    assertEquals("He said \"hi\", then", first(Reading.CLASSIFY.of(csv, DEFAULTS, null)).get(900));
  }

  /** {@code psql -A}, Hive and others write pipes and never a quote of their own. */
  @Test
  void quotesOfATableWithPipesAreCharacters() throws IOException {
    Path pipes =
        file(
            "dump.csv",
            "id|text|label\n7|He said \"hi\" to me|pos\n8|plain words here|neg\n9|more of them|pos\n");
    assertEquals("He said \"hi\" to me", first(Reading.CLASSIFY.of(pipes, DEFAULTS, null)).get(0));
    String told = CorpusReader.open(Corpus.at(pipes, DEFAULTS)).found().get(0);
    assertTrue(told.contains("pipes, quotes are characters as any other"), told);
  }

  @Test
  void whatIsMissingInJsonIsEmpty() throws IOException {
    Path rows =
        file(
            "rows.jsonl",
            "{\"title\":null,\"body\":\"a long text\"}\n{\"title\":\"short\",\"body\":\"words\"}\n");
    CorpusOptions both = DEFAULTS.withTextColumns(List.of("title", "body"));
    assertEquals(
        List.of(List.of("", "a long text"), List.of("short", "words")),
        Reading.PREDICT.of(rows, both, null));
    Path one = file("one.jsonl", "{\"text\":\"some words\"}\n{\"text\":null}\n");
    assertEquals(List.of("some words", ""), first(Reading.PREDICT.of(one, DEFAULTS, null)));
    CorpusReader reader =
        CorpusReader.open(
            Corpus.at(one, DEFAULTS.withOnBadRow(OnBadRow.SKIP)), Expectation.of(Labels.UNUSED));
    reader.forEach((split, document) -> {});
    assertEquals(1, reader.counts().rejected(), "no text to train on");
  }

  @Test
  void aTrainedColumnIsFoundInOtherLetters() throws IOException {
    InputColumns title = new InputColumns(1, true, 0, List.of("title"), "label");
    Path file =
        file(
            "new.csv",
            "Title,description\na short one,a much longer text of many words\n"
                + "another,and one more text of many words\n");
    assertEquals(
        List.of("a short one", "another"), first(Reading.PREDICT.of(file, DEFAULTS, title)));
    Path other =
        file(
            "other.csv",
            "name,description\nA,a text of many words\nB,and one more of them\nC,the last of the texts\n");
    CorpusOptions named = DEFAULTS.withHeader(Header.YES);
    try (TextReader reader = TextReader.open(other, InputStream.nullInputStream(), named, title)) {
      assertTrue(
          reader.found().contains("the model was trained on \"title\", which is not there"),
          reader.found());
    }
  }

  @Test
  void theHeaderOfASecondFileMayHaveAByteOrderMark() throws IOException {
    String rows = "a long text of words,neg\nanother of them,pos\n".repeat(4);
    String csv = "\ufefftext,label\n" + rows;
    Path both = file("both.csv", csv + csv);
    List<List<String>> texts = Reading.CLASSIFY.of(both, DEFAULTS, null);
    assertTrue(texts.get(0).get(0).contains("the header once more"), texts.toString());
  }

  @Test
  void wideTextsOfAFolderAreRefused() throws IOException {
    Path folder = dir.resolve("wide");
    for (String label : List.of("pos", "neg")) {
      Files.createDirectories(folder.resolve(label));
      Files.write(
          folder.resolve(label).resolve("1.txt"),
          "some plain words of a text".getBytes(StandardCharsets.UTF_16LE));
    }
    List<List<String>> texts = Reading.CLASSIFY.of(folder, DEFAULTS, null);
    assertTrue(texts.get(0).get(0).contains("UTF-16LE"), texts.toString());
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need rights there")
  void aCorpusMayBeALinkAndALabelMayNot() throws IOException {
    file("real/pos/1.txt", "a good film");
    file("real/neg/1.txt", "a bad film");
    Path link = Files.createSymbolicLink(dir.resolve("link"), dir.resolve("real"));
    assertEquals(
        List.of("a bad film", "a good film"), first(Reading.CLASSIFY.of(link, DEFAULTS, null)));
    file("elsewhere/1.txt", "a mixed film");
    Files.createSymbolicLink(dir.resolve("real/mixed"), dir.resolve("elsewhere"));
    List<List<String>> texts = Reading.CLASSIFY.of(dir.resolve("real"), DEFAULTS, null);
    assertTrue(texts.get(0).get(0).contains("a link to a folder"), texts.toString());
  }

  @Test
  void namesInAnArchiveAreUtf8Everywhere() throws IOException {
    Map<String, String> entries = new TreeMap<>();
    entries.put("n\u00e9gatif/1.txt", "a bad film");
    entries.put("positif/1.txt", "a good film");
    Path tar = Files.write(dir.resolve("t.tar.gz"), Tarball.gz(entries));
    List<String> labels = new ArrayList<>();
    CorpusReader.open(Corpus.at(tar, DEFAULTS))
        .forEach((split, document) -> labels.addAll(document.labels()));
    assertEquals(List.of("n\u00e9gatif", "positif"), labels.stream().sorted().toList());
  }

  /** {@code (gzip -c a; sleep 1; gzip -c b) | ulmfit predict MODEL -}. */
  @Test
  void packedInputThatComesInPartsIsReadToItsEnd() throws Exception {
    PipedOutputStream writer = new PipedOutputStream();
    PipedInputStream stdin = new PipedInputStream(writer, 1 << 16);
    CorpusOptions lines = DEFAULTS.withFormat(Format.LINES);
    Thread sender =
        new Thread(
            () -> {
              try (writer) {
                for (String part : List.of("one\ntwo\n", "three\n")) {
                  OutputStream packed = new GZIPOutputStream(writer);
                  packed.write(part.getBytes(StandardCharsets.UTF_8));
                  ((GZIPOutputStream) packed).finish();
                  writer.flush();
                  Thread.sleep(300);
                }
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    sender.start();
    List<String> texts = new ArrayList<>();
    try (TextReader reader = TextReader.open(Path.of("-"), stdin, lines, null)) {
      for (List<TextReader.Text> batch = reader.batch(9);
          !batch.isEmpty();
          batch = reader.batch(9)) {
        batch.forEach(text -> texts.add(text.fields().get(0)));
      }
    }
    sender.join();
    assertEquals(List.of("one", "two", "three"), texts);
  }

  @Test
  void aPatternReadsWhatOnlyOthersCallALineEnd() throws IOException {
    Path lines = file("lines.txt", "pos a good\u0085film \u2028 here\nneg a bad film\n");
    CorpusOptions pattern = DEFAULTS.withLinePattern("(?<label>\\S+) (?<text>.*)");
    assertEquals(2, Reading.CLASSIFY.of(lines, pattern, null).size());
  }

  @Test
  void theSplitOfATestFileIsTheFileAlone() throws IOException {
    Path test =
        file("test.csv", "text,label,split\na good film,pos,private\na bad one,neg,private\n");
    assertThrows(
        UlmfitException.class,
        () -> CorpusReader.open(Corpus.at(test, DEFAULTS)).forEach((split, document) -> {}));
    assertEquals(2, Reading.CLASSIFY.of(test, DEFAULTS.withSplitColumn("none"), null).size());
  }
}
