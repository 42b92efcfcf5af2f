package org.ulmfit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.ulmfit.parity.Comparison;
import org.ulmfit.parity.ParityCase;

/** The test of lengths against SciPy's chi2_contingency. */
@Tag("parity")
class ChiSquareParityTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TestFactory
  Stream<DynamicTest> figures() {
    return ParityCase.tests("chi-square", ChiSquareParityTest::compare);
  }

  private static void compare(ParityCase c) {
    Comparison compared = new Comparison(c);
    for (JsonNode row : c.lines("cases.jsonl")) {
      ChiSquare ours = ChiSquare.of(longs(row, "first"), longs(row, "second"));
      String at = row.required("first").toString();
      assertEquals(row.required("freedom").intValue(), ours.freedom(), at);
      relative("statistic, relative", row, "statistic", ours.statistic(), compared);
      relative("critical value, relative", row, "critical", ours.critical(), compared);
      relative("p, relative", row, "p", ours.p(), compared);
    }
    compared.finish();
  }

  private static void relative(
      String what, JsonNode row, String key, double ours, Comparison compared) {
    double theirs = row.required(key).doubleValue();
    compared.within(what, 1e-10, Math.abs(ours - theirs) / theirs, row.toString());
  }

  private static long[] longs(JsonNode row, String key) {
    return JSON.convertValue(row.required(key), long[].class);
  }
}
