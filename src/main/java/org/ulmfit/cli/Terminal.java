package org.ulmfit.cli;

import java.util.stream.Stream;

/** What stderr is. */
final class Terminal {
  private static final int USUAL = 80;
  private static final int NARROWEST = 20;

  private Terminal() {}

  /**
   * Whether stderr is a terminal. The launcher says so in {@code ulmfit.terminal}; without it Java
   * only knows whether stdin and stdout are.
   */
  static boolean stderr() {
    String told = System.getProperty("ulmfit.terminal");
    boolean terminal = told == null ? isConsole() : Boolean.parseBoolean(told);
    return terminal && !"dumb".equals(System.getenv("TERM"));
  }

  /** How wide it is. The launcher says so in {@code ulmfit.columns}; 80 where nobody knows. */
  static int columns() {
    int told = Integer.getInteger("ulmfit.columns", USUAL);
    return told < NARROWEST ? USUAL : told; // 0: the terminal does not know
  }

  /** Colour: if stdout is a terminal too, unless {@code NO_COLOR} is set (no-color.org). */
  static boolean colour(Console console) {
    String noColor = System.getenv("NO_COLOR");
    return console.terminal()
        && isConsole()
        && (noColor == null || noColor.isEmpty())
        && (!System.getProperty("os.name").startsWith("Windows") || isTold());
  }

  /** Whether a Windows console says that it obeys escape sequences; the old one prints them. */
  private static boolean isTold() {
    return Stream.of("WT_SESSION", "ANSICON", "ConEmuANSI", "TERM")
        .anyMatch(name -> System.getenv(name) != null);
  }

  /** Java 22 to 24 have a console without a terminal too, unless they are asked for the old one. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isConsole() {
    System.setProperty("jdk.console", "java.base");
    return System.console() != null;
  }
}
