package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CountdownTest {

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private long seconds;

  private Countdown countdown(boolean terminal, boolean quiet) {
    PrintStream print = new PrintStream(err, true, StandardCharsets.UTF_8);
    Console console = new Console(InputStream.nullInputStream(), print, print, terminal);
    console.quiet(quiet);
    return new Countdown(console, "scored", "tokens", 12_000, () -> seconds * 1_000_000_000L);
  }

  private String after(Countdown countdown, long... reports) {
    for (long done : reports) {
      seconds += 10;
      countdown.at(done);
    }
    countdown.end();
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aLineEveryFifteenSecondsAndOneAtTheEnd() {
    assertEquals(
        """
        scored 4,000 of 12,000 tokens  200/s  40 s left
        scored 8,000 of 12,000 tokens  200/s  20 s left
        scored 12,000 tokens in 1:00, 200/s
        """,
        after(countdown(false, false), 2000, 4000, 6000, 8000, 10_000, 12_000));
  }

  @Test
  void aTerminalsLineIsRewritten() {
    String text = after(countdown(true, false), 6000, 12_000);
    String live = "\rscored 6,000 of 12,000 tokens  600/s  10 s left";
    String gone = "\r" + " ".repeat(live.length() - 1) + "\r";
    assertEquals(live + gone + "scored 12,000 tokens in 20 s, 600/s\n", text);
  }

  @Test
  void aTerminalsLineIsNoWiderThanIt() {
    PrintStream print = new PrintStream(err, true, StandardCharsets.UTF_8);
    Console narrow = new Console(InputStream.nullInputStream(), print, print, true, 30);
    Countdown countdown =
        new Countdown(narrow, "scored", "tokens", 12_000, () -> seconds * 1_000_000_000L);
    seconds = 10;
    countdown.at(6000);
    assertEquals("\rscored 6,000 of 12,000 tokens", err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void quietSaysNothing() {
    assertEquals("", after(countdown(true, true), 6000, 12_000));
  }
}
