package org.ulmfit.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class LossSpikesTest {

  private static List<LossSpikes.Spike> spikes(int phases, int steps, IntToDoubleFunction loss) {
    LossSpikes spikes = new LossSpikes();
    List<LossSpikes.Spike> all = new ArrayList<>();
    for (int phase = 0; phase < phases; phase++) {
      for (int i = 0; i < steps; i++) {
        double its = loss.applyAsDouble(i);
        spikes
            .hear(
                new TrainingListener.Step(
                    phase, 0, i, steps, i + 1, its, its, 0.01, 0.9, 1, 100, 1))
            .ifPresent(all::add);
      }
    }
    return all;
  }

  /** Falls from 2 to 0.3 with a noise of a third of it. */
  private static double falling(int i) {
    return (0.3 + 1.7 * Math.exp(-i / 60.0)) * (1 + 0.33 * Math.sin(i * i));
  }

  @Test
  void aLossThatJumpsAndStaysIsToldOnceInEachPhase() {
    List<LossSpikes.Spike> told = spikes(2, 400, i -> i < 300 ? falling(i) : 1.8);
    assertEquals(2, told.size(), told.toString());
    assertEquals(0, told.get(0).phase());
    assertEquals(1, told.get(1).phase());
    assertEquals(302, told.get(0).step()); // three of the last five losses are high
    assertEquals(0.31, told.get(0).from(), 0.05);
    assertEquals(1.8, told.get(0).to());
    String line = told.get(1).line("classifier");
    assertTrue(line.startsWith("loss spike: the training loss of phase 2 jumped from 0.3"), line);
    assertTrue(line.contains("at step 303 (learning rate 0.0100)"), line);
    assertTrue(
        line.contains("classifier.stages.1.rates") && line.contains("classifier.optimizer.clip"),
        line);
  }

  @Test
  void aSingleHardBatchIsNone() {
    assertEquals(List.of(), spikes(1, 400, i -> i == 200 || i == 202 ? 9 : falling(i)));
  }

  @Test
  void aLanguageModelsLossNeedNotDouble() {
    assertEquals(1, spikes(1, 200, i -> i < 100 ? 4.2 + 0.1 * Math.sin(i) : 5.6).size());
    assertEquals(0, spikes(1, 200, i -> i < 100 ? 4.2 + 0.1 * Math.sin(i) : 5.1).size());
  }

  @Test
  void noiseAndWhatIsSmallAreNone() {
    Random random = new Random(7);
    double[] noise = random.doubles(2000).map(u -> -0.02 * Math.log(u)).toArray(); // exponential
    assertEquals(List.of(), spikes(1, noise.length, i -> noise[i]));
    assertEquals(List.of(), spikes(1, 15, i -> i < 8 ? 1 : 50)); // nothing to compare with
    assertEquals(List.of(), spikes(1, 300, i -> 3 - i / 150.0));
  }
}
