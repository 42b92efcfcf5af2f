package org.ulmfit.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.ulmfit.Golden;
import org.ulmfit.Labelling;
import org.ulmfit.parity.Comparison;
import org.ulmfit.parity.ParityCase;
import org.ulmfit.train.BootstrapF1;
import org.ulmfit.train.Interval;

/** Intervals and tests against SciPy's, scikit-learn's and NumPy's. */
@Tag("parity")
class CompareParityTest {
  private static final double TOLERANCE = 1e-12;

  @TestFactory
  Stream<DynamicTest> statistics() {
    return ParityCase.tests("compare", CompareParityTest::compare);
  }

  private static void compare(ParityCase c) {
    Comparison compared = new Comparison(c);
    for (JsonNode row : c.lines("cases.jsonl")) {
      switch (row.required("kind").asText()) {
        case "wilson" -> {
          int hits = row.required("hits").asInt();
          Interval ours = Interval.wilson(hits, row.required("trials").asInt());
          interval("Wilson's interval", row, ours, compared);
        }
        case "mcnemar" -> {
          int first = row.required("first").asInt();
          int second = row.required("second").asInt();
          double p = row.required("p").asDouble();
          double off = Math.abs(McNemar.of(first, second).p() - p) / p;
          compared.within("McNemar's p, relative", 1e-10, off, first + " to " + second);
        }
        default -> macroF1(row, compared);
      }
    }
    compared.finish();
  }

  private static void macroF1(JsonNode row, Comparison compared) {
    boolean multi = row.required("labelling").asText().equals("multi");
    BootstrapF1 ours =
        BootstrapF1.of(
            multi ? Labelling.MULTI : Labelling.SINGLE,
            row.required("labels").asInt(),
            Golden.rowsOfInts(row.required("truth")),
            Golden.rowsOfInts(row.required("predicted")));
    String name = row.required("name").asText();
    double off = Math.abs(ours.macro() - row.required("value").asDouble());
    compared.within("macro F1", TOLERANCE, off, name);
    interval("bootstrap of macro F1", row, ours.macroInterval(), compared);
  }

  private static void interval(String what, JsonNode row, Interval ours, Comparison compared) {
    double[] theirs = Golden.doubles(row.required("interval"));
    double off = Math.max(Math.abs(theirs[0] - ours.low()), Math.abs(theirs[1] - ours.high()));
    compared.within(what, TOLERANCE, off, row.toString().substring(0, 60));
  }
}
