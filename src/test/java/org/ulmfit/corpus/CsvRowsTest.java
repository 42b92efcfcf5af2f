package org.ulmfit.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CsvRowsTest {
  private static final Dialect COMMAS = new Dialect(',', Dialect.Quotes.DOUBLED, false, false);

  @Test
  void rowsOfTheGrammar() throws Exception {
    assertEquals(List.of(List.of("a", "b"), List.of("", "")), csv("a,b\r\n\r\n,\n"));
    assertEquals(List.of(List.of("x\r\ny", "u\rv", "\"")), csv("\"x\r\ny\",\"u\rv\",\"\"\"\""));
    assertEquals(List.of(List.of("", "z")), csv("\"\",z\n"));
    assertEquals(List.of(), csv("\n\r\n"));
  }

  @Test
  void startLinesCountLineEndsInQuotes() throws Exception {
    CsvRows rows = new CsvRows(new StringReader("a\n\n\"b\nc\"\nd\n"), COMMAS);
    List<Long> starts = new ArrayList<>();
    while (rows.next() != null) {
      starts.add(rows.startLine());
    }
    assertEquals(List.of(1L, 3L, 5L), starts);
  }

  @Test
  void readingGoesOnBehindABrokenRow() throws Exception {
    CsvRows rows = new CsvRows(new StringReader("\"a\"b,c\nd,e\n"), COMMAS);
    assertThrows(CsvRows.BadRow.class, rows::next);
    assertEquals(List.of("d", "e"), rows.next());
  }

  @Test
  void anUnclosedQuoteEndsInAMessageNotInAFullHeap() throws IOException {
    Reader endless =
        new Reader() {
          private boolean opened;

          @Override
          public int read(char[] target, int from, int length) {
            Arrays.fill(target, from, from + length, 'x');
            target[from] = opened ? 'x' : '"';
            opened = true;
            return length;
          }

          @Override
          public void close() {}
        };
    CsvRows.BadRow error = assertThrows(CsvRows.BadRow.class, new CsvRows(endless, COMMAS)::next);
    assertTrue(error.fatal);
    assertTrue(error.getMessage().contains("16 million"), error.getMessage());
  }

  @Provide
  Arbitrary<List<List<String>>> tables() {
    Arbitrary<String> field =
        Arbitraries.strings().withChars('a', ',', '"', '\n', '\r', '\t', ' ', 'é').ofMaxLength(6);
    return field.list().ofSize(3).list().ofMaxSize(5);
  }

  @Property(tries = 500)
  void whatIsQuotedComesBack(@ForAll("tables") List<List<String>> table) throws Exception {
    StringBuilder csv = new StringBuilder();
    for (List<String> row : table) {
      csv.append(String.join(",", row.stream().map(CsvRowsTest::quoted).toList())).append("\n");
    }
    assertEquals(table, csv(csv.toString()));
  }

  private static String quoted(String field) {
    return '"' + field.replace("\"", "\"\"") + '"';
  }

  private static List<List<String>> csv(String text) throws IOException, CsvRows.BadRow {
    CsvRows rows = new CsvRows(new StringReader(text), COMMAS);
    List<List<String>> all = new ArrayList<>();
    for (List<String> row = rows.next(); row != null; row = rows.next()) {
      all.add(row);
    }
    return all;
  }
}
