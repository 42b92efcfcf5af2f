package org.ulmfit.nn;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Which arithmetic a precision setting means on this machine. */
public final class Precision {

  private Precision() {}

  /**
   * @param setting {@code fp32 | bf16 | auto}, any case; auto takes bf16 where the device computes
   *     in it
   */
  public static Kernels.Arithmetic of(String setting, Device device) {
    return of(setting, hasBfloat16(device));
  }

  static Kernels.Arithmetic of(String setting, boolean capable) {
    return switch (setting.toLowerCase(Locale.ROOT)) {
      case "fp32" -> Kernels.Arithmetic.FLOAT32;
      case "bf16" -> Kernels.Arithmetic.BFLOAT16;
      default -> capable ? Kernels.Arithmetic.BFLOAT16 : Kernels.Arithmetic.FLOAT32;
    };
  }

  /** The arithmetic as a recipe writes it. */
  public static String name(Kernels.Arithmetic arithmetic) {
    return arithmetic == Kernels.Arithmetic.BFLOAT16 ? "bf16" : "fp32";
  }

  /** One line: what was chosen and why. */
  public static String line(String setting, Device device) {
    return line(setting, device.isGpu() ? "GPU" : "processor", hasBfloat16(device));
  }

  static String line(String setting, String device, boolean capable) {
    String chosen = name(of(setting, capable));
    if (setting.equalsIgnoreCase("auto")) {
      String has = capable ? "this " + device + " has bf16" : "no bf16 found in this " + device;
      return "precision: " + chosen + " (auto: " + has + ")";
    }
    boolean slow = chosen.equals("bf16") && !capable;
    return "precision: "
        + chosen
        + (slow ? " (no bf16 found in this " + device + ": fp32 is likely faster)" : "");
  }

  /**
   * Whether a device has bfloat16 instructions: AVX512_BF16 or AMX in a processor, as Linux lists
   * them; compute capability 8.0 (Ampere) in a GPU.
   */
  public static boolean hasBfloat16(Device device) {
    if (device.isGpu()) {
      return Integer.parseInt(CudaUtils.getComputeCapability(device.getDeviceId())) >= 80;
    }
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
