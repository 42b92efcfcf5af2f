package org.ulmfit.parity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.train.LayerRates;
import org.ulmfit.train.Schedule;

/** Rates and momenta of fastai 2's fits, batch by batch and layer group by layer group. */
@Tag("parity")
class ScheduleParityTest {

  private static final double BETA1 = 0.9; // fastai 2 Adam's mom

  /** fastai computes the position within a phase in float32. */
  private static final double TOLERANCE = 1e-6;

  @TestFactory
  Stream<DynamicTest> schedules() {
    return ParityCase.tests("schedules", ScheduleParityTest::compare);
  }

  private static void compare(ParityCase c) {
    Comparison compared = new Comparison(c);
    int k = 0;
    for (JsonNode row : c.fact("rows")) {
      compare(c, k++, row, compared);
    }
    compared.note("fits", String.valueOf(k));
    compared.finish();
  }

  private static void compare(ParityCase c, int k, JsonNode row, Comparison compared) {
    double[] rates = c.doubles(k + "/rates"); // (batches, groups)
    double[] momenta = c.doubles(k + "/momenta"); // (batches)
    int groups = rates.length / momenta.length;
    JsonNode s = row.required("schedule");
    Recipe.Schedule recipe =
        new Recipe.Schedule(
            Recipes.choice(Recipe.Curve.class, s.required("kind").asText()),
            null,
            null,
            s.has("div") ? s.required("div").doubleValue() : null,
            s.required("divFinal").doubleValue(),
            s.required("pctStart").doubleValue(),
            numbers(s.required("moms")));
    Schedule schedule = Schedule.of(recipe, momenta.length, BETA1);
    double[] peaks =
        LayerRates.of(new Recipe.Rates(null, null, null, numbers(row.required("slice"))), groups);
    String name = row.required("name").asText();
    for (int step = 0; step < momenta.length; step++) {
      String at = name + ", batch " + step;
      for (int g = 0; g < groups; g++) {
        double ours = peaks[g] * schedule.scale(step);
        double difference = Math.abs(ours - rates[step * groups + g]) / peaks[g];
        compared.within("rates / peak, every batch and group", TOLERANCE, difference, at);
      }
      double difference = Math.abs(schedule.beta1(step) - momenta[step]);
      compared.within("momenta, every batch", TOLERANCE, difference, at);
    }
  }

  private static List<Double> numbers(JsonNode array) {
    List<Double> all = new ArrayList<>();
    array.forEach(e -> all.add(e.doubleValue()));
    return all;
  }
}
