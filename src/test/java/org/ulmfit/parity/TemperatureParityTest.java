package org.ulmfit.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.ulmfit.Golden;
import org.ulmfit.Labelling;
import org.ulmfit.model.Tempering;
import org.ulmfit.train.Temperature;

/** Temperatures against those of SciPy's root finder and of scikit-learn. */
@Tag("parity")
class TemperatureParityTest {
  private static final double ROOT = 1e-10;
  private static final double MINIMUM = 1e-7; // what its value tells of a minimum's place

  @TestFactory
  Stream<DynamicTest> temperatures() {
    return ParityCase.tests("temperature", TemperatureParityTest::compare);
  }

  private static void compare(ParityCase c) {
    Comparison compared = new Comparison(c);
    for (JsonNode row : c.lines("cases.jsonl")) {
      String at = row.required("name").asText();
      Labelling labelling =
          row.required("labelling").asText().equals("multi") ? Labelling.MULTI : Labelling.SINGLE;
      OptionalDouble ours =
          Temperature.fit(
              labelling,
              Golden.elements(row.required("logits")).stream()
                  .map(Golden::doubles)
                  .map(TemperatureParityTest::floats)
                  .toArray(float[][]::new),
              Golden.rowsOfInts(row.required("truth")),
              Tempering.LEAST,
              Tempering.MOST);
      assertEquals(row.has("temperature"), ours.isPresent(), at);
      if (ours.isPresent()) {
        within("SciPy", ROOT, row.required("temperature"), ours.getAsDouble(), at, compared);
      }
      if (row.has("scikit-learn")) {
        JsonNode theirs = row.required("scikit-learn");
        within("scikit-learn", MINIMUM, theirs, ours.orElseThrow(), at, compared);
      }
    }
    compared.finish();
  }

  private static void within(
      String what, double tolerance, JsonNode theirs, double ours, String at, Comparison compared) {
    double expected = theirs.doubleValue();
    compared.within(what + ", relative", tolerance, Math.abs(ours / expected - 1), at);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
