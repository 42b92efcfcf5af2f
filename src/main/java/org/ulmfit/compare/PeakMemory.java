package org.ulmfit.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The most memory that this process has had resident since the mark was set: heap, engine and files
 * that are mapped. Linux keeps that mark and sets it back on request; elsewhere it is not measured.
 */
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");
  private static final String MARK = "VmHWM:";

  private PeakMemory() {}

  /**
   * Sets the mark back to what is resident now, after the heap has been cleared of what nobody
   * needs.
   *
   * @return whether that can be done here
   */
  static boolean reset() {
    System.gc();
    try {
      Files.writeString(CLEAR, "5"); // proc(5): the peak resident set size
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Bytes; empty where it is not measured. */
  static OptionalLong bytes() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(MARK)) { // "VmHWM:   12345 kB"
          return OptionalLong.of(1024 * Long.parseLong(line.replaceAll("\\D", "")));
        }
      }
    } catch (IOException e) {
      // told as not measured
    }
    return OptionalLong.empty();
  }
}
