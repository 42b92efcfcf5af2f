package org.ulmfit.cli;

import org.jspecify.annotations.Nullable;
import org.ulmfit.predict.EvaluationListener;

/** How far the scoring is. */
final class Scoring implements EvaluationListener {
  private final Console console;
  private @Nullable Countdown countdown;

  Scoring(Console console) {
    this.console = console;
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
