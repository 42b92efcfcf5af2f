package org.ulmfit.nn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process holds in memory, from Linux's {@code /proc}. */
public final class NativeMemory {

  private static final Path SELF = Path.of("/proc/self/status");
  private static final Path MAPS = Path.of("/proc/self/smaps");

  private NativeMemory() {}

  public static boolean known() {
    return Files.isReadable(SELF) && Files.isReadable(MAPS);
  }

  /** Resident bytes of this process. */
  public static long resident() {
    return own("VmRSS:");
  }

  /**
   * Resident bytes of another process.
   *
   * @throws IOException if it has ended, or there is no {@code /proc}
   */
  public static long resident(long pid) throws IOException {
    return bytes(status(pid), "VmRSS:");
  }

  /** Most resident bytes this process has had. */
  public static long peak() {
    return own("VmHWM:");
  }

  /**
   * Most resident bytes another process has had.
   *
   * @throws IOException if it has ended, or there is no {@code /proc}
   */
  public static long peak(long pid) throws IOException {
    return bytes(status(pid), "VmHWM:");
  }

  /**
   * Resident bytes of this process outside the Java heap, whose pages become resident as the
   * collector reaches them. The Java heap is the one run of adjacent mappings that is as large as
   * its limit, and not much larger, and not malloc's.
   */
  public static long outsideHeap() {
    long all = 0;
    long runSize = 0;
    long runResident = 0;
    long end = -1;
    boolean malloc = false;
    for (String line : read(MAPS)) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        long from = Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16);
        if (from != end || malloc || line.endsWith("[heap]")) {
          all += !malloc && isJavaHeap(runSize) ? 0 : runResident;
          runSize = 0;
          runResident = 0;
        }
        malloc = line.endsWith("[heap]");
        end = Long.parseUnsignedLong(line.substring(line.indexOf('-') + 1, line.indexOf(' ')), 16);
        runSize += end - from;
      } else if (line.startsWith("Rss:")) {
        runResident += kilobytes(line) << 10;
      }
    }
    return all + runResident;
  }

  private static boolean isJavaHeap(long size) {
    long most = Runtime.getRuntime().maxMemory(); // a survivor space less than the mapping
    return size >= most && size <= most * 5 / 4;
  }

  private static Path status(long pid) {
    return Path.of("/proc", Long.toString(pid), "status");
  }

  private static long own(String key) {
    try {
      return bytes(SELF, key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long bytes(Path status, String key) throws IOException {
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith(key)) {
        return kilobytes(line) << 10;
      }
    }
    throw new IOException(status + ": no " + key + " the process has ended");
  }

  private static long kilobytes(String line) {
    return Long.parseLong(line.replaceAll("\\D", ""));
  }

  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
