package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.JavaProcess;
import org.ulmfit.nn.Precision;

/**
 * A run that is begun on one kind of processor and resumed on another keeps its arithmetic, and
 * says that it will not end with the same bytes. Where this processor has AVX2 alone, both are one.
 */
@Tag("engine")
class ResumeElsewhereTest {

  private static final String OTHER =
      "the checkpoint was made on another kind of processor, which rounds";

  @TempDir Path dir;
  private Path out;

  /** The command line in a process of its own, stopped after its first step. */
  static final class Begun {
    public static void main(String[] arguments) {
      System.exit(begin(System.err, arguments));
    }
  }

  private static int begin(OutputStream err, String... arguments) {
    OutputStream stopping =
        new FilterOutputStream(err) {
          private final StringBuilder said = new StringBuilder();

          @Override
          public void write(int b) throws IOException {
            super.write(b);
            said.append((char) b);
            if (said.indexOf("lm phase 1 of 1") >= 0) {
              said.setLength(0);
              Interrupts.requestStop();
            }
          }
        };
    return Main.run(
        arguments,
        InputStream.nullInputStream(),
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
        new PrintStream(stopping, true, StandardCharsets.UTF_8),
        false);
  }

  @BeforeEach
  void copyTheSample() {
    SampleReviews.copy(dir);
    out = dir.resolve("run");
  }

  private String[] command(String... more) {
    Stream<String> all =
        Stream.of(
                Stream.of("lm-finetune", "" + dir.resolve(SampleReviews.TRAIN), "--out=" + out),
                Stream.of("--from-scratch", "--limit=80", "--precision=auto", "--threads=1"),
                TinyRun.SIZES.stream(),
                Stream.of(more))
            .flatMap(s -> s);
    return all.toArray(String[]::new);
  }

  private String there(Class<?> main, int exit, String... more)
      throws IOException, InterruptedException {
    JavaProcess.Ended ended = new JavaProcess(dir, JavaProcess.AVX2).run(main, command(more));
    assertEquals(exit, ended.exit(), ended.err());
    return ended.err();
  }

  private String here(Class<?> main, int exit, String... more)
      throws IOException, InterruptedException {
    JavaProcess.Ended ended = new JavaProcess(dir, Map.of()).run(main, command(more));
    assertEquals(exit, ended.exit(), ended.err());
    return ended.err();
  }

  private String saved() throws IOException {
    Path provenance = out.resolve("lm/provenance.json");
    return new ObjectMapper().readTree(provenance.toFile()).get("precision").asText();
  }

  /** Whether the child's limits take something from this process's engine. */
  private static boolean differs() throws IOException {
    Path cpuinfo = Path.of("/proc/cpuinfo");
    boolean avx512 = Files.exists(cpuinfo) && Files.readString(cpuinfo).contains("avx512f");
    return avx512 && !JavaProcess.AVX2.entrySet().stream().allMatch(ResumeElsewhereTest::isSet);
  }

  private static boolean isSet(Map.Entry<String, String> variable) {
    return variable.getValue().equals(System.getenv(variable.getKey()));
  }

  /** A run of this machine that goes on where the engine has AVX2 alone. */
  @Test
  void begunHereResumedThere() throws IOException, InterruptedException {
    String begun = Precision.of("auto", Device.cpu()).name();
    String first = here(Begun.class, 130);
    assertTrue(first.contains("precision: " + begun + " (auto: "), first);
    String second = there(Main.class, 0, "--resume");
    assertEquals(begun, saved());
    assertEquals(differs(), second.contains(OTHER), second);
    if (begun.equals("bf16")) {
      String line =
          "precision: bf16 (as the run was begun; no bf16 found in this processor: fp32 is faster)";
      assertTrue(second.contains(line), second);
    }
    String log = Files.readString(out.resolve("log.jsonl"));
    assertEquals(differs(), log.contains(OTHER), log);
  }

  /** The other way: float32 stays float32 where there is bfloat16. */
  @Test
  void begunThereResumedHere() throws IOException, InterruptedException {
    String first = there(Begun.class, 130);
    assertTrue(first.contains("precision: fp32 (auto: "), first);
    String second = here(Main.class, 0, "--resume");
    assertEquals("fp32", saved());
    assertEquals(differs(), second.contains(OTHER), second);
    boolean other = Precision.of("auto", Device.cpu()).name().equals("bf16");
    String line = "precision: fp32 (as the run was begun; this processor has bf16)";
    assertEquals(other, second.contains(line), second);
  }

  /** Nothing is said, and nothing stands twice in the log, where nothing changed. */
  @Test
  void resumedWhereItWasBegun() throws IOException, InterruptedException {
    there(Begun.class, 130);
    String second = there(Main.class, 0, "--resume");
    assertTrue(second.contains("resumed from "), second);
    assertTrue(!second.contains(OTHER) && !second.contains("as the run was begun"), second);
    List<String> log = Files.readAllLines(out.resolve("log.jsonl"));
    assertEquals(1, log.stream().filter(l -> l.contains("precision: fp32 (auto: ")).count());
  }
}
