package org.ulmfit.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.UlmfitException;

/** A table in several files is read as one. */
class PartsTest {
  @TempDir Path dir;

  private void packed(String name, String text) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(dir.resolve(name)))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private List<String> read(CorpusReader reader) {
    List<String> rows = new ArrayList<>();
    reader.forEach((split, row) -> rows.add(row.id() + " " + row.fields() + " " + row.labels()));
    return rows;
  }

  private List<String> textsOf(String label) {
    List<String> texts = new ArrayList<>();
    open()
        .forEach(
            (split, row) -> {
              if (List.of(label).equals(row.labels())) {
                texts.addAll(row.fields());
              }
            });
    return texts;
  }

  private CorpusReader open() {
    return CorpusReader.open(Corpus.at(dir, CorpusOptions.defaults()));
  }

  @Test
  void packedPartsOfJsonAreReadInOrderWhateverLiesBeside() throws IOException {
    packed("part-00000-x.json.gz", "");
    packed("part-00002-x.json.gz", "{\"text\": \"three\", \"label\": \"b\"}\n");
    packed(
        "part-00001-x.json.gz",
        "{\"id\": \"7\", \"text\": \"one\", \"label\": \"a\"}\n{\"text\": \"two\", \"label\": \"a\"}");
    Files.writeString(dir.resolve("_SUCCESS"), "");
    Files.writeString(dir.resolve(".part-00001-x.json.gz.crc"), "crc");
    CorpusReader reader = open();
    assertEquals(
        List.of(
            "7 [one] [a]",
            dir.resolve("part-00001-x.json.gz") + ":2 [two] [a]",
            dir.resolve("part-00002-x.json.gz") + ":1 [three] [b]"),
        read(reader));
    assertTrue(
        reader.found().get(0).startsWith(dir + ", 3 parts: JSON lines"), reader.found().get(0));
  }

  @Test
  void eachPartOfATableHasAHeader() throws IOException {
    Files.writeString(dir.resolve("part-0.csv"), "id,text,label\n1,one,a\n2,two,b\n");
    Files.writeString(dir.resolve("part-1.csv"), "id,text,label\n3,three,a\n");
    assertEquals(List.of("1 [one] [a]", "2 [two] [b]", "3 [three] [a]"), read(open()));
  }

  /** As Spark and pandas write it: quotes only where they are needed, escaped in their way. */
  @Test
  void eachPartOfATableHasItsOwnQuotes() throws IOException {
    Files.writeString(dir.resolve("part-0.tsv"), "text\tlabel\nplain one\ta\nplain two\tb\n");
    Files.writeString(
        dir.resolve("part-1.tsv"), "text\tlabel\n\"He said \"\"hi\"\"\"\ta\n\"a\tb\"\tb\n");
    Files.writeString(
        dir.resolve("part-2.tsv"), "text\tlabel\n\"He said \\\"ho\\\" twice\"\ta\nlast\tb\n");
    List<String> texts = new ArrayList<>();
    open().forEach((split, row) -> texts.addAll(row.fields()));
    assertEquals(
        List.of("plain one", "plain two", "He said \"hi\"", "a\tb", "He said \"ho\" twice", "last"),
        texts);
  }

  /** What a part's start does not show, the other parts may. */
  @Test
  void aPartThatIsQuotedLateIsReadAsTheOthers() throws IOException {
    String plain = "a text without any of them,a\n";
    Files.writeString(
        dir.resolve("part-0.csv"),
        "text,label\n" + plain.repeat(20_000) + "\"so \\\"late\\\", it is\",b\n");
    Files.writeString(dir.resolve("part-1.csv"), "text,label\n\"so \\\"early\\\", it is\",b\n");
    assertEquals(List.of("so \"late\", it is", "so \"early\", it is"), textsOf("b"));
    CorpusOptions options = CorpusOptions.defaults();
    List<Path> parts = Parts.of(dir);
    PartQuotes quotes = PartQuotes.of(parts, options);
    List<String> answered = new ArrayList<>();
    for (Path part : parts) { // as predict reads them
      try (TextReader texts = TextReader.openPart(part, quotes, options, null)) {
        for (var batch = texts.batch(5_000); !batch.isEmpty(); batch = texts.batch(5_000)) {
          answered.add(batch.get(batch.size() - 1).fields().get(0));
        }
      }
    }
    assertEquals("so \"late\", it is", answered.get(answered.size() - 2));
    assertEquals("so \"early\", it is", answered.get(answered.size() - 1));
  }

  /** As inches are written: quotes that quote nothing in any part that shows some. */
  @Test
  void quotesThatAreCharactersAreThatInEveryPart() throws IOException {
    String plain = "a text without any of them|a\n";
    Files.writeString(dir.resolve("part-0.csv"), "text|label\na 5\" disk|b\n" + plain.repeat(9));
    Files.writeString(
        dir.resolve("part-1.csv"), "text|label\n" + plain.repeat(20_000) + "a 3\" disk|b\n");
    assertEquals(List.of("a 5\" disk", "a 3\" disk"), textsOf("b"));
  }

  /** Each of several programs reads some parts; all of them look at the start of every part. */
  @Test
  void partsThatAreSortedBySplitUnderAnotherName() throws IOException {
    for (String form : List.of("%s,a,%s\n", "{\"text\":\"%s\",\"label\":\"a\",\"set\":\"%s\"}\n")) {
      String head = form.startsWith("{") ? "" : "text,label,set\n";
      Files.writeString(dir.resolve("part-0.x"), head + form.formatted("one", "train"));
      Files.writeString(dir.resolve("part-1.x"), head + form.formatted("two", "test"));
      UlmfitException e = assertThrows(UlmfitException.class, this::open);
      assertTrue(e.getMessage().contains("its column set (train, test) tell"), e.getMessage());
    }
  }

  @Test
  void aTableWithOtherColumnsThanTheFirstPartIsRefused() throws IOException {
    Files.writeString(dir.resolve("part-0.csv"), "id,text,label\n1,one,a\n2,two,b\n");
    Files.writeString(dir.resolve("part-1.csv"), "");
    Files.writeString(dir.resolve("part-2.csv"), "id,label,text\n3,a,three\n");
    UlmfitException e = assertThrows(UlmfitException.class, this::open);
    assertTrue(e.getMessage().startsWith(dir.resolve("part-2.csv") + ": begins"), e.getMessage());
  }

  @Test
  void anErrorNamesThePart() throws IOException {
    Files.writeString(dir.resolve("part-0.jsonl"), "{\"text\": \"one\", \"label\": \"a\"}\n");
    Files.writeString(
        dir.resolve("part-1.jsonl"), "{\"text\": \"two\", \"label\": \"a\"}\n{\"text\n");
    CorpusReader reader = open();
    UlmfitException e = assertThrows(UlmfitException.class, () -> read(reader));
    assertTrue(e.getMessage().startsWith(dir.resolve("part-1.jsonl") + ": row 2"), e.getMessage());
  }

  @Test
  void otherFilesBesideAreRefused() throws IOException {
    Files.writeString(dir.resolve("part-0.jsonl"), "{\"text\": \"one\", \"label\": \"a\"}\n");
    Files.writeString(dir.resolve("notes.txt"), "what");
    UlmfitException e = assertThrows(UlmfitException.class, this::open);
    assertTrue(e.getMessage().contains("holds notes.txt beside"), e.getMessage());
  }

  @Test
  void aFolderOfLabelsIsNoneOfIt() throws IOException {
    for (String label : List.of("part-time", "whole")) {
      Files.createDirectories(dir.resolve(label));
      Files.writeString(dir.resolve(label).resolve("1.txt"), "text");
    }
    assertEquals(
        List.of("part-time/1.txt [text] [part-time]", "whole/1.txt [text] [whole]"), read(open()));
  }
}
