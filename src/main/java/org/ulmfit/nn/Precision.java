package org.ulmfit.nn;

import ai.djl.Device;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.ulmfit.UlmfitException;

/**
 * The arithmetic that a setting comes to on a device.
 *
 * @param why in words, for {@link #line}; empty where the setting says it all
 * @param advice what would be faster
 */
public record Precision(Kernels.Arithmetic arithmetic, String why, Optional<String> advice) {

  private static final Set<String> SETTINGS = Set.of("fp32", "bf16", "auto");

  /**
   * For a new run.
   *
   * @param setting {@code fp32 | bf16 | auto}, any case; auto takes bf16 where the device computes
   *     in it natively
   * @throws UlmfitException (usage) for any other
   */
  public static Precision of(String setting, Device device) {
    return of(setting, device, Optional.empty());
  }

  /**
   * For a run that may have been begun.
   *
   * @param begun name of the arithmetic that a run to be resumed was begun in; auto keeps it
   */
  public static Precision of(String setting, Device device, Optional<String> begun) {
    if (!SETTINGS.contains(setting.toLowerCase(Locale.ROOT))) {
      throw UlmfitException.usage("precision " + setting + ": expected fp32, bf16 or auto");
    }
    String where = device.isGpu() ? "GPU" : "processor";
    return setting.equalsIgnoreCase("fp32")
        ? new Precision(Kernels.Arithmetic.FLOAT32, "", Optional.empty())
        : of(setting, where, Bfloat16.of(device), begun);
  }

  static Precision of(String setting, String device, Bfloat16 found, Optional<String> begun) {
    boolean auto = setting.equalsIgnoreCase("auto");
    boolean has = found == Bfloat16.NATIVE;
    String chosen = auto ? begun.orElse(has ? "bf16" : "fp32") : setting.toLowerCase(Locale.ROOT);
    Kernels.Arithmetic arithmetic =
        chosen.equals("bf16") ? Kernels.Arithmetic.BFLOAT16 : Kernels.Arithmetic.FLOAT32;
    boolean slow = chosen.equals("bf16") && !has;
    boolean kept = auto && chosen.equals("bf16") != has;
    String finding = has ? "this " + device + " has bf16" : "no bf16 found in this " + device;
    String why = slow ? finding + ": fp32 is faster" : auto ? finding : "";
    String origin = kept ? "as the run was begun; " : auto ? "auto: " : "";
    Optional<String> advice =
        slow
            ? Optional.of("reading in bf16, though " + finding + ": --precision fp32 is faster")
            : Optional.empty();
    return new Precision(arithmetic, origin + why, advice);
  }

  /** The arithmetic as a recipe writes it. */
  public String name() {
    return name(arithmetic);
  }

  /** The arithmetic as a recipe writes it. */
  public static String name(Kernels.Arithmetic arithmetic) {
    return arithmetic == Kernels.Arithmetic.BFLOAT16 ? "bf16" : "fp32";
  }

  /** One line: what was chosen and why. */
  public String line() {
    return "precision: " + name() + (why.isEmpty() ? "" : " (" + why + ")");
  }
}
