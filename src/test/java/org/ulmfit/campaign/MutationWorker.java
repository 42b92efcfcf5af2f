package org.ulmfit.campaign;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.ulmfit.UlmfitException;

/**
 * Hands mutants to one parser, in a small heap. Each must be read, or refused in one line as data,
 * model or option that cannot be used; anything else is a finding, a line of JSON on stdout.
 */
public final class MutationWorker {
  static final long LIMIT_MILLIS = 2000;
  static final int HUNG = 99;

  /** Index of the mutant at work (-1: none yet), accepted, refused, nanoseconds of the slowest. */
  static final int PROGRESS_BYTES = 4 * Long.BYTES;

  private static final Set<UlmfitException.Kind> REFUSALS =
      EnumSet.of(
          UlmfitException.Kind.USAGE,
          UlmfitException.Kind.BAD_DATA,
          UlmfitException.Kind.BAD_MODEL);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Target target;
  private final long seed;
  private final MappedByteBuffer progress;
  private volatile long startedNanos;
  private volatile boolean working;
  private long accepted;
  private long refused;
  private long slowest;

  private MutationWorker(Target target, long seed, MappedByteBuffer progress) {
    this.target = target;
    this.seed = seed;
    this.progress = progress;
  }

  /** Arguments: target, seed, first index, index after the last, folder. */
  public static void main(String[] args) throws IOException {
    Path dir = Files.createDirectories(Path.of(args[4]));
    Target target = new Targets(dir).of(args[0]);
    try (FileChannel channel =
        FileChannel.open(
            dir.resolve("progress"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      MappedByteBuffer progress = channel.map(FileChannel.MapMode.READ_WRITE, 0, PROGRESS_BYTES);
      MutationWorker worker = new MutationWorker(target, Long.parseLong(args[1]), progress);
      worker.run(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    }
    System.exit(0);
  }

  /** The mutant of an index. */
  static byte[] input(Target target, long seed, int index) {
    long own = seed * 1_000_003 + target.name().hashCode() + index * 7_919L;
    return Mutator.mutant(target.seeds(), new Random(own));
  }

  private void run(int from, int to) throws IOException {
    for (byte[] whole : target.seeds()) {
      attempt(-1, whole);
      if (refused > 0) {
        throw new IOException(
            target.name() + ": refuses what it is to be damaged from, see stdout");
      }
    }
    Thread watch = new Thread(this::watch, "watch");
    watch.setDaemon(true);
    watch.start();
    accepted = 0;
    slowest = 0;
    for (int index = from; index < to; index++) {
      progress.putLong(0, index);
      attempt(index, input(target, seed, index));
      progress.putLong(Long.BYTES, accepted);
      progress.putLong(2 * Long.BYTES, refused);
      progress.putLong(3 * Long.BYTES, slowest);
    }
  }

  private void attempt(int index, byte[] input) {
    startedNanos = System.nanoTime();
    working = index >= 0;
    try {
      target.reading().read(input);
      accepted++;
    } catch (UlmfitException e) {
      refused++;
      if (index < 0 || !REFUSALS.contains(e.kind())) {
        finding(index, "refused as " + e.kind() + ": " + e.getMessage(), input);
      } else if (e.getMessage().lines().count() != 1) {
        finding(index, "not one line: " + e.getMessage(), input);
      }
    } catch (Throwable e) { // whatever it is, it is a finding
      refused++;
      StackTraceElement[] at = e.getStackTrace();
      finding(index, e + (at.length == 0 ? "" : " at " + at[0]), input);
    }
    working = false;
    slowest = Math.max(slowest, System.nanoTime() - startedNanos);
  }

  private void finding(int index, String what, byte[] input) {
    try {
      System.out.println(
          JSON.writeValueAsString(
              Journal.line()
                  .put("index", index)
                  .put("what", what)
                  .put("input", Base64.getEncoder().encodeToString(input))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(100);
        if (working && (System.nanoTime() - startedNanos) / 1_000_000 > LIMIT_MILLIS) {
          Runtime.getRuntime().halt(HUNG);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
