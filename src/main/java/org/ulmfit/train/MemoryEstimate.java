package org.ulmfit.train;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.LayerGroup;

/**
 * What a training run will hold in memory at most, from its sizes; fitted to runs of both tasks,
 * {@code docs/benchmarks.md}. The Java heap counts as it is when the estimate is made, after the
 * data was prepared.
 *
 * @param bytes of the whole process
 */
public record MemoryEstimate(long bytes) {

  /** The JVM without its heap, the engine's libraries and what they keep. */
  private static final long LIBRARIES = 250L << 20;

  /** Weight, gradient and two moments in float32. */
  private static final long BYTES_A_PARAMETER = 16;

  /**
   * @param activations bytes that the largest batch keeps for its gradients
   * @param scratch bytes that its loss needs besides
   */
  public static MemoryEstimate of(List<LayerGroup> groups, long activations, long scratch) {
    long parameters = groups.stream().mapToLong(LayerGroup::size).sum();
    long heap = Runtime.getRuntime().totalMemory();
    return new MemoryEstimate(
        LIBRARIES + heap + parameters * BYTES_A_PARAMETER + activations + scratch);
  }

  /**
   * Bytes that a batch keeps in the encoder.
   *
   * @param tokens rows times steps, padding included
   * @param floats numbers of four bytes that a token keeps for each unit of a layer's output
   */
  public static long activations(AwdLstm.Sizes sizes, long tokens, double floats) {
    long units = IntStream.range(0, sizes.layers()).mapToLong(sizes::out).sum();
    return Math.round(tokens * units * floats * Float.BYTES);
  }

  /** One line. */
  public String line() {
    return "memory: about " + gigabytes(bytes);
  }

  /**
   * One line if this machine has less than that free.
   *
   * @param lower settings that would help, in words
   */
  public Optional<String> warning(String lower) {
    return warning(available(), lower);
  }

  Optional<String> warning(long available, String lower) {
    return bytes <= available
        ? Optional.empty()
        : Optional.of(
            "WARNING: this run will need about %s of memory, %s are free; lower %s"
                .formatted(gigabytes(bytes), gigabytes(available), lower));
  }

  /**
   * Bytes that a process can still take without swapping: what Linux says, elsewhere what is free;
   * in a container no more than it may have.
   */
  static long available() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long free = system.getFreeMemorySize();
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith("MemAvailable:")) {
          free = Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
    } catch (IOException e) {
      // not Linux
    }
    return Math.min(free + Runtime.getRuntime().totalMemory(), system.getTotalMemorySize());
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
