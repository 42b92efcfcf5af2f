package org.ulmfit.train;

import ai.djl.Device;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ulmfit.Shown;
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

  /** Bytes of the averages of weights and of a copy while they are exchanged; 0 without any. */
  public static long ofAverages(List<LayerGroup> groups, double ema) {
    return ema == 0 ? 0 : groups.stream().mapToLong(LayerGroup::size).sum() * 2 * Float.BYTES;
  }

  /**
   * Of a training of these groups in this process.
   *
   * @param activations bytes that the largest batch keeps for its gradients
   * @param scratch bytes that its loss needs besides
   */
  public static MemoryEstimate of(List<LayerGroup> groups, long activations, long scratch) {
    long parameters = groups.stream().mapToLong(LayerGroup::size).sum();
    return of(Runtime.getRuntime().totalMemory(), parameters, activations, scratch);
  }

  static MemoryEstimate of(long heap, long parameters, long activations, long scratch) {
    return new MemoryEstimate(
        LIBRARIES + heap + parameters * BYTES_A_PARAMETER + activations + scratch);
  }

  /** One line. */
  public String line() {
    return "memory: about " + gigabytes(bytes);
  }

  /**
   * One line if this machine has less than that.
   *
   * @param device where the run computes; on a GPU there is no line, since its memory is another
   * @param lower settings that would help, in words
   */
  public Optional<String> warning(Device device, String lower) {
    return device.isGpu() ? Optional.empty() : warning(available(), lower);
  }

  Optional<String> warning(long available, String lower) {
    return bytes <= available
        ? Optional.empty()
        : Optional.of(
            Shown.format(
                "WARNING: this run will need about %s of memory, %s can be had; lower %s",
                gigabytes(bytes), gigabytes(available), lower));
  }

  /**
   * Bytes that this process can have without swapping: what it holds and what Linux says is to be
   * had, on Windows the heap and what is free; in a container no more than that may have. macOS
   * calls memory free that nobody has asked for yet, which is next to none, and gives away what it
   * keeps of files when asked: there, all of it.
   */
  static long available() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long all;
    try {
      all = kilobytes("/proc/meminfo", "MemAvailable:") + kilobytes("/proc/self/status", "VmRSS:");
    } catch (IOException e) { // not Linux
      boolean mac = System.getProperty("os.name").startsWith("Mac");
      all = mac ? Long.MAX_VALUE : system.getFreeMemorySize() + Runtime.getRuntime().totalMemory();
    }
    return Math.min(all, system.getTotalMemorySize());
  }

  /** A line's number, in bytes. */
  private static long kilobytes(String file, String name) throws IOException {
    for (String line : Files.readAllLines(Path.of(file))) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException(file + " has no " + name);
  }

  private static String gigabytes(long bytes) {
    return Shown.format("%.1f GB", bytes / 1e9);
  }
}
