package org.ulmfit.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.io.Safetensors;

/** A difference outside its tolerance is found. */
class ComparisonTest {

  private static final float[] EXPECTED = {1, -4, 2};

  @TempDir Path dir;
  private Comparison compared;

  @BeforeEach
  void open() throws IOException {
    Files.writeString(dir.resolve("case.json"), "{\"kind\": \"none\"}");
    Safetensors.write(
        dir.resolve("tensors.safetensors"),
        Map.of(),
        List.of(Safetensors.Entry.floats("weights/a", new long[] {3}, () -> EXPECTED)));
    compared = new Comparison(ParityCase.open(dir));
  }

  private String failure() {
    return assertThrows(AssertionError.class, compared::finish).getMessage();
  }

  @Test
  void theWorstOfAllCounts() {
    compared.absolute("logits", 1e-2, EXPECTED, new float[] {1, -4.5f, 2});
    compared.absolute("logits", 1e-2, EXPECTED, EXPECTED);
    String message = failure();
    assertTrue(
        message.contains("compared=logits") && message.contains("measured=5.0e-01"), message);
  }

  @Test
  void relativeIsToTheLargestMagnitude() {
    assertEquals(.125, Comparison.relative(EXPECTED, new float[] {1.5f, -4, 2}), 1e-9);
    assertEquals(0, Comparison.relative(new float[2], new float[2]));
    assertEquals(Double.POSITIVE_INFINITY, Comparison.relative(new float[1], new float[] {1e-9f}));
    compared.relative("gradient", .1, "w", EXPECTED, new float[] {1.5f, -4, 2});
    assertTrue(failure().contains("(w)"));
  }

  @Test
  void notANumberIsOutside() {
    compared.absolute("loss", 1e9, EXPECTED, new float[] {1, Float.NaN, 2});
    failure();
  }

  @Test
  void missingDocumentsStepsAndNamesAreFound() {
    compared.all("documents", 3, 4);
    assertTrue(failure().contains("3 of 4"));
    assertThrows(
        AssertionError.class, () -> compared.losses("losses", 1, new double[2], List.of(1.0)));
    assertThrows(AssertionError.class, () -> compared.names("weights", Set.of("a", "b")));
    assertThrows(AssertionError.class, () -> compared.absolute("x", 1, EXPECTED, new float[2]));
    assertThrows(AssertionError.class, () -> ParityCase.tests("no such kind", c -> {}));
  }

  @Test
  void whatAgreesPasses() {
    compared.names("weights", Set.of("a"));
    compared.absolute("x", 1e-3, EXPECTED, new float[] {1.0005f, -4, 2});
    compared.all("documents", 4, 4);
    compared.finish();
  }
}
