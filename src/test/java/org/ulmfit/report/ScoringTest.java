package org.ulmfit.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScoringTest {

  private static Scoring scoring() {
    Scoring scoring = new Scoring("test", List.of("neg", "pos"));
    scoring.add(0, new float[] {0.9f, 0.1f});
    scoring.add(0, new float[] {0.6f, 0.4f});
    scoring.add(0, new float[] {0.2f, 0.8f});
    scoring.add(1, new float[] {0.25f, 0.75f});
    return scoring;
  }

  @Test
  void figures() {
    ObjectNode node = scoring().node();
    assertEquals(4, node.get("rows").asInt());
    assertEquals(0.75, node.get("accuracy").asDouble(), 1e-12);
    double loss = -(Math.log(0.9) + Math.log(0.6) + Math.log(0.2) + Math.log(0.75)) / 4;
    assertEquals(loss, node.get("loss").asDouble(), 1e-6);
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
        test macro F1: 0.7333
        test loss: 0.6283

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
    Scoring odd = new Scoring("", List.of("a|b", "c"));
    odd.add(0, new float[] {1, 0});
    assertTrue(odd.markdown().contains("| a\\|b |"), odd.markdown());
  }

  @Test
  void aProbabilityOfZeroIsNoInfiniteLoss() {
    Scoring scoring = new Scoring("test", List.of("a", "b"));
    scoring.add(0, new float[] {0, 1});
    assertTrue(Double.isFinite(scoring.loss()) && scoring.loss() > 80);
  }

  @Test
  void aMatrixTooWideForAPageIsLeftOut() {
    List<String> labels = IntStream.range(0, 31).mapToObj(i -> "l" + i).toList();
    Scoring scoring = new Scoring("test", labels);
    scoring.add(3, new float[31]);
    assertFalse(scoring.text().contains("predicted"));
    assertTrue(scoring.json().contains("\"confusion\":[["));
  }
}
