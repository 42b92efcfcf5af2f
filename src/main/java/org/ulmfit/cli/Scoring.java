package org.ulmfit.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.predict.EvaluationListener;
import org.ulmfit.report.Mistake;

/** How far the scoring is. */
final class Scoring implements EvaluationListener {
  private final Console console;
  private @Nullable Countdown countdown;

  private final boolean explains;
  private List<Mistake> mistakes = List.of();

  /**
   * @param explains whether the surest errors are wanted with their texts
   */
  Scoring(Console console, boolean explains) {
    this.console = console;
    this.explains = explains;
  }

  @Override
  public boolean explains() {
    return explains;
  }

  @Override
  public void mistakes(List<Mistake> found) {
    mistakes = found;
  }

  List<Mistake> mistakes() {
    return mistakes;
  }

  @Override
  public void note(String line) {
    console.say(line);
  }

  @Override
  public void scored(long done, long all) {
    if (countdown == null) {
      countdown = new Countdown(console, "scored", "tokens", all);
    }
    countdown.at(done);
  }

  void end() {
    if (countdown != null) {
      countdown.end();
    }
  }
}
