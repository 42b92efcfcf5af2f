package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.ulmfit.Labelling;
import org.ulmfit.model.Tempering;
import org.ulmfit.train.Temperature;

/** What must hold of a temperature, whatever the logits. */
class TemperaturePropertyTest {

  private record Rows(float[][] logits, int[][] truth) {

    static Rows of(Labelling labelling, long seed, int classes, double scale) {
      Random random = new Random(seed);
      float[][] logits = new float[40][classes];
      int[][] truth = new int[logits.length][];
      for (int row = 0; row < logits.length; row++) {
        truth[row] =
            labelling == Labelling.SINGLE
                ? new int[] {random.nextInt(classes)}
                : random.ints(0, classes).limit(random.nextInt(3)).distinct().toArray();
        for (int c = 0; c < classes; c++) {
          logits[row][c] = (float) (scale * (random.nextGaussian() - 0.5));
        }
        for (int label : truth[row]) {
          logits[row][label] += (float) scale;
        }
      }
      return new Rows(logits, truth);
    }

    double loss(Output output, double temperature) {
      float[][] divided = Tempering.divided(logits, temperature);
      double sum = 0;
      for (int row = 0; row < truth.length; row++) {
        sum += output.loss(divided[row], truth[row]);
      }
      return sum / truth.length;
    }

    OptionalDouble fit(Labelling labelling) {
      return Temperature.fit(labelling, logits, truth, Tempering.LEAST, Tempering.MOST);
    }
  }

  @Property(tries = 60)
  void noOtherTemperatureHasLessLogLoss(
      @ForAll Labelling labelling,
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 6) int classes,
      @ForAll @DoubleRange(min = 0.1, max = 20) double scale) {
    Rows rows = Rows.of(labelling, seed, classes, scale);
    Output output = Output.of(labelling, classes);
    OptionalDouble best = rows.fit(labelling);
    double least = rows.loss(output, best.orElse(1));
    for (double t = Tempering.LEAST; t <= Tempering.MOST; t *= 1.05) {
      if (best.isPresent()) {
        assertTrue(least <= rows.loss(output, t) + 1e-6, t + " against " + best);
      }
    }
    if (best.isEmpty()) {
      double low = rows.loss(output, Tempering.LEAST);
      double middle = rows.loss(output, 1);
      double high = rows.loss(output, Tempering.MOST);
      assertTrue(middle >= Math.min(low, high), "the least is at an end");
    }
  }

  @Property(tries = 60)
  void logitsThatAreSurerHaveATemperatureThatIsHigherByAsMuch(
      @ForAll Labelling labelling, @ForAll long seed) {
    Rows rows = Rows.of(labelling, seed, 3, 1);
    Rows surer = new Rows(Tempering.divided(rows.logits(), 0.25), rows.truth());
    OptionalDouble one = rows.fit(labelling);
    OptionalDouble four = surer.fit(labelling);
    if (one.isPresent() && four.isPresent()) {
      assertEquals(4, four.getAsDouble() / one.getAsDouble(), 1e-9);
    }
  }

  @Property(tries = 60)
  void theAnswerOfOneLabelStays(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.05, max = 20) double temperature) {
    Output output = Output.of(Labelling.SINGLE, 4);
    Rows rows = Rows.of(Labelling.SINGLE, seed, 4, 2);
    float[][] divided = Tempering.divided(rows.logits(), temperature);
    for (int row = 0; row < divided.length; row++) {
      assertArrayEquals(
          output.decide(output.probabilities(rows.logits()[row])),
          output.decide(output.probabilities(divided[row])),
          Arrays.toString(rows.logits()[row]));
    }
  }
}
