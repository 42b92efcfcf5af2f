package org.ulmfit.io;

import java.io.OutputStream;
import java.nio.file.Path;

/** Files that are whole or absent. */
public final class AtomicFiles {
  public static void writeString(Path file, String text) {
    throw new UnsupportedOperationException();
  }

  public static void write(Path file, byte[] bytes) {
    throw new UnsupportedOperationException();
  }

  public static void write(Path file, IOConsumer<OutputStream> body) {
    throw new UnsupportedOperationException();
  }

  public static void syncDirectory(Path dir) {
    throw new UnsupportedOperationException();
  }

  private AtomicFiles() {}
}
