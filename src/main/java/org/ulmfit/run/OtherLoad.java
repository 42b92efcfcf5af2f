package org.ulmfit.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ulmfit.Shown;

/**
 * How many cores other processes keep busy, from two readings of Linux's {@code /proc/stat} while
 * the program does its own work; its own share is taken off. Silent on other systems.
 *
 * <pre>
 * cpu  user nice system idle iowait irq softirq steal ...   (proc(5), ticks since boot, all cores)
 * </pre>
 */
public final class OtherLoad {
  private static final Path STAT = Path.of("/proc/stat");
  private static final double NOTICED = 0.3; // cores
  private static final int USER = 1;
  private static final int IDLE = 4;
  private static final int STEAL = 8;

  /**
   * Readings since boot.
   *
   * @param busy ticks of all processes
   * @param all ticks of all cores, idle or not
   * @param ownNanos processor time of this process
   */
  record Reading(long busy, long all, long ownNanos) {}

  private final Optional<Reading> start;

  private OtherLoad(Optional<Reading> start) {
    this.start = start;
  }

  /** Starts to watch. */
  public static OtherLoad watch() {
    return new OtherLoad(read());
  }

  /** Cores that others used since; empty where it cannot be told or after less than 0.2 s. */
  public Optional<Double> cores() {
    int processors = Runtime.getRuntime().availableProcessors();
    return start.flatMap(a -> read().flatMap(b -> between(a, b, processors)));
  }

  /** A line for the user, if others slow a job of all cores down. */
  public Optional<String> warning() {
    int processors = Runtime.getRuntime().availableProcessors();
    return cores().filter(others -> others >= NOTICED).map(others -> warning(others, processors));
  }

  static String warning(double others, int processors) {
    return Shown.format(
        "the machine is busy: other processes use %.1f of %d cores; training may take %.1f times as"
            + " long",
        others, processors, slowdown(others, processors));
  }

  /** The threads of a step wait for the one that shares its core. */
  private static double slowdown(double others, int processors) {
    return 1 + Math.max(Math.min(others, 1), others / processors);
  }

  static Optional<Double> between(Reading a, Reading b, int processors) {
    double perCore = (double) (b.all - a.all) / processors; // ticks of wall time
    double seconds = perCore / 100; // USER_HZ is 100 on every architecture Java 17 runs on
    if (seconds < 0.2) {
      return Optional.empty();
    }
    double busy = (b.busy - a.busy) / perCore;
    double own = (b.ownNanos - a.ownNanos) / 1e9 / seconds;
    return Optional.of(Math.max(0, busy - own));
  }

  /** The first line of {@code /proc/stat}. */
  static Optional<Reading> parse(String line, long ownNanos) {
    String[] fields = line.split("\\s+");
    if (!fields[0].equals("cpu") || fields.length <= STEAL) {
      return Optional.empty();
    }
    long all = 0;
    for (int i = USER; i <= STEAL; i++) {
      all += Long.parseLong(fields[i]);
    }
    long idle = Long.parseLong(fields[IDLE]) + Long.parseLong(fields[IDLE + 1]);
    return Optional.of(new Reading(all - idle, all, ownNanos));
  }

  private static Optional<Reading> read() {
    if (!Files.isReadable(STAT)) {
      return Optional.empty();
    }
    try (var lines = Files.lines(STAT)) {
      long own = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
      return lines.findFirst().flatMap(line -> parse(line, own));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // another kind of system than it seems: nothing is told of it
    }
  }
}
