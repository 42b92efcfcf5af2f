package org.ulmfit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** A line that is rewritten on a terminal five times a second, else printed every 15 seconds. */
final class LiveLine {
  private static final long LIVE_NANOS = 200_000_000L;
  private static final long LINE_NANOS = 15_000_000_000L;

  private final Console console;
  private final LongSupplier clock;
  private long shown;
  private int width;

  LiveLine(Console console, LongSupplier clock) {
    this.console = console;
    this.clock = clock;
    this.shown = clock.getAsLong();
  }

  /** Whether it is time to show something. */
  boolean due() {
    long every = console.terminal() ? LIVE_NANOS : LINE_NANOS;
    return !console.quiet() && clock.getAsLong() - shown >= every;
  }

  /**
   * Shows parts, two blanks between them.
   *
   * @param lesser indices of those that are left out, in that order, until the rest fits a terminal
   */
  void show(List<String> parts, int... lesser) {
    shown = clock.getAsLong();
    if (!console.terminal()) {
      console.say(line(parts));
      return;
    }
    // the last column stays free: some terminals go on to the next line when it is filled
    int columns = console.columns() - 1;
    List<String> left = new ArrayList<>(parts);
    for (int i = 0; i < lesser.length && line(left).length() > columns; i++) {
      left.set(lesser[i], "");
    }
    String line = line(left);
    print(line.substring(0, Math.min(columns, line.length())));
  }

  private static String line(List<String> parts) {
    return String.join("  ", parts.stream().filter(part -> !part.isEmpty()).toList());
  }

  /** Something else was said: the next line comes a while later. */
  void postpone() {
    shown = clock.getAsLong();
  }

  /** Makes room for a line that stays. */
  void clear() {
    if (width > 0) {
      print("");
      console.err().print('\r');
      width = 0;
    }
  }

  private void print(String text) {
    console.err().print('\r' + text + " ".repeat(Math.max(0, width - text.length())));
    console.err().flush();
    width = text.length();
  }
}
