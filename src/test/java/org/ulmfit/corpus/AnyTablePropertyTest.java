package org.ulmfit.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ulmfit.corpus.OneReaderTest.isRefused;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.ulmfit.corpus.CorpusOptions.Header;
import org.ulmfit.corpus.Dialect.Quotes;
import org.ulmfit.corpus.OneReaderTest.Reading;
import org.ulmfit.io.AtomicFiles;

/** Whatever table is written in whatever dialect: all commands read the same, or all refuse. */
class AnyTablePropertyTest {
  private static Path dir;

  @BeforeContainer
  static void makeFolder() throws IOException {
    dir = Files.createTempDirectory("tables");
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    AtomicFiles.deleteTree(dir);
  }

  @Provide
  Arbitrary<List<List<String>>> rows() {
    Arbitrary<String> word =
        Arbitraries.of(
            "film", "a", "Café", "😀", "\"so\"", "x;y", "a,b", "|", "'s", "\\", "\n", "=1", "7",
            "好");
    Arbitrary<String> text =
        word.list().ofMinSize(1).ofMaxSize(9).map(words -> ("t" + String.join(" ", words)).strip());
    Arbitrary<String> label = Arbitraries.of("pos", "neg", "0", "so so");
    return Combinators.combine(text, label).as(List::of).list().ofMinSize(1).ofMaxSize(14);
  }

  @Provide
  Arbitrary<TableWriter> writers() {
    return Combinators.combine(
            Arbitraries.of(',', ';', '\t', '|'),
            Arbitraries.of(Quotes.DOUBLED, Quotes.DOUBLED, Quotes.BACKSLASH),
            Arbitraries.of(true, false),
            Arbitraries.of("\n", "\r\n"),
            Arbitraries.of(true, false),
            Arbitraries.of("UTF-8", "UTF-16LE", "UTF-32BE"))
        .as(
            (separator, quotes, all, lineEnd, named, charset) ->
                new TableWriter(
                    separator,
                    quotes,
                    all,
                    lineEnd,
                    named,
                    Charset.forName(charset),
                    named || !charset.equals("UTF-8")));
  }

  @Provide
  Arbitrary<String> headers() {
    return Arbitraries.of(
        "text,label", "Review,Sentiment", "sentence,target", "utt,verdict", "first col,second", "");
  }

  @Property(tries = 400)
  void allCommandsReadTheSameOrRefuse(
      @ForAll("rows") List<List<String>> data,
      @ForAll("writers") TableWriter any,
      @ForAll("headers") String header)
      throws IOException {
    // only a quote within a text shows that backslashes escape
    boolean shown = data.stream().anyMatch(row -> row.get(0).contains("\""));
    TableWriter writer = shown ? any : any.with(Quotes.DOUBLED);
    List<List<String>> rows = new ArrayList<>(data);
    boolean known = List.of("text,label", "Review,Sentiment", "sentence,target").contains(header);
    if (!header.isEmpty()) {
      rows.add(0, List.of(header.split(",")));
    }
    List<List<String>> wanted = data.stream().map(row -> List.of(row.get(0))).toList();
    Path file = Files.write(dir.resolve("any.csv"), writer.write(rows));
    List<List<String>> first = null;
    for (Reading reading :
        List.of(Reading.PREPARE, Reading.LM_FINETUNE, Reading.PREDICT, Reading.TOKENIZE)) {
      List<List<String>> texts = reading.of(file, CorpusOptions.defaults(), null);
      if (known) {
        assertEquals(wanted, texts, reading + " of " + Files.readString(file, writer.charset()));
      }
      boolean both = first != null && isRefused(first) && isRefused(texts);
      assertTrue(
          first == null || both || first.equals(texts), reading + ": " + first + " but " + texts);
      first = texts;
    }
    optionsDecide(file, writer, header, wanted);
  }

  /** With the options that a refusal names nothing is refused, whatever the names. */
  private static void optionsDecide(
      Path file, TableWriter writer, String header, List<List<String>> wanted) throws IOException {
    CorpusOptions options =
        CorpusOptions.defaults()
            .withSeparator(writer.separator())
            .withHeader(header.isEmpty() ? Header.NO : Header.YES)
            .withQuote(writer.separator() == '\t')
            .withTextColumns(List.of("0"))
            .withLabelColumn("1");
    for (Reading reading : Reading.values()) {
      assertEquals(
          wanted,
          reading.of(file, options, null),
          reading + " of " + Files.readString(file, writer.charset()));
    }
  }
}
