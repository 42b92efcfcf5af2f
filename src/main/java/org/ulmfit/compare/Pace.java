package org.ulmfit.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.prepare.RowFiles;
import org.ulmfit.run.RunsListener;
import org.ulmfit.run.Work;
import org.ulmfit.train.TrainingListener;

/**
 * Keeps trainings within the time that is left: what has no epochs is predicted from trainings on
 * fewer rows; what has is looked at for its first steps, and gets as many epochs as fit.
 */
final class Pace {
  private static final double LEAST = .02; // of the epochs, which are worth training
  private static final double SAFE = .8; // of the time left, by which is planned: speeds vary
  private static final double FARTHEST = 20; // times as many rows as a training is judged by

  private static final String USED_UP =
      "stopped when the budget was used up; --resume with more goes on from there";

  private final Budget budget;
  private final RunsListener listener;
  private final Map<Recipe.Family, List<double[]>> known = new LinkedHashMap<>(); // rows, seconds
  private final List<String> leftOut = new ArrayList<>();

  Pace(Budget budget, RunsListener listener) {
    this.budget = budget;
    this.listener = listener;
  }

  /**
   * A training.
   *
   * @param share of the time that is left which it may take
   */
  record Task(Contestant contestant, RowFiles rows, double share) {
    int trainRows() {
      Integer known = rows.training().get(contestant.count());
      return known == null ? 1 : known;
    }

    /** Rows it answers in the end, validation and test, as a share of those it learns of. */
    double answered() {
      return (rows.valid() + rows.test()) / (double) Math.max(1, trainRows());
    }

    double validated() {
      return rows.valid() / (double) Math.max(1, trainRows());
    }
  }

  /** What a training can be told to do. */
  interface Run {
    /**
     * Begins, or goes on.
     *
     * @param heard what hears of it; null: who hears of all
     */
    void train(Stop within, @Nullable TrainingListener heard);

    /** Begins anew with a share of the epochs. */
    void trainLess(double epochs, Stop within);

    /** Removes what is there of it. */
    void giveUp();
  }

  /** Overrides that leave a recipe a share of its epochs. */
  static List<String> cut(Recipe recipe, double share) {
    List<String> cut = new ArrayList<>(List.of("classifier.minSteps=0"));
    List<Recipe.Phase> phases = recipe.classifier().stages();
    for (int p = 0; p < phases.size(); p++) {
      double epochs = Math.max(.001, phases.get(p).epochs() * share);
      cut.add(Shown.format("classifier.stages.%d.epochs=%.3f", p, epochs));
    }
    return cut;
  }

  /** Runs to the end or to that of the budget; returns why not. */
  @Nullable String toTheEnd(Stop stop, Consumer<Stop> training) {
    return during(budget.left(), stop, training) ? null : USED_UP;
  }

  /** Asks a model to the end, or nearly that of the budget; returns why not. */
  @Nullable String asking(Stop stop, Consumer<Stop> asking) {
    return during(budget.leftToAsk(), stop, asking)
        ? null
        : "the budget was used up before it had answered; --resume with more asks it";
  }

  /** Whether work came to its end in time. */
  private boolean during(double seconds, Stop stop, Consumer<Stop> work) {
    if (!budget.isLimited()) {
      work.accept(stop);
      return true;
    }
    Stop within = stop.within(seconds);
    try {
      work.accept(within);
      return true;
    } catch (UlmfitException e) {
      if (e.kind() != UlmfitException.Kind.INTERRUPTED || stop.requested() || !within.isOver()) {
        throw e;
      }
      return false;
    }
  }

  /** Trains as much as fits; returns why nothing did. */
  @Nullable String run(Task task, Work<?, ?> work, Stop stop, Run run) {
    if (!budget.isLimited()) {
      run.train(stop, null);
      return null;
    }
    if (budget.left() == 0) {
      return "the budget was used up";
    }
    List<Recipe.Phase> phases = work.phases(work.recipe());
    if (phases.isEmpty()) {
      OptionalDouble seconds = predicted(task);
      if (seconds.isPresent() && seconds.getAsDouble() > budget.left()) {
        return "it would take about "
            + Amounts.time(seconds.getAsDouble())
            + ", and "
            + Amounts.time(budget.left())
            + " are left";
      }
      seconds.ifPresent(
          s ->
              listener.note(
                  task.contestant().name() + ": about " + Amounts.time(s) + " by what is known"));
      return toTheEnd(stop, within -> run.train(within, null));
    }
    return bySteps(task, phases, stop, run);
  }

  private @Nullable String bySteps(Task task, List<Recipe.Phase> phases, Stop stop, Run run) {
    double allowed = SAFE * task.share() * budget.left();
    Stop within = stop.within(budget.left());
    Probe probe = new Probe(phases, listener.training(phases), within, allowed);
    try {
      run.train(probe.stop(), probe);
      return null; // which was all of it
    } catch (UlmfitException e) {
      boolean own = probe.hasStopped() || within.isOver();
      if (e.kind() != UlmfitException.Kind.INTERRUPTED || stop.requested() || !own) {
        throw e;
      }
    }
    if (!probe.knows()) {
      run.giveUp();
      return "the budget was used up before its first steps";
    }
    if (!probe.hasStopped()) {
      return USED_UP;
    }
    double whole = probe.seconds(task.validated());
    double answers = probe.answering(task.answered());
    double left = allowed - probe.spent() - answers;
    String name = task.contestant().name();
    listener.note(
        Shown.format(
            "%s: about %s by its first steps, of %s",
            name,
            Amounts.time(whole + answers),
            Amounts.time(Math.max(0, allowed - probe.spent()))));
    if (whole - probe.trained() <= left) {
      return toTheEnd(stop, rest -> run.train(rest, null));
    }
    double share = (left - probe.prepared()) / whole;
    if (share < LEAST) {
      run.giveUp();
      return Shown.format(
          "its epochs would take about %s, and %s of the budget are its part",
          Amounts.time(whole + answers), Amounts.time(allowed));
    }
    listener.note(Shown.format("%s: %.0f%% of its epochs, to fit the budget", name, 100 * share));
    return toTheEnd(stop, rest -> run.trainLess(share, rest));
  }

  /** What a training without epochs may take, if others tell. */
  private OptionalDouble predicted(Task task) {
    List<double[]> own = known.getOrDefault(task.contestant().kind(), List.of());
    if (own.isEmpty()) {
      return OptionalDouble.empty();
    }
    double[] last = own.get(own.size() - 1);
    double rows = task.trainRows();
    if (rows <= last[0]) {
      return OptionalDouble.of(last[1]);
    }
    if (own.size() > 1 && own.get(own.size() - 2)[0] < last[0]) {
      double[] first = own.get(own.size() - 2);
      double slope = Math.max(0, (last[1] - first[1]) / (last[0] - first[0]));
      return OptionalDouble.of(last[1] + slope * (rows - last[0]));
    }
    return rows / last[0] <= FARTHEST
        ? OptionalDouble.of(last[1] * rows / last[0])
        : OptionalDouble.empty();
  }

  /** Keeps what a training took. */
  void learn(Task task, Cost cost) {
    Recipe.Family kind = task.contestant().kind();
    if (kind != null) {
      known
          .computeIfAbsent(kind, k -> new ArrayList<>())
          .add(new double[] {task.trainRows(), cost.seconds()});
    }
  }

  void leftOut(Contestant contestant, String why) {
    leftOut.add(contestant.name() + " was left out: " + why);
    listener.note(leftOut.get(leftOut.size() - 1));
  }

  List<String> leftOut() {
    return List.copyOf(leftOut);
  }
}
