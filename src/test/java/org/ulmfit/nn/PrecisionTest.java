package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecisionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bf16 | NATIVE  |      | bf16 | precision: bf16",
        "bf16 | WIDENED |      | bf16 | precision: bf16 (no bf16 found in this CPU: fp32 is faster)",
        "BF16 | PLAIN   |      | bf16 | precision: bf16 (no bf16 found in this CPU: fp32 is faster)",
        "auto | NATIVE  |      | bf16 | precision: bf16 (auto: this CPU has bf16)",
        "AUTO | WIDENED |      | fp32 | precision: fp32 (auto: no bf16 found in this CPU)",
        "auto | PLAIN   |      | fp32 | precision: fp32 (auto: no bf16 found in this CPU)",
        "auto | NATIVE  | bf16 | bf16 | precision: bf16 (auto: this CPU has bf16)",
        "auto | NATIVE  | fp32 | fp32 | precision: fp32 (as the run was begun; this CPU has bf16)",
        "auto | PLAIN   | fp32 | fp32 | precision: fp32 (auto: no bf16 found in this CPU)",
        "auto | PLAIN   | bf16 | bf16 | precision: bf16 (as the run was begun; no bf16 found in this"
            + " CPU: fp32 is faster)",
      })
  void whatASettingMeansAndHowItIsTold(
      String setting, Bfloat16 found, String begun, String chosen, String line) {
    Precision precision = Precision.of(setting, "CPU", found, Optional.ofNullable(begun));
    assertEquals(chosen, precision.name());
    assertEquals(line, precision.line());
    boolean slow = chosen.equals("bf16") && found != Bfloat16.NATIVE;
    assertEquals(slow, precision.advice().isPresent());
    precision.advice().ifPresent(advice -> assertTrue(advice.contains("--precision fp32")));
  }

  @Test
  @Tag("engine")
  void fp32AsksNobody() {
    Precision precision = Precision.of("FP32", Device.cpu());
    assertEquals(Kernels.Arithmetic.FLOAT32, precision.arithmetic());
    assertEquals("precision: fp32", precision.line());
  }

  /**
   * The flags say what a processor could do, the engine's limit what it may; under a limit below
   * bfloat16 trying must come to less. This test runs in processes under such limits, too.
   */
  @Test
  @Tag("engine")
  void whatIsTriedAgreesWithProcessorAndLimit() throws IOException {
    Bfloat16 found = Bfloat16.of(Device.cpu());
    String limit = System.getenv().getOrDefault("ONEDNN_MAX_CPU_ISA", "");
    Path cpuinfo = Path.of("/proc/cpuinfo");
    String flags = Files.exists(cpuinfo) ? Files.readString(cpuinfo) : "";
    if (limit.equals("AVX2")) {
      assertEquals(Bfloat16.PLAIN, found);
    } else if (limit.equals("AVX512_CORE")) {
      assertEquals(flags.contains("avx512bw") ? Bfloat16.WIDENED : Bfloat16.PLAIN, found);
    } else {
      boolean has = flags.contains("avx512_bf16") || flags.contains("amx_bf16");
      assertEquals(has, found == Bfloat16.NATIVE);
    }
    String chosen = found == Bfloat16.NATIVE ? "bf16" : "fp32";
    assertEquals(chosen, Precision.of("auto", Device.cpu()).name());
    try (Kernels half = Kernels.load(Device.cpu(), Kernels.Arithmetic.BFLOAT16);
        Kernels single = Kernels.load(Device.cpu(), Kernels.Arithmetic.FLOAT32)) {
      assertEquals(found != Bfloat16.PLAIN, half.packs());
      assertTrue(single.packs());
      assertEquals(Rounding.of(half), Rounding.of(half));
      assertNotEquals(Rounding.of(half), Rounding.of(single));
    }
  }
}
