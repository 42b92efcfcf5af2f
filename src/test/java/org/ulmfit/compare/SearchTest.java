package org.ulmfit.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchTest {
  @Test
  void whatTheBudgetCutIsToldOfEachAttempt() {
    Search search =
        new Search(
            List.of(List.of("lr=1"), List.of("lr=2"), List.of("lr=3")),
            Arrays.asList(.8, .9, null),
            Arrays.asList(null, .25, null),
            1,
            30);
    assertEquals(
        "x: searched by accuracy on the validation rows: lr=1 (0.8000), lr=2 (0.9000 after 25% of its"
            + " epochs: the budget), lr=3 (left out: the budget); takes lr=2; 2 trainings in 30 s",
        search.line("x", "accuracy"));
  }
}
