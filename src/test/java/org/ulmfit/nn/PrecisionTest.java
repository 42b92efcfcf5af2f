package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecisionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fp32 | true  | fp32 | precision: fp32",
        "FP32 | false | fp32 | precision: fp32",
        "bf16 | true  | bf16 | precision: bf16",
        "bf16 | false | bf16 | precision: bf16 (no bf16 found in this CPU: fp32 is likely faster)",
        "auto | true  | bf16 | precision: bf16 (auto: this CPU has bf16)",
        "AUTO | false | fp32 | precision: fp32 (auto: no bf16 found in this CPU)",
      })
  void whatASettingMeansAndHowItIsTold(
      String setting, boolean capable, String chosen, String line) {
    assertEquals(chosen, Precision.name(Precision.of(setting, capable)));
    assertEquals(line, Precision.line(setting, "CPU", capable));
  }

  @Test
  void autoFollowsTheProcessor() {
    boolean capable = Precision.hasBfloat16(Device.cpu());
    assertEquals(Precision.of("auto", capable), Precision.of("auto", Device.cpu()));
    assertEquals(Kernels.Arithmetic.FLOAT32, Precision.of("fp32", Device.cpu()));
  }
}
