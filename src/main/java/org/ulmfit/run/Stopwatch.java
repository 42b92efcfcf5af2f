package org.ulmfit.run;

import java.util.EnumMap;
import java.util.Map;
import org.ulmfit.report.RunPart;

/** Times the parts of a run, one after the other. */
final class Stopwatch {
  private final Map<RunPart, Double> seconds = new EnumMap<>(RunPart.class);
  private long since = System.nanoTime();

  /** A part has ended; it began where the one before it ended. */
  void ended(RunPart part) {
    long now = System.nanoTime();
    seconds.put(part, (now - since) / 1e9);
    since = now;
  }

  /** What was done since is timed elsewhere. */
  void skip() {
    since = System.nanoTime();
  }

  /** Writes down what is not yet. */
  void write(RunLog log) {
    seconds.forEach(log::time);
    seconds.clear();
  }
}
