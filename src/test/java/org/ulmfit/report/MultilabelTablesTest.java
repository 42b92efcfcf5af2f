package org.ulmfit.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ulmfit.Labelling;

/** The figures are scikit-learn 1.9.1's on these rows. */
class MultilabelTablesTest {

  private static TestScores scores() {
    return new TestScores("test", Labelling.MULTI, List.of("anger", "fear", "joy", "relief"))
        .add(new int[] {0, 1}, .9f, .8f, .1f, .2f)
        .add(new int[] {}, .1f, .2f, .1f, .1f)
        .add(new int[] {0}, .4f, .1f, .3f, .1f)
        .add(new int[] {2}, .1f, .7f, .6f, .5f)
        .add(new int[] {2, 1}, .3f, .6f, .9f, .1f);
  }

  @Test
  void text() {
    assertEquals(
        """
        test rows: 5
        test rows with no label: 1
        test answers with no label: 2
        test subset accuracy: 0.6000
        test micro F1: 0.7692
        test macro F1: 0.6167
        test mean average precision: 0.7083
        test micro average precision: 0.9028
        test Hamming loss: 0.1500
        test loss: 0.3136
        never tested: relief (no such rows: counts as 0 in macro figures and mean average precision)

        average   precision  recall      F1
        micro        0.7143  0.8333  0.7692
        macro        0.6667  0.6250  0.6167
        weighted     0.8889  0.8333  0.8222
        samples      0.4667  0.6000  0.5000

        label   precision  recall      F1  average precision  rows  predicted
        anger      1.0000  0.5000  0.6667             1.0000     2          1
        fear       0.6667  1.0000  0.8000             0.8333     2          3
        joy        1.0000  1.0000  1.0000             1.0000     2          2
        relief     0.0000       -  0.0000                  -     0          1""",
        scores().tables().text());
  }

  @Test
  void markdown() {
    String text = scores().tables().markdown();
    assertTrue(
        text.startsWith(
            "test: 5 rows, subset accuracy 0.6000, micro F1 0.7692, macro F1 0.6167, mean average"
                + " precision 0.7083, loss 0.3136\n\nnever tested: relief"),
        text);
    assertTrue(text.contains("| answers with no label | 2 |\n"), text);
    assertTrue(text.contains("| samples | 0.4667 | 0.6000 | 0.5000 |\n"), text);
    assertTrue(text.endsWith("\n| relief | 0.0000 | - | 0.0000 | - | 0 | 1 |\n"), text);
  }

  @Test
  void json() {
    JsonNode node = scores().tables().node();
    assertEquals("multi", node.get("labelling").asText());
    assertEquals(1, node.get("rowsWithNone").asInt());
    assertEquals(2, node.get("answersWithNone").asInt());
    assertEquals("[\"relief\"]", node.get("neverTested").toString());
    assertFalse(node.has("confusion"));
    JsonNode fear = node.get("classes").get(1);
    assertEquals(2, fear.get("truePositives").asInt());
    assertEquals(1, fear.get("falsePositives").asInt());
    assertEquals(0, fear.get("falseNegatives").asInt());
    assertEquals(2, fear.get("rows").asInt());
    assertEquals(3, fear.get("predicted").asInt());
    JsonNode relief = node.get("classes").get(3);
    assertTrue(relief.get("recall").isNull() && relief.get("averagePrecision").isNull());
    assertEquals(0, relief.get("precision").asDouble(-1));
  }

  @Test
  void everyLabelHasItsLine() {
    List<String> labels = IntStream.range(0, 500).mapToObj(i -> "label " + i).toList();
    TestScores rows = new TestScores("", Labelling.MULTI, labels);
    rows.add(IntStream.range(0, 480).toArray(), new float[500]);
    List<String> lines = rows.tables().text().lines().toList();
    assertEquals(10 + 1 + 1 + 5 + 1 + 501, lines.size(), "" + lines);
    assertTrue(
        lines.get(10).startsWith("never tested: label 480, ")
            && lines.get(10).contains("label 499"),
        lines.get(10));
  }

  @Test
  void withoutRowsNothingIsSaidToBeUntested() {
    String text = new TestScores("", Labelling.MULTI, List.of("a", "b")).tables().text();
    assertTrue(text.startsWith("rows: 0\n"), text);
    assertFalse(text.contains("never") || text.contains("NaN"), text);
  }
}
