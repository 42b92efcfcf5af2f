package org.ulmfit.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.ulmfit.Golden;
import org.ulmfit.Labelling;
import org.ulmfit.model.EnsembleConfig;
import org.ulmfit.parity.Comparison;
import org.ulmfit.parity.ParityCase;

/** Weights of an ensemble's members against those of scikit-learn's logistic regression. */
@Tag("parity")
class StackingParityTest {
  private static final double TOLERANCE = 1e-8;

  @TestFactory
  Stream<DynamicTest> weights() {
    return ParityCase.tests("stacking", StackingParityTest::compare);
  }

  private static void compare(ParityCase c) {
    Comparison compared = new Comparison(c);
    for (JsonNode row : c.lines("cases.jsonl")) {
      boolean multi = row.required("labelling").asText().equals("multi");
      int[][] truth = Golden.rowsOfInts(row.required("truth"));
      EnsembleConfig.Stacking ours =
          StackingFit.weights(
              multi ? Labelling.MULTI : Labelling.SINGLE,
              logits(row.required("logits")),
              truth,
              IntStream.range(0, truth.length).toArray());
      String at = row.required("name").asText();
      within("weights", row.required("weights"), ours.weights(), at, compared);
      within("biases", row.required("biases"), ours.biases(), at, compared);
    }
    compared.finish();
  }

  private static void within(
      String what, JsonNode theirs, List<Double> ours, String at, Comparison compared) {
    double[] expected = Golden.doubles(theirs);
    assertEquals(expected.length, ours.size(), at);
    for (int i = 0; i < expected.length; i++) {
      compared.within(what, TOLERANCE, Math.abs(expected[i] - ours.get(i)), at);
    }
  }

  private static float[][][] logits(JsonNode models) {
    return Golden.elements(models).stream()
        .map(
            rows ->
                Golden.elements(rows).stream()
                    .map(Golden::doubles)
                    .map(StackingParityTest::floats)
                    .toArray(float[][]::new))
        .toArray(float[][][]::new);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
