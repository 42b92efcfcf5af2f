package org.ulmfit.cli;

import java.util.List;
import java.util.function.LongSupplier;
import org.ulmfit.Shown;

/**
 * How far a job of known length is, on stderr: a live line on a terminal, else a line every 15
 * seconds.
 */
final class Countdown {
  private final Console console;
  private final LiveLine line;
  private final String verb;
  private final String unit;
  private final long total;
  private final LongSupplier clock;
  private final long start;

  /**
   * @param verb what is done, in the past tense
   * @param unit what is counted, in the plural
   */
  Countdown(Console console, String verb, String unit, long total) {
    this(console, verb, unit, total, System::nanoTime);
  }

  Countdown(Console console, String verb, String unit, long total, LongSupplier clock) {
    this.console = console;
    this.verb = verb;
    this.unit = unit;
    this.total = total;
    this.clock = clock;
    this.start = clock.getAsLong();
    this.line = new LiveLine(console, clock);
  }

  /** So many are done. */
  void at(long done) {
    if (done > 0 && done < total && line.due()) {
      double seconds = seconds();
      line.show(
          List.of(
              Shown.format(
                  "%s %s of %s %s", verb, Figures.number(done), Figures.number(total), unit),
              Figures.number(Math.round(done / seconds)) + "/s",
              Figures.time(seconds / done * (total - done)) + " left"));
    }
  }

  /** All are done. */
  void end() {
    line.clear();
    double seconds = seconds();
    console.say(
        Shown.format(
            "%s %s %s in %s, %s/s",
            verb,
            Figures.number(total),
            unit,
            Figures.time(seconds),
            Figures.number(Math.round(total / seconds))));
  }

  private double seconds() {
    return Math.max(1e-3, (clock.getAsLong() - start) / 1e9);
  }
}
