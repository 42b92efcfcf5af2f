package org.ulmfit.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusOptions.Format;
import org.ulmfit.corpus.CorpusOptions.Header;
import org.ulmfit.corpus.Dialect.Quotes;
import org.ulmfit.corpus.Expectation.Labels;

/** Every command reads the same texts in the same order out of the same file, or refuses it. */
class OneReaderTest {
  @TempDir Path dir;

  /** What each command does with an input. */
  enum Reading {
    PREPARE,
    LM_FINETUNE,
    CLASSIFY,
    EVALUATE,
    PREDICT,
    PREDICT_STDIN,
    TOKENIZE;

    /** The texts read; a refusal as one line that begins with "refused: ". */
    List<List<String>> of(Path file, CorpusOptions options, InputColumns trained) {
      try {
        return switch (this) {
          case PREPARE -> documents(file, options, Expectation.of(Labels.OPTIONAL));
          case LM_FINETUNE -> documents(file, options, Expectation.of(Labels.UNUSED));
          case CLASSIFY -> documents(file, options, Expectation.of(Labels.REQUIRED));
          case EVALUATE -> documents(file, options, new Expectation(Labels.REQUIRED, trained));
          case PREDICT -> texts(file, InputStream.nullInputStream(), options, trained);
          case TOKENIZE -> texts(file, InputStream.nullInputStream(), options, null);
          case PREDICT_STDIN ->
              texts(
                  Path.of("-"),
                  new ByteArrayInputStream(Files.readAllBytes(file)),
                  options,
                  trained);
        };
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (UlmfitException e) {
        assertEquals(1, e.getMessage().lines().count());
        return List.of(List.of("refused: " + e.getMessage().replaceFirst("^[^:]*: ", "")));
      }
    }

    private static List<List<String>> documents(
        Path file, CorpusOptions options, Expectation expectation) {
      List<List<String>> texts = new ArrayList<>();
      CorpusReader.open(Corpus.at(file, options), expectation)
          .forEach((split, document) -> texts.add(document.fields()));
      return texts;
    }

    private static List<List<String>> texts(
        Path file, InputStream stdin, CorpusOptions options, InputColumns trained) {
      List<List<String>> texts = new ArrayList<>();
      try (TextReader reader = TextReader.open(file, stdin, options, trained)) {
        for (List<TextReader.Text> batch = reader.batch(7);
            !batch.isEmpty();
            batch = reader.batch(7)) {
          batch.forEach(text -> texts.add(text.fields()));
        }
      }
      return texts;
    }
  }

  static boolean isRefused(List<List<String>> texts) {
    return texts.size() == 1 && texts.get(0).get(0).startsWith("refused: ");
  }

  // Several hundred combinations: separator x quotes x line end x encoding x header x command.

  private static final List<List<String>> REVIEWS =
      IntStream.range(0, 12)
          .mapToObj(
              i ->
                  List.of(
                      List.of(
                              "Well; a film, number %d",
                              "Café „%d“ was | fine",
                              "\"So good\", we said: %d",
                              "two\nlines of %d words",
                              "plain text number %d")
                          .get(i % 5)
                          .formatted(i),
                      i % 3 == 0 ? "neg" : "pos"))
          .toList();

  private record Charsets(String name, boolean mark) {}

  @Test
  void everyDialectEncodingAndHeaderIsReadAlikeByEveryCommand() throws IOException {
    int combinations = 0;
    List<Charsets> charsets =
        List.of(
            new Charsets("UTF-8", false),
            new Charsets("UTF-8", true),
            new Charsets("UTF-16LE", true),
            new Charsets("UTF-16BE", true),
            new Charsets("UTF-32LE", true));
    for (char separator : new char[] {',', ';', '\t', '|'}) {
      for (Quotes quotes : List.of(Quotes.DOUBLED, Quotes.BACKSLASH)) {
        for (String lineEnd : List.of("\n", "\r\n", "\r")) {
          for (Charsets charset : charsets) {
            for (String header :
                List.of("text,label", "Comment,CLASS", "what was said,verdict", "")) {
              boolean named = charset.mark && separator != '\t';
              TableWriter writer =
                  new TableWriter(
                      separator,
                      quotes,
                      combinations % 2 == 0,
                      lineEnd,
                      named,
                      Charset.forName(charset.name),
                      charset.mark);
              List<List<String>> texts = texts(lineEnd);
              List<List<String>> rows = new ArrayList<>();
              if (!header.isEmpty()) {
                rows.add(List.of(header.split(",")));
              }
              for (int i = 0; i < texts.size(); i++) {
                rows.add(List.of(texts.get(i).get(0), REVIEWS.get(i).get(1)));
              }
              Path file = Files.write(dir.resolve("reviews.csv"), writer.write(rows));
              boolean usual = header.startsWith("text") || header.startsWith("Comment");
              for (Reading reading : Reading.values()) {
                List<List<String>> read = reading.of(file, CorpusOptions.defaults(), null);
                boolean unnamed = reading == Reading.PREDICT_STDIN && !usual && isRefused(read);
                if (!unnamed) { // neither file name nor column name says that it is a table
                  assertEquals(
                      texts, read, () -> reading + " of " + writer + ", header '" + header + "'");
                }
                combinations++;
              }
            }
          }
        }
      }
    }
    assertEquals(4 * 2 * 3 * 5 * 4 * Reading.values().length, combinations);
  }

  /** Old line ends stand within texts, too. */
  private static List<List<String>> texts(String lineEnd) {
    return REVIEWS.stream()
        .map(row -> List.of(lineEnd.equals("\r") ? row.get(0).replace('\n', '\r') : row.get(0)))
        .toList();
  }

  @Test
  void everyFormatIsReadAlikeByEveryCommand() throws IOException {
    StringBuilder lines = new StringBuilder();
    StringBuilder objects = new StringBuilder();
    StringBuilder fastText = new StringBuilder();
    for (List<String> row : REVIEWS) {
      String text = row.get(0).replace('\n', ' ');
      String object =
          "{\"label\":%s,\"text\":%s}".formatted(JsonText.quote(row.get(1)), JsonText.quote(text));
      objects.append(object).append('\n');
      lines.append(text).append('\n');
      fastText.append("__label__").append(row.get(1)).append(' ').append(text).append('\n');
    }
    String array = "[" + objects.toString().strip().replace("\n", ",\n  ") + "]";
    List<List<String>> wanted =
        REVIEWS.stream().map(row -> List.of(row.get(0).replace('\n', ' '))).toList();
    for (String charset : List.of("UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32BE")) {
      for (String name : List.of("a.jsonl", "a.json", "a.txt", "noext", "a.csv")) {
        for (String content : List.of(objects.toString(), array, fastText.toString())) {
          boolean misnamed = content.startsWith("__") && name.contains("json");
          Path file =
              Files.write(
                  dir.resolve(name), ("\ufeff" + content).getBytes(Charset.forName(charset)));
          for (Reading reading : Reading.values()) {
            List<List<String>> texts = reading.of(file, CorpusOptions.defaults(), null);
            if (misnamed && reading != Reading.PREDICT_STDIN) {
              assertTrue(isRefused(texts), reading + " of " + name + ": " + texts);
            } else {
              assertEquals(wanted, texts, reading + " of " + name + " in " + charset);
            }
          }
        }
      }
    }
    Path plain = Files.writeString(dir.resolve("plain.txt"), lines);
    for (Reading reading :
        List.of(Reading.PREPARE, Reading.LM_FINETUNE, Reading.PREDICT, Reading.TOKENIZE)) {
      assertEquals(wanted, reading.of(plain, CorpusOptions.defaults(), null), "" + reading);
    }
  }

  @Test
  void whatAModelWasTrainedOnDecides() throws IOException {
    Path file = dir.resolve("tb.csv");
    Files.writeString(
        file, "title,body,label\na title,a long text of words,neg\nanother,words and words,pos\n");
    InputColumns two = new InputColumns(2, true, 0, List.of("title", "body"), "label");
    List<List<String>> both =
        List.of(List.of("a title", "a long text of words"), List.of("another", "words and words"));
    assertEquals(both, Reading.EVALUATE.of(file, CorpusOptions.defaults(), two));
    assertEquals(both, Reading.PREDICT.of(file, CorpusOptions.defaults(), two));
    InputColumns title = new InputColumns(1, true, 0, List.of("title"), "label");
    List<List<String>> titles = List.of(List.of("a title"), List.of("another"));
    assertEquals(titles, Reading.EVALUATE.of(file, CorpusOptions.defaults(), title));
    assertEquals(titles, Reading.PREDICT.of(file, CorpusOptions.defaults(), title));

    Path other = Files.writeString(dir.resolve("other.csv"), "text,label\na text of words,neg\n");
    Path lines = Files.writeString(dir.resolve("lines.txt"), "a text of words\n");
    for (Path one : List.of(other, lines)) {
      for (Reading reading : List.of(Reading.EVALUATE, Reading.PREDICT)) {
        List<List<String>> texts = reading.of(one, CorpusOptions.defaults(), two);
        assertTrue(isRefused(texts), reading + ": " + texts);
        assertTrue(texts.get(0).get(0).contains("trained on 2 (title, body)"), texts.toString());
      }
      assertEquals(
          List.of(List.of("a text of words")),
          Reading.PREDICT.of(one, CorpusOptions.defaults(), title),
          "one text under another name is one text");
    }
    Path folder = dir.resolve("folder");
    Files.createDirectories(folder.resolve("neg"));
    Files.writeString(folder.resolve("neg/1.txt"), "a text of words");
    Path tar =
        Files.write(dir.resolve("t.tar.gz"), Tarball.gz(Map.of("neg/1.txt", "a text of words")));
    for (Path one : List.of(folder, tar)) {
      List<List<String>> texts = Reading.EVALUATE.of(one, CorpusOptions.defaults(), two);
      assertTrue(isRefused(texts), texts.toString());
      assertEquals(
          List.of(List.of("a text of words")),
          Reading.EVALUATE.of(one, CorpusOptions.defaults(), title));
    }
    CorpusOptions named = CorpusOptions.defaults().withTextColumns(List.of("text", "label"));
    assertEquals(List.of(List.of("a text of words", "neg")), Reading.PREDICT.of(other, named, two));
  }

  @Test
  void aTableWithoutHeaderIsReadAsTheOneOfTraining() throws IOException {
    Path file = Files.writeString(dir.resolve("h.csv"), "a,b c\nd,e f\n");
    InputColumns trained = new InputColumns(1, false, 2, List.of("0"), "1");
    CorpusOptions options = CorpusOptions.defaults().withHeader(Header.NO);
    for (Reading reading : List.of(Reading.EVALUATE, Reading.PREDICT)) {
      assertEquals(List.of(List.of("a"), List.of("d")), reading.of(file, options, trained));
    }
  }

  @Test
  void aHeaderThatComesOnceMoreIsNoRow() throws IOException {
    String once = "text,label\na long text of words,neg\n";
    Path file = Files.writeString(dir.resolve("twice.csv"), once + once);
    for (Reading reading : Reading.values()) {
      List<List<String>> texts = reading.of(file, CorpusOptions.defaults(), null);
      assertTrue(isRefused(texts), reading + ": " + texts);
      assertTrue(texts.get(0).get(0).contains("row 3: the header once more"), texts.toString());
    }
  }

  @Test
  void standardInputIsAnsweredAsItComesWhereTheFormatIsSaid() throws IOException {
    PipedOutputStream writer = new PipedOutputStream();
    PipedInputStream stdin = new PipedInputStream(writer, 1 << 16);
    writer.write("{\"said\":\"one two three\"}\n".getBytes(StandardCharsets.UTF_8));
    CorpusOptions options = CorpusOptions.defaults().withFormat(Format.JSONL);
    try (TextReader reader = TextReader.open(Path.of("-"), stdin, options, null)) {
      assertEquals("one two three", reader.batch(9).get(0).fields().get(0));
      writer.write("{\"said\":\"four\"}\n".getBytes(StandardCharsets.UTF_8));
      List<TextReader.Text> second = reader.batch(9);
      assertEquals(List.of("four"), second.get(0).fields());
      assertEquals("2", second.get(0).id());
      writer.close();
      assertEquals(List.of(), reader.batch(9));
    }
  }

  @Test
  void aLineThatWaitsForItsAnswerGetsIt() throws IOException {
    PipedOutputStream writer = new PipedOutputStream();
    PipedInputStream stdin = new PipedInputStream(writer, 1 << 16);
    writer.write("a first line\n".getBytes(StandardCharsets.UTF_8));
    writer.flush();
    try (TextReader reader = TextReader.open(Path.of("-"), stdin, CorpusOptions.defaults(), null)) {
      assertEquals(
          "standard input: lines, a text each (by what has come so far; --format says otherwise)",
          reader.found());
      assertEquals("a first line", reader.batch(9).get(0).fields().get(0));
      writer.write("and a second\n".getBytes(StandardCharsets.UTF_8));
      writer.close();
      assertEquals("and a second", reader.batch(9).get(0).fields().get(0));
      assertEquals(List.of(), reader.batch(9));
    }
  }

  /** What comes in pieces, but without a second between, is looked at as a whole. */
  @Test
  void aTableThatComesInPiecesIsATable() throws Exception {
    PipedOutputStream writer = new PipedOutputStream();
    PipedInputStream stdin = new PipedInputStream(writer, 1 << 16);
    Thread slow =
        new Thread(
            () -> {
              try (writer) {
                for (String line : List.of("text;label", "a film, well;pos", "no, no;neg")) {
                  writer.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                  writer.flush();
                  Thread.sleep(50);
                }
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    slow.start();
    try (TextReader reader = TextReader.open(Path.of("-"), stdin, CorpusOptions.defaults(), null)) {
      assertEquals(
          "standard input: CSV, semicolons, header; text = \"text\", label = \"label\"; 2 rows",
          reader.found());
      assertEquals("a film, well", reader.batch(1).get(0).fields().get(0));
    }
    slow.join();
  }

  @Test
  void idsComeBackAsTheJsonTheyWere() throws IOException {
    List<String> ids =
        List.of(
            "1.0", "1e400", "12345678901234567890", "true", "null", "{\"a\":[1,{}]}", "\"007\"");
    StringBuilder rows = new StringBuilder();
    ids.forEach(id -> rows.append("{\"id\":").append(id).append(",\"text\":\"a b c\"}\n"));
    Path file = Files.writeString(dir.resolve("ids.jsonl"), rows);
    try (TextReader reader =
        TextReader.open(file, InputStream.nullInputStream(), CorpusOptions.defaults(), null)) {
      List<String> back =
          reader.batch(99).stream()
              .map(text -> text.idIsJson() ? text.id() : JsonText.quote(text.id()))
              .toList();
      assertEquals(ids, back);
    }
  }
}
