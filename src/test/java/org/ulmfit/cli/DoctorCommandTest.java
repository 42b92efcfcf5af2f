package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulmfit.Version;
import org.ulmfit.nn.Bfloat16;

class DoctorCommandTest {

  @Test
  @Tag("engine")
  void everyLineHasItsName() {
    List<String> lines = Cli.run("doctor").ok().lines();
    for (String name :
        List.of(
            "ulmfit: " + Version.version(),
            "java: ",
            "system: ",
            "heap: ",
            "installation: ",
            "pretrained: ",
            "engine: PyTorch " + Version.libtorch(),
            "device: ",
            "threads: ",
            "native libraries: ",
            "bf16: ")) {
      assertEquals(1, lines.stream().filter(l -> l.startsWith(name)).count(), name + " " + lines);
    }
    String libraries =
        lines.stream().filter(l -> l.startsWith("native libraries: ")).findFirst().orElseThrow();
    assertTrue(Files.isDirectory(Path.of(libraries.split(": ", 2)[1].split(" \\(")[0])), libraries);
  }

  @Test
  void aDeviceThatIsNotThereIsAnErrorOfUse() {
    assertTrue(Cli.run("doctor", "--device", "tpu").err().contains("tpu"));
    assertEquals(2, Cli.run("doctor", "--device", "tpu").code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NATIVE  | tried: computed natively; --precision auto takes bf16",
        "WIDENED | tried: each product is made in float32; --precision auto takes fp32, which is faster",
        "PLAIN   | tried: the engine has no LSTM for reading in it, a plain one reads; --precision auto"
            + " takes fp32, which is faster",
      })
  void whatWasTriedIsTold(Bfloat16 found, String line) {
    assertEquals(line, DoctorCommand.bf16(found, false));
    assertEquals(line.replace("tried", "by compute capability"), DoctorCommand.bf16(found, true));
  }

  @Test
  void missingSettingsAreHintedAt() {
    assertEquals(List.of(), DoctorCommand.environment(DoctorCommand.ENVIRONMENT::get, "Linux"));
    List<String> hints = DoctorCommand.environment(Map.<String, String>of()::get, "Linux");
    assertEquals(DoctorCommand.ENVIRONMENT.size(), hints.size());
    assertTrue(hints.get(0).startsWith("MALLOC_ARENA_MAX=1 is not set"), hints.get(0));
    assertEquals(List.of(), DoctorCommand.environment(n -> null, "Windows 11"));
  }
}
