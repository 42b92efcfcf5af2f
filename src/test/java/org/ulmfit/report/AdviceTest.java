package org.ulmfit.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.TrainingListener;

class AdviceTest {

  /**
   * @param losses of training and validation, by turns
   */
  private static List<TrainingListener.Epoch> epochs(double... losses) {
    List<TrainingListener.Epoch> epochs = new ArrayList<>();
    for (int i = 0; i < losses.length; i += 2) {
      Evaluation validation = new Evaluation(losses[i + 1], 0.5, null, 9);
      epochs.add(new TrainingListener.Epoch(0, i / 2, losses[i], validation, 1, 9, 1, 1));
    }
    return epochs;
  }

  @Test
  void aValidationLossThatRisesWhileTrainingGoesOnIsTold() {
    String line = Advice.overfitting(epochs(0.5, 0.40, 0.3, 0.32, 0.1, 0.45)).orElseThrow();
    assertTrue(line.startsWith("over-fitted: the validation loss was lowest after epoch 2"), line);
    assertTrue(line.contains("(0.3200) and ends at 0.4500"), line);
  }

  @Test
  void nothingIsToldOfWhatIsNoOverFitting() {
    assertEquals(Optional.empty(), Advice.overfitting(List.of()));
    assertEquals(Optional.empty(), Advice.overfitting(epochs(0.5, 0.4)));
    assertEquals(Optional.empty(), Advice.overfitting(epochs(0.5, 0.40, 0.3, 0.41)));
    assertEquals(Optional.empty(), Advice.overfitting(epochs(0.3, 0.40, 0.5, 0.60))); // diverges
    assertEquals(Optional.empty(), Advice.overfitting(epochs(0.5, 0.60, 0.3, 0.40)));
  }
}
