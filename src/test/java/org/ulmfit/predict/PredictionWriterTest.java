package org.ulmfit.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.Labelling;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.corpus.TextReader;

class PredictionWriterTest {

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "=\"a\",b"})
  void aCellThatASpreadsheetWouldComputeIsMadeText(String cell) {
    boolean quoted = cell.contains("\"");
    String plain = quoted ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
    assertEquals(plain, PredictionWriter.cell(cell, false));
    assertEquals(plain.replaceFirst("[=+@\\t-]", "'$0"), PredictionWriter.cell(cell, true));
  }

  /** So that rows that got a label are read by the model that goes on. */
  @Test
  void textsOfSeveralColumnsGoByTheColumnsNames() {
    InputColumns trained = new InputColumns(2, true, 0, List.of("title", "body"), "label");
    List<String> names = PredictionWriter.names(2, trained);
    assertEquals(List.of("title", "body"), names);
    PredictionWriter json =
        new PredictionWriter(
            false, false, Labelling.SINGLE, List.of("a", "b"), 0, 0, List.copyOf(names));
    Prediction answer =
        new Prediction(
            Labelling.SINGLE, List.of("a"), Map.of("a", .75, "b", .25), new float[] {1, 0});
    TextReader.Text row = new TextReader.Text("7", false, List.of("One", "two"));
    String line = json.line(row, answer);
    assertTrue(line.startsWith("{\"id\":\"7\",\"title\":\"One\",\"body\":\"two\","), line);
    assertEquals(List.of("text"), PredictionWriter.names(1, trained));
    assertEquals(List.of("text", "text 2"), PredictionWriter.names(2, null));
    InputColumns taken = new InputColumns(2, true, 0, List.of("title", "label"), "y");
    assertEquals(List.of("text", "text 2"), PredictionWriter.names(2, taken));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "pos", "a=b", "p(-1)"})
  void othersStayAsTheyAre(String cell) {
    assertEquals(cell, PredictionWriter.cell(cell, true));
  }
}
