package org.ulmfit.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.function.LongSupplier;
import org.ulmfit.Shown;
import org.ulmfit.config.Recipe;
import org.ulmfit.run.OtherLoad;
import org.ulmfit.train.TrainingListener;

/**
 * Shows a run on stderr: a live line on a terminal, else a line every 15 seconds; a line where a
 * phase begins and a table row where an epoch ends.
 */
final class Progress implements TrainingListener {
  private static final double KEEP = 0.95; // of the running mean of the speed, per step
  private static final int PLACE = 0; // parts of the live line that a narrow terminal goes without
  private static final int SPEED = 3;

  private final Console console;
  private final List<Recipe.Phase> phases;
  private final LiveLine live;
  private final OtherLoad others = OtherLoad.watch();
  private boolean languageModel;
  private boolean header;
  private String lossName = "loss";
  private String accuracyName = "accuracy";
  private boolean started;
  private int phaseCount;
  private double tokens;
  private double seconds;
  private double stepSeconds;
  private double weight;

  /**
   * @param phases of the recipe, for their rates
   */
  Progress(Console console, List<Recipe.Phase> phases) {
    this(console, phases, System::nanoTime);
  }

  Progress(Console console, List<Recipe.Phase> phases, LongSupplier clock) {
    this.console = console;
    this.phases = phases;
    this.live = new LiveLine(console, clock);
  }

  @Override
  public void phase(PhaseStart start) {
    if (!started) {
      others.warning().ifPresent(console::say);
    }
    started = true;
    languageModel = start.languageModel();
    phaseCount = start.phases();
    lossName = start.lossName();
    accuracyName = start.accuracyName();
    tokens = 0;
    seconds = 0;
    stepSeconds = 0;
    weight = 0;
    live.clear();
    console.say(
        Shown.format(
            "%s phase %d of %d: %s, %s, %s, %s steps",
            start.task(),
            start.phase() + 1,
            start.phases(),
            trained(start.freezeTo()),
            rates(phases.get(start.phase()).rates()),
            start.epochsText() + (start.epochs() == 1 ? " epoch" : " epochs"),
            Figures.number(start.steps())));
  }

  @Override
  public void step(Step step) {
    tokens = KEEP * tokens + step.tokens();
    seconds = KEEP * seconds + step.seconds();
    stepSeconds = KEEP * stepSeconds + step.seconds();
    weight = KEEP * weight + 1;
    if (!live.due()) {
      return;
    }
    int left = step.steps() - step.step() - 1;
    String speed = Figures.number(Math.round(tokens / Math.max(seconds, 1e-9)));
    live.show(
        List.of(
            place(step),
            "step " + Figures.number(step.step() + 1) + "/" + Figures.number(step.steps()),
            lossName + " " + Figures.fixed(step.smoothedLoss(), 4),
            speed + " tokens/s",
            Figures.time(left * stepSeconds / weight) + " left"),
        SPEED,
        PLACE);
  }

  /** Nothing more is shown live. */
  void done() {
    live.clear();
  }

  /** A sweep of rates, before the first phase, has neither phases nor epochs. */
  private String place(Step step) {
    return phaseCount == 0
        ? "rate " + plain(step.rate())
        : Shown.format("phase %d/%d  epoch %d", step.phase() + 1, phaseCount, step.epoch() + 1);
  }

  @Override
  public void epoch(Epoch epoch) {
    live.clear();
    if (!header) {
      header = true;
      console.say(
          Shown.format(
              "%5s %5s %s %10s %s%s %9s %9s",
              "phase",
              "epoch",
              trainLoss(),
              "valid loss",
              accuracyName,
              languageModel ? Shown.format("%11s", "perplexity") : Shown.format("%9s", "macro F1"),
              "tokens/s",
              "time"));
    }
    console.say(
        Shown.format(
            "%5d %5d %s %10s %s%s %9s %9s",
            epoch.phase() + 1,
            epoch.epoch() + 1,
            under(trainLoss(), epoch.trainLoss()),
            Figures.fixed(epoch.validation().loss(), 4),
            under(accuracyName, epoch.validation().accuracy()),
            languageModel
                ? Shown.format("%11s", Figures.fixed(epoch.perplexity(), 2))
                : Shown.format("%9s", macroF1(epoch)),
            Figures.number(Math.round(epoch.tokens() / Math.max(epoch.seconds(), 1e-9))),
            Figures.time(epoch.seconds() + epoch.validationSeconds())));
    live.postpone();
  }

  private static String macroF1(Epoch epoch) {
    Double value = epoch.validation().macroF1();
    return value == null ? "" : Figures.fixed(value, 4);
  }

  /** A figure as wide as its head. */
  private static String under(String head, double value) {
    return Shown.format("%" + head.length() + "s", Figures.fixed(value, 4));
  }

  private String trainLoss() {
    return lossName.equals("loss") ? "train loss" : lossName;
  }

  @Override
  public void note(String line) {
    live.clear();
    console.say(line);
  }

  private static String trained(int freezeTo) {
    if (freezeTo == 0) {
      return "all layer groups trained";
    }
    return freezeTo == -1
        ? "last layer group trained"
        : freezeTo < 0
            ? Shown.format("last %d layer groups trained", -freezeTo)
            : Shown.format("layer groups from %d trained", freezeTo);
  }

  private static String rates(Recipe.Rates rates) {
    if (rates.list() != null && !rates.list().isEmpty()) {
      return "rates " + rates.list();
    }
    if (rates.slice() != null && !rates.slice().isEmpty()) {
      return "rates in slice " + rates.slice();
    }
    double factor = rates.factor() == null ? 1 : rates.factor();
    String each = factor == 1 ? "" : " (/" + plain(factor) + " per lower group)";
    Double last = rates.last();
    return "rate " + (last == null ? "of the sweep" : plain(last)) + each;
  }

  private static String plain(double value) {
    return new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros().toPlainString();
  }
}
