package org.ulmfit.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.nn.Backend;
import org.ulmfit.prepare.Prepared;
import org.ulmfit.train.LrCurve;
import org.ulmfit.train.LrFinder;
import org.ulmfit.train.RateSweep;
import org.ulmfit.train.Task;
import org.ulmfit.train.Trainer;
import org.ulmfit.train.TrainingListener;

/** Sweeps of learning rates, each on a model of its own that begins as the run's will. */
record Sweeps(Backend backend, Turn turn, TrainingListener listener, Stop stop) {

  /**
   * A recipe with no rate left to a sweep.
   *
   * @param lines what was found, a line for each phase that left it
   * @param advice where that is in doubt
   */
  record Settled(Recipe recipe, List<String> lines, List<String> advice) {}

  /**
   * Finds the rates that a recipe leaves to a sweep: what the valley suggests.
   *
   * @throws UlmfitException (usage) if a curve suggests none
   */
  <D extends Prepared, M extends Training.Model, R> Settled settle(
      Training<D, M, R> training, Recipe recipe, D data) {
    List<Recipe.Phase> phases = training.phases(recipe);
    List<String> choices = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    List<String> advice = new ArrayList<>();
    for (int phase = 0; phase < phases.size(); phase++) {
      if (phases.get(phase).rates().swept()) {
        LrCurve curve = curve(training, recipe, data, phase, RateSweep.USUAL, note -> {});
        Recipe.Rates rates = phases.get(phase).rates().at(valley(curve, phase));
        choices.add(rates.override(training.kind() + ".stages." + phase));
        lines.add(line(phase, Objects.requireNonNull(rates.lr()), curve));
        listener.note(lines.get(lines.size() - 1));
        doubt(curve, phase).ifPresent(advice::add);
      }
    }
    advice.forEach(listener::note);
    return new Settled(Recipes.with(recipe, choices), lines, advice);
  }

  private static double valley(LrCurve curve, int phase) {
    return curve
        .suggestion(LrCurve.Method.VALLEY)
        .orElseThrow(
            () ->
                UlmfitException.usage(
                    Shown.format(
                        "rates.lr: auto: the loss of phase %d blew up after %d steps of the sweep, too"
                            + " few for a suggestion; give a rate",
                        phase + 1, curve.points().size())))
        .rate();
  }

  private static Optional<String> doubt(LrCurve curve, int phase) {
    return curve
        .edge(LrCurve.Method.VALLEY)
        .map(
            edge ->
                Shown.format(
                    "phase %d: its rate was found at the %s end of those tried, where a better one may"
                        + " lie beyond: look with lr-find --phase %d %s, and give a rate",
                    phase + 1,
                    edge == LrCurve.Edge.LOW ? "low" : "high",
                    phase + 1,
                    wider(edge, curve.sweep())));
  }

  /** The option of {@code lr-find} that looks beyond an end. */
  private static String wider(LrCurve.Edge edge, RateSweep sweep) {
    return edge == LrCurve.Edge.LOW
        ? Shown.format("--start %.0e", sweep.start() / 100)
        : Shown.format("--end %.0f", sweep.end() * 10);
  }

  private static String line(int phase, double rate, LrCurve curve) {
    List<String> others =
        curve.suggestions().stream()
            .filter(one -> one.method() != LrCurve.Method.VALLEY)
            .map(one -> Shown.format("%s %.3g", one.method().word(), one.rate()))
            .toList();
    return Shown.format(
        "phase %d: rate %s by a sweep of %d steps (valley; %s)",
        phase + 1, rate, curve.points().size(), String.join(", ", others));
  }

  /** The curve of a phase. */
  <D extends Prepared, M extends Training.Model, R> LrCurve curve(
      Training<D, M, R> training,
      Recipe recipe,
      D data,
      int phase,
      RateSweep sweep,
      Consumer<String> notes) {
    turn.seed(recipe.seed(), training.weightsStream());
    try (M model = training.model(recipe, data, backend)) {
      Task task = training.task(recipe, data, model, notes);
      Trainer.check(task, training.phases(recipe), training.optimizer(recipe));
      training.begin(recipe, data, model, notes);
      return LrFinder.sweep(
          task,
          training.phases(recipe).get(phase),
          phase,
          training.optimizer(recipe),
          recipe.seed(),
          sweep,
          listener,
          stop);
    }
  }
}
