package org.ulmfit.nn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Which arithmetic a precision setting means on this machine. */
public final class Precision {

  private Precision() {}

  /**
   * @param setting {@code fp32 | bf16 | auto}, any case; auto takes bf16 where the processor
   *     computes in it
   */
  public static Kernels.Arithmetic of(String setting) {
    return switch (setting.toLowerCase(Locale.ROOT)) {
      case "fp32" -> Kernels.Arithmetic.FLOAT32;
      case "bf16" -> Kernels.Arithmetic.BFLOAT16;
      default -> hasBfloat16() ? Kernels.Arithmetic.BFLOAT16 : Kernels.Arithmetic.FLOAT32;
    };
  }

  /** Whether the processor has bfloat16 instructions (AVX512_BF16 or AMX); Linux only. */
  public static boolean hasBfloat16() {
    Path cpuinfo = Path.of("/proc/cpuinfo");
    try {
      if (!Files.isReadable(cpuinfo)) {
        return false;
      }
      String text = Files.readString(cpuinfo);
      return text.contains("avx512_bf16") || text.contains("amx_bf16");
    } catch (IOException e) {
      return false;
    }
  }
}
