package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;

class LeastStepsTest {

  /** Rows; batch and epochs of the recipe; what becomes of them. */
  @ParameterizedTest
  @CsvSource({
    "10000, 64, 5, 60, 64, 5",
    "768, 64, 5, 60, 64, 5",
    "767, 64, 5, 60, 64, 5",
    "704, 64, 5, 60, 32, 5",
    "90, 64, 5, 60, 16, 10",
    "90, 64, 30, 60, 64, 30",
    "3, 64, 5, 60, 16, 60",
    "90, 8, 5, 60, 8, 5",
    "90, 64, 5, 0, 64, 5",
    "22500, 64, 0.01, 60, 64, 0.01",
    "90, 64, 0.5, 60, 16, 10"
  })
  void fewRowsHaveSmallerBatchesThenMoreEpochs(
      int rows, int batch, double epochs, int least, int settledBatch, double settledEpochs) {
    Recipe asked =
        Recipes.load(
            null,
            List.of(
                "classifier.batchSize=" + batch,
                "classifier.minSteps=" + least,
                "classifier.stages.0.epochs=" + epochs));
    Recipe settled = LeastSteps.of(asked, rows);
    assertEquals(settledBatch, settled.classifier().batchSize());
    assertEquals(settledEpochs, settled.classifier().stages().get(0).epochs());
    assertEquals(settled, LeastSteps.of(settled, rows), "a settled recipe stays");
    assertEquals(settled, Recipes.settledAs(asked, settled), "a resumed run goes on with it");
    boolean changed = settledBatch != batch || settledEpochs != epochs;
    assertEquals(changed ? 1 : 0, LeastSteps.told(asked.classifier(), settled.classifier()).size());
  }
}
