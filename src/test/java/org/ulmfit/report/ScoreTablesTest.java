package org.ulmfit.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ulmfit.Shown;

class ScoreTablesTest {

  private static ScoreTables scoring() {
    TestScores rows = new TestScores("test", List.of("neg", "pos"));
    rows.add(0, new float[] {0.9f, 0.1f});
    rows.add(0, new float[] {0.6f, 0.4f});
    rows.add(0, new float[] {0.2f, 0.8f});
    rows.add(1, new float[] {0.25f, 0.75f});
    ScoreTables scoring = rows.tables();
    return scoring;
  }

  @Test
  void figures() {
    ObjectNode node = scoring().node();
    assertEquals(4, node.get("rows").asInt());
    assertEquals(0.75, node.get("accuracy").asDouble(), 1e-12);
    double loss = -(Math.log(0.9) + Math.log(0.6) + Math.log(0.2) + Math.log(0.75)) / 4;
    assertEquals(loss, node.get("logLoss").asDouble(), 1e-6);
    assertEquals(2.0 / 3, node.get("classes").get(0).get("recall").asDouble(), 1e-12);
    assertEquals(0.5, node.get("classes").get(1).get("precision").asDouble(), 1e-12);
    assertEquals("[[2,1],[0,1]]", node.get("confusion").toString());
  }

  @Test
  void text() {
    assertEquals(
        """
        test rows: 4
        test accuracy: 0.7500
        test balanced accuracy: 0.8333
        test macro F1: 0.7333
        test weighted F1: 0.7667
        test Matthews correlation: 0.5774
        test log loss: 0.6283

        class  precision  recall      F1  rows
        neg       1.0000  0.6667  0.8000     3
        pos       0.5000  1.0000  0.6667     1

        true \\ predicted  neg  pos
        neg                 2    1
        pos                 0    1""",
        scoring().text());
  }

  @Test
  void markdown() {
    String text = scoring().markdown();
    assertTrue(text.contains("| neg | 1.0000 | 0.6667 | 0.8000 | 3 |\n"), text);
    assertTrue(text.contains("|---|---:|---:|\n| neg | 2 | 1 |\n"), text);
    TestScores oddRows = new TestScores("", List.of("a|b", "c"));
    oddRows.add(0, new float[] {1, 0});
    ScoreTables odd = oddRows.tables();
    assertTrue(odd.markdown().contains("| a\\|b |"), odd.markdown());
  }

  @Test
  void classesThatWereNeverTestedAreNamedAndHaveNoFigures() throws Exception {
    TestScores rows = new TestScores("test", List.of("neg", "other", "pos", "rare"));
    rows.add(0, new float[] {0, 0, 1, 0});
    rows.add(2, new float[] {0, 0, 1, 0});
    rows.add(2, new float[] {0, 0, 0, 1});
    ScoreTables scoring = rows.tables();
    assertEquals(
        """
        test rows: 3
        test accuracy: 0.3333
        test balanced accuracy: 0.2500
        test macro F1: 0.1667
        test weighted F1: 0.3333
        test Matthews correlation: -0.2500
        test log loss: 58.2244
        never tested: other (no such rows, never an answer: left out of macro F1)
        never tested: rare (no such rows, yet given as an answer: counts in macro F1 as 0)

        class  precision  recall      F1  rows
        neg            -  0.0000  0.0000     1
        other          -       -       -     0
        pos       0.5000  0.5000  0.5000     2
        rare      0.0000       -  0.0000     0
        """,
        scoring.text().substring(0, scoring.text().indexOf("\ntrue")));
    JsonNode json = new ObjectMapper().readTree(scoring.json());
    assertEquals("[\"other\",\"rare\"]", json.get("neverTested").toString());
    JsonNode other = json.get("classes").get(1);
    assertTrue(other.get("precision").isNull() && other.get("recall").isNull(), "" + other);
    assertTrue(other.get("f1").isNull() && other.get("rows").asInt() == 0, "" + other);
    assertEquals(0.0, json.get("classes").get(0).get("f1").asDouble(Double.NaN));
    assertTrue(scoring.markdown().contains("\nnever tested: other (no such rows"));
    assertTrue(scoring.markdown().contains("| other | - | - | - | 0 |\n"));
    assertFalse(
        new TestScores("", List.of("a", "b")).tables().text().contains("never"),
        "nothing was tested");
    assertFalse(scoring().text().contains("never"));
  }

  static List<String> labels() {
    return List.of(
        "two\nlines",
        "cr\rlf\r\n",
        "tab\there",
        "a|b",
        "a||b\\|",
        "<script>alert(1)</script>",
        "*bold* _em_ `code` [x](y)",
        "&amp;",
        "\u001b[2Jgone",
        "nul\0",
        "no\u00a0break",
        "line\u2028separator",
        "\u202eevil",
        "שלום",
        "日本語",
        "👩\u200d🔬 ok",
        "e\u0301",
        " ",
        "-",
        "x".repeat(5000));
  }

  /** Tables keep their lines and columns whatever a label holds. */
  @ParameterizedTest
  @MethodSource("labels")
  void aLabelNeverBreaksATable(String label) throws Exception {
    TestScores rows = new TestScores("test", List.of(label, "plain"));
    rows.add(0, new float[] {1, 0});
    rows.add(1, new float[] {0, 1});
    ScoreTables scoring = rows.tables();
    List<String> text = scoring.text().lines().toList();
    assertEquals(15, text.size(), scoring.text());
    assertEquals(
        Set.of(Shown.width(text.get(8))),
        text.subList(8, 11).stream().map(Shown::width).collect(Collectors.toSet()));
    assertEquals(
        Set.of(Shown.width(text.get(12))),
        text.subList(12, 15).stream().map(Shown::width).collect(Collectors.toSet()));
    text.forEach(line -> assertTrue(line.codePoints().noneMatch(c -> c < ' '), line));
    for (String line : scoring.markdown().lines().toList()) {
      if (line.startsWith("|")) {
        String cells = line.replaceAll("\\\\\\\\", "").replace("\\|", "");
        int bars = cells.length() - cells.replace("|", "").length();
        assertTrue(bars == 6 || bars == 4 || bars == 3, line);
        assertFalse(line.matches(".*(?<!\\\\)[<*`\\[].*"), line);
      }
    }
    JsonNode json = new ObjectMapper().readTree(scoring.json());
    assertEquals(label, json.get("classes").get(0).get("label").textValue(), "for machines");
  }

  @Test
  void aMatrixTooWideForAPageIsLeftOut() {
    List<String> labels = IntStream.range(0, 31).mapToObj(i -> "l" + i).toList();
    TestScores rows = new TestScores("test", labels);
    rows.add(3, new float[31]);
    ScoreTables scoring = rows.tables();
    assertFalse(scoring.text().contains("predicted"));
    assertTrue(scoring.json().contains("\"confusion\":[["));
  }
}
