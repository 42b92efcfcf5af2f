package org.ulmfit.nn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What this process holds in memory, from Linux's {@code /proc/self}. */
public final class NativeMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path MAPS = Path.of("/proc/self/smaps");

  private NativeMemory() {}

  public static boolean known() {
    return Files.isReadable(STATUS) && Files.isReadable(MAPS);
  }

  /** Resident bytes of the process. */
  public static long resident() {
    return kilobytes(lineOf("VmRSS:")) << 10;
  }

  /** Most resident bytes the process has had. */
  public static long peak() {
    return kilobytes(lineOf("VmHWM:")) << 10;
  }

  /**
   * Resident bytes outside the Java heap, whose pages become resident as the collector reaches
   * them. The Java heap is the one run of adjacent mappings that is as large as its limit, and not
   * much larger, and not malloc's.
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

  private static String lineOf(String key) {
    return read(STATUS).stream().filter(line -> line.startsWith(key)).findFirst().orElseThrow();
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
