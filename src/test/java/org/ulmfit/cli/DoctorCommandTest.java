package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Version;

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

  @Test
  void theProcessorTellsWhetherItHasBf16(@TempDir Path dir) throws IOException {
    Path x86 =
        Files.writeString(dir.resolve("x86"), "model name\t: x\nflags\t\t: fpu avx512_bf16 sse\n");
    assertEquals(
        "in this processor (avx512_bf16)", DoctorCommand.bf16(DoctorCommand.cpuFlags(x86)));
    Path arm = Files.writeString(dir.resolve("arm"), "Features\t: fp asimd bf16\n");
    assertEquals("in this processor (bf16)", DoctorCommand.bf16(DoctorCommand.cpuFlags(arm)));
    Path old = Files.writeString(dir.resolve("old"), "flags\t: fpu sse\n");
    assertTrue(DoctorCommand.bf16(DoctorCommand.cpuFlags(old)).startsWith("not in this processor"));
    assertEquals(
        "cannot tell on this system",
        DoctorCommand.bf16(DoctorCommand.cpuFlags(dir.resolve("no"))));
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
