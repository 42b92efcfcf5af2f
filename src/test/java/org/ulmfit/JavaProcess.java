package org.ulmfit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A main class in a process of its own, with its own environment, run to its end. */
public final class JavaProcess {
  private static final int LIMIT_SECONDS = 120;

  /** What makes a processor with AVX2 alone of one with AVX-512: oneDNN's and libtorch's limits. */
  public static final Map<String, String> AVX2 =
      Map.of("ONEDNN_MAX_CPU_ISA", "AVX2", "ATEN_CPU_CAPABILITY", "avx2");

  /** How it ended. */
  public record Ended(int exit, String out, String err) {}

  private final Path scratch;
  private final Map<String, String> environment;
  private final List<String> options = new ArrayList<>();
  private String classPath = System.getProperty("java.class.path");

  /**
   * @param environment beside this process's
   */
  public JavaProcess(Path scratch, Map<String, String> environment) {
    this.scratch = scratch;
    this.environment = environment;
    options.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-Dai.djl.offline=true"));
  }

  /** Adds an option of the JVM. */
  public JavaProcess option(String option) {
    options.add(option);
    return this;
  }

  /** Takes jars from the class path. */
  public JavaProcess without(String... artifacts) {
    classPath =
        Arrays.stream(classPath.split(File.pathSeparator))
            .filter(jar -> Arrays.stream(artifacts).noneMatch(a -> jar.contains(a + "-")))
            .collect(Collectors.joining(File.pathSeparator));
    return this;
  }

  /** Adds a folder or jar to the class path. */
  public JavaProcess with(Path folder) {
    classPath += File.pathSeparator + folder;
    return this;
  }

  /** Runs it. */
  public Ended run(Class<?> main, String... arguments) throws IOException, InterruptedException {
    List<String> command = JavaCommand.of(options, classPath, main, List.of(arguments));
    Path out = Files.createTempFile(scratch, "out", "");
    Path err = Files.createTempFile(scratch, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("no end after " + LIMIT_SECONDS + " s: " + command);
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
