package org.ulmfit.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionWriterTest {

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "=\"a\",b"})
  void aCellThatASpreadsheetWouldComputeIsMadeText(String cell) {
    boolean quoted = cell.contains("\"");
    String plain = quoted ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
    assertEquals(plain, PredictionWriter.cell(cell, false));
    assertEquals(plain.replaceFirst("[=+@\\t-]", "'$0"), PredictionWriter.cell(cell, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "pos", "a=b", "p(-1)"})
  void othersStayAsTheyAre(String cell) {
    assertEquals(cell, PredictionWriter.cell(cell, true));
  }
}
