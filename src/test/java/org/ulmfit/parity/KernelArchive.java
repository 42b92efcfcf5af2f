package org.ulmfit.parity;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ulmfit.io.TorchScriptArchive;
import org.ulmfit.nn.Kernels;

/** Writes the float32 kernels as the archive that the engine loads: {@code KernelArchive FILE}. */
public final class KernelArchive {

  private KernelArchive() {}

  public static void main(String[] args) throws IOException {
    try (OutputStream out = Files.newOutputStream(Path.of(args[0]))) {
      TorchScriptArchive.write(out, Kernels.source(Kernels.Arithmetic.FLOAT32));
    }
  }
}
