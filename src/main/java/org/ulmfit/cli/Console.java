package org.ulmfit.cli;

import java.io.InputStream;
import java.io.PrintStream;
import org.ulmfit.UlmfitException;

/** Where a command reads and writes: data on {@code out}, words and progress on {@code err}. */
final class Console {
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;
  private final int columns;
  private boolean quiet;
  private boolean verbose;

  /**
   * @param terminal whether {@code err} is a terminal, so that a line may be rewritten
   */
  Console(InputStream in, PrintStream out, PrintStream err, boolean terminal) {
    this(in, out, err, terminal, Terminal.columns());
  }

  /**
   * @param columns of the terminal
   */
  Console(InputStream in, PrintStream out, PrintStream err, boolean terminal, int columns) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.columns = columns;
  }

  InputStream in() {
    return in;
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  boolean terminal() {
    return terminal;
  }

  int columns() {
    return columns;
  }

  boolean quiet() {
    return quiet;
  }

  boolean verbose() {
    return verbose;
  }

  void quiet(boolean quiet) {
    this.quiet = quiet;
  }

  void verbose(boolean verbose) {
    this.verbose = verbose;
  }

  /** A line of words; none under {@code --quiet}. */
  void say(String line) {
    if (!quiet) {
      out.flush(); // so that a terminal shows both in order
      err.print(line + "\n"); // the same on every system, as data is
    }
  }

  /** A line of data. */
  void data(String line) {
    out.print(line);
    out.print('\n');
  }

  /**
   * Hands buffered data on.
   *
   * @throws UlmfitException (failure) if nobody reads it any more
   */
  void flush() {
    out.flush();
    if (out.checkError()) {
      throw UlmfitException.failure(
          "standard output cannot be written; it was closed, or the disk is full", null);
    }
  }
}
