package org.ulmfit.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusOptions.Format;
import org.ulmfit.corpus.CorpusOptions.Header;
import org.ulmfit.corpus.CorpusOptions.OnBadRow;

class CorpusReaderTest {
  private static final CorpusOptions DEFAULTS = CorpusOptions.defaults();
  private static final Expectation OPTIONAL = Expectation.of(Expectation.Labels.OPTIONAL);

  /** The layout of aclImdb with its extra files. */
  private static final Map<String, String> IMDB =
      new TreeMap<>(
          Map.of(
              "aclImdb/README", "read me",
              "aclImdb/imdb.vocab", "the\n",
              "aclImdb/train/urls_neg.txt", "http://x\n",
              "aclImdb/train/labeledBow.feat", "0 1:2\n",
              "aclImdb/train/neg/10_2.txt", "bad one",
              "aclImdb/train/neg/2_2.txt", "bad two",
              "aclImdb/train/pos/0_9.txt", "good",
              "aclImdb/train/unsup/0_0.txt", "whatever",
              "aclImdb/test/neg/0_2.txt", "bad test",
              "aclImdb/test/pos/.hidden.txt", "not me"));

  @TempDir Path dir;

  @Test
  void folderPerLabelWithSplits() throws Exception {
    for (Map.Entry<String, String> file : IMDB.entrySet()) {
      Path path = dir.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    CorpusReader corpus = CorpusReader.open(Corpus.at(dir.resolve("aclImdb"), DEFAULTS));
    assertEquals(
        List.of(
            "TRAIN train/neg/10_2.txt [bad one] [neg]",
            "TRAIN train/neg/2_2.txt [bad two] [neg]",
            "TRAIN train/pos/0_9.txt [good] [pos]",
            "TEST test/neg/0_2.txt [bad test] [neg]",
            "UNSUP train/unsup/0_0.txt [whatever] []"),
        read(corpus));
    assertEquals(5, corpus.counts().rows());
    assertEquals(5, corpus.counts().ignoredFiles());
    assertTrue(corpus.ordered());
  }

  /** In a sorted table it shows late that a column tells the splits. */
  @Test
  void aColumnThatTellsTheSplitsUnderAnotherName() throws Exception {
    String text = "a review of some length ".repeat(40);
    String train = (text + ",pos,train\n").repeat(600);
    refusedSplit("text,label,type\n" + train + text + ",neg,test\n", "a.csv", "type (train, test)");
    refusedSplit("text,label,is_test\nt,a,0\nt,b,0\nt,a,1\n", "a.csv", "is_test (0, 1)");
    refusedSplit(
        "{\"text\":\"t\",\"label\":\"a\",\"x\":{\"set\":\"Dev\"}}\n"
            + "{\"text\":\"t\",\"label\":\"a\",\"x\":{\"set\":\"Train\"}}\n",
        "a.jsonl",
        "x.set (Dev, Train)");
    refusedSplit(
        "{\"text\":\"t\",\"label\":\"a\",\"meta\":{\"is_test\":true}}\n"
            + "{\"text\":\"t\",\"label\":\"a\",\"meta\":{\"is_test\":false}}\n",
        "a.jsonl",
        "meta.is_test (true, false)");
    for (String other :
        List.of(
            "text,label,set\n" + train, // all of one split
            "text,label,set\nt,a,train\nt,b,bus\nt,b,test\n",
            "text,label,set,split\nt,a,train,train\nt,b,test,train\n")) {
      Path file = Files.writeString(dir.resolve("b.csv"), other);
      assertTrue(read(CorpusReader.open(Corpus.at(file))).size() > 1);
    }
  }

  /** Keys of JSON may be asked for by their place. */
  @Test
  void keysByIndex() throws Exception {
    Path file =
        Files.writeString(
            dir.resolve("a.jsonl"),
            "{\"nr\":\"7\",\"text\":\"one\",\"kind\":\"a\",\"part\":\"train\"}\n"
                + "{\"nr\":\"8\",\"text\":\"two\",\"kind\":\"b\",\"part\":\"test\"}\n");
    CorpusOptions places =
        DEFAULTS
            .withTextColumns(List.of("1"))
            .withIdColumn("0")
            .withLabelColumn("2")
            .withSplitColumn("3");
    assertEquals(
        List.of("TRAIN 7 [one] [a]", "TEST 8 [two] [b]"),
        read(CorpusReader.open(Corpus.at(file, places))));
  }

  private void refusedSplit(String rows, String name, String column) throws IOException {
    Path file = Files.writeString(dir.resolve(name), rows);
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> read(CorpusReader.open(Corpus.at(file))));
    String start = file + ": does its column " + column + " tell the splits? ";
    assertTrue(e.getMessage().startsWith(start), e.getMessage());
    Corpus none = Corpus.at(file, DEFAULTS.withSplitColumn("none"));
    assertTrue(read(CorpusReader.open(none)).size() > 1, "the remedy");
  }

  /** Texts beside a labelled table need not be a table. */
  @Test
  void optionsOfColumnsAreThoseOfTheInputThatHasColumns() throws Exception {
    Path names = Files.writeString(dir.resolve("names"), "neg\npos\n");
    CorpusOptions table =
        DEFAULTS.withTextColumns(List.of("review")).withIdColumn("nr").withLabelNames(names);
    Path lines = Files.writeString(dir.resolve("texts.txt"), "one\ntwo\n");
    CorpusReader read = CorpusReader.open(CorpusReader.sharing(Corpus.at(lines, table), OPTIONAL));
    assertTrue(read.found().get(0).contains("lines, a text each"), read.found().toString());
    assertEquals(2, read(read).size());
    Path other = Files.writeString(dir.resolve("more.csv"), "nr,title,review\n7,not this,one\n");
    read = CorpusReader.open(CorpusReader.sharing(Corpus.at(other, table), OPTIONAL));
    assertEquals(List.of("UNSUP 7 [one] []"), read(read));
    Path bare = Files.writeString(dir.resolve("bare.csv"), "review,set\none,here\n");
    read =
        CorpusReader.open(
            CorpusReader.sharing(Corpus.at(bare, table.withSplitColumn("part")), OPTIONAL));
    assertEquals(
        List.of("[one] []"), read(read).stream().map(r -> r.substring(r.indexOf('['))).toList());
    Path two =
        Files.writeString(
            dir.resolve("two.csv"),
            "summary,story,label,part\n"
                + "one long summary of it,one long story of it,a,test\n".repeat(5)
                + "two long summaries of it,two long stories of it,b,train\n");
    Expectation trained =
        new Expectation(
            Expectation.Labels.OPTIONAL, new InputColumns(1, true, 0, List.of("summary"), null));
    Corpus shared = CorpusReader.sharing(Corpus.at(two, DEFAULTS.withSplitColumn("part")), trained);
    assertEquals(
        5,
        read(CorpusReader.open(shared, trained)).stream()
            .filter(r -> r.startsWith("TEST"))
            .count());
    Path without = Files.writeString(dir.resolve("without.csv"), "nr,title,body\n7,a,b\n");
    assertThrows(
        UlmfitException.class,
        () -> CorpusReader.open(CorpusReader.sharing(Corpus.at(without, table), OPTIONAL)));
  }

  @Test
  void theSameInATarball() throws Exception {
    Path file = dir.resolve("aclImdb.tar.gz");
    Files.write(file, Tarball.gz(IMDB));
    CorpusReader corpus = CorpusReader.open(Corpus.at(file, DEFAULTS));
    assertTrue(corpus.found().get(0).contains("an archive"), corpus.found().toString());
    assertFalse(corpus.ordered());
    List<String> rows = read(corpus);
    assertEquals(5, rows.size());
    assertTrue(rows.contains("TRAIN train/neg/10_2.txt [bad one] [neg]"));
    assertTrue(rows.contains("UNSUP train/unsup/0_0.txt [whatever] []"));
    assertEquals(5, corpus.counts().ignoredFiles());
  }

  @Test
  void plainFolderPerLabel() throws Exception {
    for (String name : List.of("spam/1.txt", "ham/2.txt")) {
      Files.createDirectories(dir.resolve(name).getParent());
      Files.writeString(dir.resolve(name), "text " + name);
    }
    assertEquals(
        List.of(
            "TRAIN ham/2.txt [text ham/2.txt] [ham]", "TRAIN spam/1.txt [text spam/1.txt] [spam]"),
        read(CorpusReader.open(Corpus.at(dir, DEFAULTS))));
  }

  @Test
  void csvWithHeaderQuotesAndSplitColumn() throws Exception {
    Path file =
        write(
            "a.csv",
            "\ufefflabel,text,is_valid\nneg,\"a, \"\"b\"\"\nc\",False\r\npos,plain,True\n\n");
    assertEquals(
        List.of("TRAIN " + file + ":2 [a, \"b\"\nc] [neg]", "VALID " + file + ":3 [plain] [pos]"),
        read(CorpusReader.open(Corpus.at(file, DEFAULTS))));
  }

  @Test
  void csvOfTheLessonHasNoHeaderAndMayHaveSeveralTextColumns() throws Exception {
    Path file = write("a.csv", "0,first,second\n1,\"third\",\n");
    assertEquals(
        List.of("TRAIN " + file + ":1 [first, second] [0]", "TRAIN " + file + ":2 [third, ] [1]"),
        read(CorpusReader.open(Corpus.at(file, DEFAULTS))));
  }

  @Test
  void aSingleColumnIsUnlabelledText() throws Exception {
    Path file = write("a.csv", "\"one, text\"\nanother\n");
    assertEquals(
        List.of("UNSUP " + file + ":1 [one, text] []", "UNSUP " + file + ":2 [another] []"),
        read(CorpusReader.open(Corpus.at(file, DEFAULTS))));
  }

  @Test
  void columnsByNameAndIndex() throws Exception {
    Path file = write("a.csv", "title,stars,body\nT,5,B\n");
    CorpusOptions byName =
        DEFAULTS.withLabelColumn("stars").withTextColumns(List.of("title", "body"));
    assertEquals(
        List.of("TRAIN " + file + ":2 [T, B] [5]"),
        read(CorpusReader.open(Corpus.at(file, byName))));
    CorpusOptions byIndex =
        DEFAULTS.withHeader(Header.YES).withLabelColumn("1").withTextColumns(List.of("2"));
    assertEquals(
        List.of("TRAIN " + file + ":2 [B] [5]"), read(CorpusReader.open(Corpus.at(file, byIndex))));
  }

  @Test
  void tsvKeepsBareQuotesUnlessAskedOtherwise() throws Exception {
    Path file = write("SMS", "ham\tsay \"hi\" to 'em\nspam\t\"quoted\nham\tx\"\n");
    assertEquals(
        List.of("[say \"hi\" to 'em] [ham]", "[\"quoted] [spam]", "[x\"] [ham]"),
        contents(CorpusReader.open(Corpus.at(file, DEFAULTS))));
    Path quoted = write("b.tsv", "ham\t\"two\nlines\"\n");
    assertEquals(
        List.of("[two\nlines] [ham]"),
        contents(CorpusReader.open(Corpus.at(quoted, DEFAULTS.withQuote(true)))));
  }

  @Test
  void jsonl() throws Exception {
    Path file =
        write(
            "a.jsonl",
            "{\"id\":\"x7\",\"text\":\"t\\u00e9\",\"label\":1}\n\n"
                + "{\"text\":\"u\",\"labels\":[\"b\"],\"split\":\"test\"}\n"
                + "{\"text\":\"no label\"}\n");
    assertEquals(
        List.of(
            "TRAIN x7 [té] [1]",
            "TEST " + file + ":3 [u] [b]",
            "UNSUP " + file + ":4 [no label] []"),
        read(CorpusReader.open(Corpus.at(file, DEFAULTS))));
  }

  @Test
  void fastText() throws Exception {
    Path file = write("a.txt", "__label__pos fine film\n__label__neg   dull\nunlabelled\n");
    assertEquals(
        List.of("[fine film] [pos]", "[dull] [neg]", "[unlabelled] []"),
        contents(CorpusReader.open(Corpus.at(file, DEFAULTS))));
  }

  @Test
  void linesByPatternInAnotherCharset() throws Exception {
    Path file = dir.resolve("train.txt");
    Files.write(file, "DESC:manner Qué pasa ?\n".getBytes(StandardCharsets.ISO_8859_1));
    CorpusOptions options =
        DEFAULTS
            .withLinePattern("(?<label>[^:]+):\\S+ (?<text>.*)")
            .withCharset(StandardCharsets.ISO_8859_1);
    assertEquals(
        List.of("[Qué pasa ?] [DESC]"), contents(CorpusReader.open(Corpus.at(file, options))));
  }

  @Test
  void separateValidationAndTestFiles() throws Exception {
    Path train = write("train.csv", "0,a\n1,b\n");
    Path valid = write("valid.csv", "0,c\n");
    Path test = write("test.csv", "1,d\n");
    CorpusReader corpus =
        CorpusReader.open(Corpus.at(train).withValid(Corpus.at(valid)).withTest(Corpus.at(test)));
    assertEquals(
        List.of(
            "TRAIN " + train + ":1 [a] [0]",
            "TRAIN " + train + ":2 [b] [1]",
            "VALID " + valid + ":1 [c] [0]",
            "TEST " + test + ":1 [d] [1]"),
        read(corpus));
    assertEquals(4, corpus.counts().rows());
  }

  @Test
  void gzipAndStandardInput() throws Exception {
    Path file = dir.resolve("a.csv.gz");
    Files.write(file, Tarball.gzip("0,a\n".getBytes(StandardCharsets.UTF_8)));
    assertEquals(List.of("[a] [0]"), contents(CorpusReader.open(Corpus.at(file, DEFAULTS))));
    InputStream stdin = System.in;
    try {
      System.setIn(new ByteArrayInputStream("pos\tfrom a pipe\n".getBytes(StandardCharsets.UTF_8)));
      assertEquals(
          List.of("[from a pipe] [pos]"),
          contents(CorpusReader.open(Corpus.at(Path.of("-"), DEFAULTS))));
    } finally {
      System.setIn(stdin);
    }
  }

  @Test
  void skippedRowsAreCounted() throws Exception {
    Path file = write("a.csv", "label,text\n0,good\n1\n1,\"x\"y\n0,\n1,fine\n");
    CorpusReader corpus = CorpusReader.open(Corpus.at(file, DEFAULTS.withOnBadRow(OnBadRow.SKIP)));
    assertEquals(List.of("[good] [0]", "[fine] [1]"), contents(corpus));
    CorpusReader.Counts counts = corpus.counts();
    assertEquals(5, counts.rows());
    assertEquals(2, counts.used());
    assertEquals(3, counts.rejected());
    assertEquals(
        List.of(
            file + ": row 3: 1 columns, the header has 2",
            file + ": row 4: text after the closing quote of column 2",
            file + ": row 5: no text"),
        counts.rejections());
  }

  @Test
  void aMissingCorpusIsRefused() {
    refused(dir.resolve("nowhere.csv"), DEFAULTS, "nowhere.csv: no such file or folder");
  }

  @Test
  void anEmptyCorpusIsRefused() throws Exception {
    refused(write("a.csv", ""), DEFAULTS, "a.csv: empty");
    refused(write("b.csv", "label,text\n"), DEFAULTS, "b.csv: empty");
    Path folder = Files.createDirectory(dir.resolve("folder"));
    Files.writeString(folder.resolve("note.txt"), "x");
    refused(folder, DEFAULTS, "no documents; expected LABEL/*.txt or train/LABEL/*.txt (1 other");
  }

  @Test
  void anAbsentColumnIsRefusedWithTheColumnsThereAre() throws Exception {
    Path file = write("a.csv", "stars,body\n1,x\n");
    refused(
        file, DEFAULTS.withLabelColumn("label"), "no column 'label'; its columns are stars, body");
    refused(file, DEFAULTS.withLabelColumn("7"), "no column '7'");
    Path json = write("a.jsonl", "{\"text\":\"x\",\"stars\":1}\n");
    refused(
        json, DEFAULTS.withLabelColumn("label"), "no column 'label'; its columns are text, stars");
  }

  @Test
  void malformedUtf8IsRefusedWithItsByte() throws Exception {
    byte[] bytes = "0,abc\n1,d\ufffdf\n".getBytes(StandardCharsets.ISO_8859_1);
    bytes[9] = (byte) 0xe9; // Latin-1
    Path file = dir.resolve("a.csv");
    Files.write(file, bytes);
    refused(file, DEFAULTS, "a.csv: byte 9: not UTF-8; name the file's encoding, for example --c");
    Path text = Files.createDirectories(dir.resolve("f/pos")).resolve("1.txt");
    Files.write(text, new byte[] {'a', 'b', (byte) 0xc3});
    refused(dir.resolve("f"), DEFAULTS, "1.txt: byte 2: not UTF-8");
  }

  @Test
  void malformedBytesAreFoundBehindTheFirstBuffer() throws Exception {
    byte[] bytes = new byte[200_000];
    Arrays.fill(bytes, (byte) 'x');
    bytes[1] = ',';
    bytes[150_001] = (byte) 0xff;
    Path file = dir.resolve("a.csv");
    Files.write(file, bytes);
    refused(file, DEFAULTS, "byte 150001: not UTF-8");
  }

  @Test
  void charactersAcrossBuffersSurvive() throws Exception {
    for (String charset : List.of("UTF-8", "UTF-16LE", "UTF-16")) {
      StringBuilder text = new StringBuilder("x".repeat(65_535 % 7));
      text.append("aé😀\u2028".repeat(30_000));
      Path file = dir.resolve("a.txt");
      Files.write(file, text.toString().getBytes(Charset.forName(charset)));
      CorpusOptions options =
          DEFAULTS.withCharset(Charset.forName(charset)).withFormat(Format.LINES);
      assertEquals(
          List.of("[" + text + "] []"), contents(CorpusReader.open(Corpus.at(file, options))));
    }
  }

  @Test
  void brokenCsvRowsAreRefusedWithTheirRow() throws Exception {
    String head = "label,text\n0,\"two\nlines\"\n";
    refused(
        write("a.csv", head + "1,\"x\"y\n"), DEFAULTS, "row 3 (line 4): text after the closing");
    refused(write("b.csv", head + "1,x\"y\n"), DEFAULTS, "row 3 (line 4): a quote inside unquoted");
    refused(
        write("c.csv", head + "1,a,b\n"), DEFAULTS, "row 3 (line 4): 3 columns, the header has 2");
    refused(write("d.csv", head + "1,\"x\n0,y\n"), DEFAULTS, "row 3 (line 4): the quote opened in");
    refused(write("e.csv", "0,a\rb\n"), DEFAULTS, "row 1: a carriage return without line feed");
    CorpusOptions skip = DEFAULTS.withOnBadRow(OnBadRow.SKIP);
    refused(write("f.csv", head + "1,\"x\n0,y\n"), skip, "row 3 (line 4): the quote opened in");
  }

  @Test
  void severalLabelsInARowAreRefusedWhereARowHasOne() throws Exception {
    String what = "row 1: 2 labels (a, b), where a row has one (--task single); mend it";
    CorpusOptions single = DEFAULTS.withLabelling(Labelling.SINGLE);
    refused(write("a.txt", "__label__a __label__b text\n"), single, what);
    refused(write("a.jsonl", "{\"text\":\"t\",\"labels\":[\"a\",\"b\"]}\n"), single, what);
  }

  @Test
  void malformedLinesAreRefusedWithTheirRow() throws Exception {
    String good = "{\"text\":\"t\",\"label\":\"a\"}\n";
    refused(write("a.jsonl", good + "{\"text\":\n"), DEFAULTS, "a.jsonl: row 2: not JSON");
    refused(write("b.jsonl", good + "[1]\n"), DEFAULTS, "row 2: not a JSON object");
    refused(
        write("c.jsonl", good + "{\"txt\":\"t\"}\n"),
        DEFAULTS,
        "no string under \"text\"; its keys");
    refused(write("d.jsonl", "{\"text\":\"\\ud800\"}\n"), DEFAULTS, "row 1: half a surrogate pair");
    CorpusOptions trec = DEFAULTS.withLinePattern("(?<label>[^:]+):\\S+ (?<text>.*)");
    refused(
        write("t.txt", "A:b c\nno colon\n"), trec, "t.txt: row 2: does not match --line-pattern");
    Corpus test = Corpus.at(write("v.tsv", "a\t\n"));
    refused(Corpus.at(write("u.txt", "x\n")).withTest(test), "v.tsv: row 1: no text");
  }

  @Test
  void badPatternsAreUsageErrors() throws Exception {
    Path file = write("a.txt", "x\n");
    for (String pattern : List.of("(?<label>.*)", "(?<text>.*")) {
      UlmfitException error =
          assertThrows(
              UlmfitException.class,
              () -> CorpusReader.open(Corpus.at(file, DEFAULTS.withLinePattern(pattern))));
      assertEquals(UlmfitException.Kind.USAGE, error.kind());
      assertTrue(error.getMessage().contains("--line-pattern"), error.getMessage());
    }
  }

  @Test
  void aFormatThatDoesNotFitTheInputIsAUsageError() throws Exception {
    Path file = write("a.txt", "x\n");
    for (Map.Entry<Path, Format> e : Map.of(file, Format.FOLDER, dir, Format.CSV).entrySet()) {
      UlmfitException error =
          assertThrows(
              UlmfitException.class,
              () -> CorpusReader.open(Corpus.at(e.getKey(), DEFAULTS.withFormat(e.getValue()))));
      assertEquals(UlmfitException.Kind.USAGE, error.kind());
      assertTrue(error.getMessage().contains("leave --format out"), error.getMessage());
    }
  }

  /** Found by damaging a table: the message quoted a cell with line ends in it. */
  @Test
  void aMessageIsOneLineWhateverTheRowHolds() throws Exception {
    Path file = write("a.csv", "label,text,split\n0,a,train\n0,b,\"te\r\nst\rx\"\n");
    refused(file, DEFAULTS, "row 3: 'te st x' is no split");
  }

  @Test
  void archivesCutShortAreRefused() throws Exception {
    byte[] whole = Tarball.gz(IMDB);
    Path file = dir.resolve("a.tar.gz");
    Files.write(file, Arrays.copyOf(whole, whole.length * 2 / 3));
    refused(file, DEFAULTS.withFormat(Format.TAR), "a.tar.gz: the archive is corrupt or cut short");
  }

  @Test
  void unlabelledTestRowsAreRefused() throws Exception {
    Path file = write("a.csv", "label,text,split\n0,a,train\n,b,test\n");
    refused(file, DEFAULTS, "row 3: no label in a row of the test split");
    refused(write("b.csv", "label,text,split\n0,a,tst\n"), DEFAULTS, "row 2: 'tst' is no split");
  }

  private static void refused(Path path, CorpusOptions options, String message) {
    refused(Corpus.at(path, options), message);
  }

  private static void refused(Corpus corpus, String message) {
    UlmfitException error =
        assertThrows(
            UlmfitException.class, () -> CorpusReader.open(corpus).forEach((split, doc) -> {}));
    assertEquals(UlmfitException.Kind.BAD_DATA, error.kind());
    assertTrue(error.getMessage().contains(message), error.getMessage());
    assertFalse(error.getMessage().contains("\n"), "one line");
  }

  private static List<String> read(CorpusReader corpus) {
    List<String> rows = new ArrayList<>();
    corpus.forEach(
        (split, doc) -> rows.add(split + " " + doc.id() + " " + doc.fields() + " " + labels(doc)));
    assertEquals(corpus.counts().used() + corpus.counts().rejected(), corpus.counts().rows());
    return rows;
  }

  private static List<String> contents(CorpusReader corpus) {
    List<String> rows = new ArrayList<>();
    corpus.forEach((split, doc) -> rows.add(doc.fields() + " " + labels(doc)));
    return rows;
  }

  private static List<String> labels(Document document) {
    return document.labels() == null ? List.of() : document.labels();
  }

  private Path write(String name, String content) throws Exception {
    return Files.writeString(dir.resolve(name), content);
  }
}
