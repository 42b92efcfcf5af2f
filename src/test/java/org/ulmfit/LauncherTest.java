package org.ulmfit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shell launchers, run with a stand-in for Java and Maven that writes down what it is given.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a POSIX shell")
class LauncherTest {

  private static final String CORE = "src/main/dist/bin/ulmfit";

  @TempDir Path dir;
  private Path home;
  private Path bin;

  private record Result(int exit, String out, String err) {}

  @BeforeEach
  void layOut() throws IOException {
    home = dir.resolve("my checkout");
    bin = Files.createDirectories(dir.resolve("bin"));
    for (String script : List.of("scripts/ulmfit", CORE)) {
      Path to = home.resolve(script);
      Files.createDirectories(to.getParent());
      Files.copy(Path.of(script), to);
      assertTrue(to.toFile().setExecutable(true));
    }
    Files.createDirectories(home.resolve("configs"));
    Files.createDirectories(home.resolve("src/main/java"));
    Files.writeString(
        home.resolve("pom.xml"), "<project>\n  <version>9.9</version>\n  <version>1</version>\n");
    tool(
        "java",
        "for a in \"$@\"; do echo \"arg=$a\"; done",
        "for a in \"$@\"; do case $a in -XX:ArchiveClassesAtExit=*)"
            + " [ -z \"$ARCHIVE\" ] || echo archive >\"${a#*=}\" ;; esac; done",
        "env | grep -E '^(MALLOC|OMP|MKL|LC_CTYPE|ONEDNN)' | sort",
        "if [ -n \"$JAVA_WAITS\" ]; then",
        "  trap 'exit 130' TERM",
        "  read line; echo \"read $line\"; sleep 60 & wait",
        "fi",
        "exit ${JAVA_EXIT:-7}");
    tool(
        "mvn",
        "echo built >>\"" + dir + "/builds\"",
        "echo noise of the build",
        "mkdir -p target/launcher/lib && echo jar >target/ulmfit-9.9.jar",
        "exit ${MVN_EXIT:-0}");
  }

  private void tool(String name, String... lines) throws IOException {
    Path file = bin.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  private Result run(Map<String, String> environment, Path script, String... args)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile());
    Path out = dir.resolve("out");
    Path err = dir.resolve("err");
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
    builder.environment().putAll(environment);
    int exit = builder.start().waitFor();
    return new Result(exit, Files.readString(out), Files.readString(err));
  }

  private int builds() throws IOException {
    Path log = dir.resolve("builds");
    return Files.exists(log) ? Files.readAllLines(log).size() : 0;
  }

  @ParameterizedTest
  @ValueSource(strings = {"scripts/ulmfit", CORE, ".ci/run"})
  void scriptsAreExecutableAndParse(String script) throws Exception {
    assertTrue(Files.isExecutable(Path.of(script)));
    String shell = Files.readAllLines(Path.of(script)).get(0).contains("bash") ? "bash" : "sh";
    Process parse = new ProcessBuilder(shell, "-n", script).redirectErrorStream(true).start();
    assertEquals("", new String(parse.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    assertEquals(0, parse.waitFor());
  }

  @Test
  void setsWhatTheJvmCannotSetForItself() throws Exception {
    Result result = run(Map.of(), home.resolve(CORE));
    for (String line :
        List.of(
            "MALLOC_MMAP_THRESHOLD_=33554432",
            "MALLOC_TRIM_THRESHOLD_=17179869184",
            "MALLOC_ARENA_MAX=1",
            "LC_CTYPE=C.UTF-8",
            "arg=-Xmx2g",
            "arg=-Dai.djl.offline=true",
            "arg=-Dulmfit.terminal=false",
            "arg=-Dulmfit.columns=")) {
      assertTrue(result.out.contains(line + "\n"), result.out);
    }
    assertTrue(result.out.matches("(?s).*\nOMP_NUM_THREADS=[1-9]\\d*\n.*"), result.out);
    assertTrue(result.out.matches("(?s).*\nMKL_NUM_THREADS=[1-9]\\d*\n.*"), result.out);
  }

  /** Load of the last minute and processes that run, the launcher among them: proc(5). */
  @ParameterizedTest
  @CsvSource({
    "0.12 0.50 1.00 1/99 7, ACTIVE",
    "0.12 0.50 1.00 3/99 7, ACTIVE", // someone has just begun
    "1.90 0.50 1.00 1/99 7, ACTIVE", // the last job has just ended
    "0.51 0.50 1.00 2/99 7, PASSIVE",
    "12.0 0.50 1.00 9/99 7, PASSIVE"
  })
  void waitingThreadsSpinWhereTheCoresAreFree(String load, String policy) throws Exception {
    Path file = Files.writeString(dir.resolve("loadavg"), load + "\n");
    Map<String, String> env = Map.of("ULMFIT_LOADAVG", "" + file, "OMP_NUM_THREADS", "2");
    Result result = run(env, home.resolve(CORE));
    assertTrue(result.out.contains("OMP_WAIT_POLICY=" + policy + "\n"), result.out);
  }

  @Test
  void theUsersWaitPolicyStands() throws Exception {
    Result user = run(Map.of("OMP_WAIT_POLICY", "PASSIVE"), home.resolve(CORE));
    assertTrue(user.out.contains("OMP_WAIT_POLICY=PASSIVE\n"), user.out);
    Path none = dir.resolve("none");
    Result unknown = run(Map.of("ULMFIT_LOADAVG", "" + none), home.resolve(CORE));
    // no load is told on macOS, where threads that are told to spin do so for ever
    assertFalse(unknown.out.contains("OMP_WAIT_POLICY="), unknown.out);
  }

  @Test
  void aServerThatNobodyAsksDoesNotSpin() throws Exception {
    Path free = Files.writeString(dir.resolve("loadavg"), "0.00 0.00 0.00 1/99 7\n");
    Map<String, String> env = Map.of("ULMFIT_LOADAVG", "" + free, "OMP_NUM_THREADS", "2");
    assertTrue(run(env, home.resolve(CORE), "predict").out.contains("OMP_WAIT_POLICY=ACTIVE"));
    assertFalse(run(env, home.resolve(CORE), "serve").out.contains("OMP_WAIT_POLICY"));
    assertFalse(run(env, home.resolve(CORE), "-q", "serve").out.contains("OMP_WAIT_POLICY"));
  }

  /** As a container has it that may use half, two or any number of the cores. */
  @ParameterizedTest
  @CsvSource({"50000 100000, 1", "150000 100000, 2", "max 100000, 7", "50000, 7", "'', 7"})
  void aContainersShareOfTheCores(String share, String threads) throws Exception {
    tool("nproc", "echo 7");
    Path file = Files.writeString(dir.resolve("cpu.max"), share + "\n");
    Result result = run(Map.of("ULMFIT_CPU_MAX", "" + file), home.resolve(CORE));
    assertTrue(result.out.contains("OMP_NUM_THREADS=" + threads + "\n"), result.out);
    Result own =
        run(Map.of("ULMFIT_CPU_MAX", "" + file, "OMP_NUM_THREADS", "5"), home.resolve(CORE));
    assertTrue(own.out.contains("OMP_NUM_THREADS=5\n"), own.out);
  }

  /** Training keeps few of oneDNN's prepared kernels, what answers keeps all. */
  @Test
  void trainingBoundsWhatOneDnnKeeps() throws Exception {
    String few = "ONEDNN_PRIMITIVE_CACHE_CAPACITY=64\n";
    for (String command : List.of("lm-finetune", "classify", "quickstart")) {
      assertTrue(run(Map.of(), home.resolve(CORE), command).out.contains(few), command);
    }
    for (String command : List.of("predict", "evaluate", "tokenize")) {
      String out = run(Map.of(), home.resolve(CORE), command).out;
      assertFalse(out.contains("ONEDNN"), command);
    }
  }

  private String share(Map<String, String> environment, String... args) throws Exception {
    Result result = run(environment, home.resolve(CORE), args);
    assertEquals(Integer.parseInt(environment.getOrDefault("JAVA_EXIT", "7")), result.exit);
    assertEquals("", result.err);
    List<String> found =
        result
            .out
            .lines()
            .filter(line -> line.matches("arg=-XX:(Shared|ArchiveClasses).*|arg=-Xshare.*"))
            .map(line -> line.substring(4).replace(dir.toString(), "DIR"))
            .toList();
    assertEquals(1, found.size(), result.out);
    return found.get(0);
  }

  /** The name of the archive that a first run writes under a name of its own. */
  private Path archive(String first) {
    String jsa = "-XX:ArchiveClassesAtExit=(DIR/.*/ulmfit/[a-z]+-\\d+\\.jsa)\\.\\d+";
    assertTrue(first.matches(jsa), first);
    return Path.of(first.replaceAll(jsa, "$1").replace("DIR", dir.toString()));
  }

  /** The first run of a short command that ends well writes the archive; the next ones read it. */
  @Test
  void classesAreArchivedByTheFirstRun() throws Exception {
    Map<String, String> env = Map.of("HOME", dir + "/a home");
    Path archive = archive(share(env, "predict", "MODEL"));
    assertEquals(archive, archive(share(env, "predict")), "no archive came of the first run");
    Map<String, String> fails = Map.of("HOME", dir + "/a home", "ARCHIVE", "half");
    assertEquals(archive, archive(share(fails, "predict")));
    assertEquals(List.of(), list(archive.getParent()), "half an archive stayed");
    Map<String, String> ends = Map.of("HOME", dir + "/a home", "ARCHIVE", "yes", "JAVA_EXIT", "0");
    assertEquals(archive, archive(share(ends, "predict")));
    assertEquals(List.of(archive), list(archive.getParent()));
    String read = "-XX:SharedArchiveFile=" + archive;
    assertEquals(read.replace("" + dir, "DIR"), share(env, "predict"));
    assertTrue(share(env, "tokenize").contains("ArchiveClassesAtExit"));
    Files.writeString(archive, "");
    assertEquals(archive, archive(share(env, "predict")), "an empty archive is written again");
    assertEquals("-Xshare:auto", share(env, "classify"));
    assertEquals("-Xshare:auto", share(env, "predict", "--help"), "it loads next to nothing");
    assertEquals(archive, archive(share(env, "-q", "predict")));
    assertEquals("-Xshare:auto", share(env));
  }

  /** The run that writes the archive reads standard input and ends on a signal like every other. */
  @Test
  void theFirstRunHearsInputAndSignals() throws Exception {
    ProcessBuilder builder = new ProcessBuilder(home.resolve(CORE).toString(), "predict");
    builder.environment().putAll(Map.of("HOME", "" + dir, "JAVA_WAITS", "yes", "JAVA_HOME", ""));
    builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
    builder.environment().remove("ULMFIT_JAVA_OPTS");
    Process process = builder.start();
    process.getOutputStream().write("a text\n".getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    BufferedReader out = process.inputReader();
    String line = out.readLine();
    boolean archives = false;
    while (!line.equals("read a text")) {
      archives |= line.contains("ArchiveClassesAtExit");
      line = out.readLine();
    }
    assertTrue(archives, "not the first run");
    process.destroy();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "the signal did not reach Java");
    assertEquals(130, process.exitValue());
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** Another Java or other libraries get an archive of their own; the old one goes. */
  @Test
  void aStaleArchiveIsReplaced() throws Exception {
    Map<String, String> env = Map.of("XDG_CACHE_HOME", dir + "/cache");
    Path lib = Files.createDirectories(home.resolve("src/main/dist/lib"));
    String first = share(env, "predict");
    Path archive = archive(first);
    Files.writeString(archive, "archive");
    Files.writeString(lib.resolve("ulmfit.jar"), "another release");
    assertFalse(archive.equals(archive(share(env, "predict"))));
    assertFalse(Files.exists(archive));
  }

  /** Nowhere to write, or a JVM set up by hand: no archive, no words. */
  @Test
  void withoutAPlaceForItThereIsNoArchive() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "");
    assertEquals("-Xshare:auto", share(Map.of("XDG_CACHE_HOME", "" + file), "predict"));
    assertEquals("-Xshare:auto", share(Map.of("HOME", "/proc"), "predict"));
    Map<String, String> own = Map.of("HOME", "" + dir, "ULMFIT_JAVA_OPTS", "-Da=1");
    assertEquals("-Xshare:auto", share(own, "predict"));
  }

  /** An archive is code: none is read from a folder that others may write to. */
  @Test
  void anArchiveThatOthersCouldHaveWrittenIsNotRead() throws Exception {
    Map<String, String> env = Map.of("XDG_CACHE_HOME", dir + "/cache");
    Path archive = archive(share(env, "predict"));
    Path cache = archive.getParent();
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)));
    Files.writeString(archive, "planted");
    assertTrue(share(env, "predict").startsWith("-XX:SharedArchiveFile="));
    for (String mode : List.of("rwx-w----", "rwx----w-", "rwxrwxrwx")) {
      Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString(mode));
      assertEquals("-Xshare:auto", share(env, "predict"), mode);
    }
  }

  @Test
  void keepsWhatTheUserSet() throws Exception {
    Result result =
        run(
            Map.of(
                "MALLOC_MMAP_THRESHOLD_", "5",
                "OMP_NUM_THREADS", "3",
                "LANG", "de_DE.UTF-8",
                "ULMFIT_HEAP", "512m",
                "ULMFIT_JAVA_OPTS", "-Da=1 -Db=2"),
            home.resolve(CORE));
    for (String line :
        List.of(
            "MALLOC_MMAP_THRESHOLD_=5",
            "OMP_NUM_THREADS=3",
            "MKL_NUM_THREADS=3",
            "arg=-Xmx512m",
            "arg=-Da=1",
            "arg=-Db=2")) {
      assertTrue(result.out.contains(line + "\n"), result.out);
    }
    assertFalse(result.out.contains("LC_CTYPE"), result.out);
  }

  @Test
  void passesArgumentsAndExitCodeThrough() throws Exception {
    Result result = run(Map.of(), home.resolve(CORE), "predict", "a b", "", "*", "$x");
    assertEquals(7, result.exit);
    assertTrue(
        result.out.contains("arg=org.ulmfit.cli.Main\narg=predict\narg=a b\narg=\narg=*\narg=$x\n"),
        result.out);
  }

  @Test
  void findsTheLibrariesThroughLinks() throws Exception {
    Path first = Files.createSymbolicLink(bin.resolve("one"), home.resolve(CORE));
    Path second = Files.createSymbolicLink(dir.resolve("two"), Path.of("bin/one"));
    Path real = home.resolve("src/main/dist").toRealPath();
    for (Path script : List.of(home.resolve(CORE), first, second)) {
      Result result = run(Map.of(), script);
      assertTrue(result.out.contains("arg=" + real + "/lib/*\n"), result.out);
      assertTrue(result.out.contains("arg=-Dulmfit.home=" + real + "\n"), result.out);
    }
  }

  @Test
  void saysWhenThereIsNoJava() throws Exception {
    Result result = run(Map.of("JAVA_HOME", dir.resolve("nowhere").toString()), home.resolve(CORE));
    assertEquals(1, result.exit);
    assertTrue(result.err.startsWith("ulmfit: no Java found"), result.err);
    assertEquals(1, result.err.lines().count());
  }

  @ParameterizedTest
  @CsvSource({"11.0.2, 11", "1.8.0_292, 8", "17.0.1,", "25,"})
  void saysWhenJavaIsTooOld(String version, String old) throws Exception {
    Path java = Files.createDirectories(dir.resolve("jdk/bin")).resolve("java");
    Files.copy(bin.resolve("java"), java, StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(
        dir.resolve("jdk/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    Path link = Files.createSymbolicLink(dir.resolve("java-home"), dir.resolve("jdk"));
    Result result = run(Map.of("JAVA_HOME", "" + link), home.resolve(CORE));
    if (old == null) {
      assertEquals(7, result.exit, result.err);
    } else {
      assertEquals(1, result.exit);
      assertEquals(
          "ulmfit: Java %s (%s/bin/java) is too old; install JDK 17 or set JAVA_HOME\n"
              .formatted(old, link),
          result.err);
    }
  }

  @Test
  void buildsOnFirstUseAndWhenSourcesChanged() throws Exception {
    Path script = home.resolve("scripts/ulmfit");
    Result first = run(Map.of(), script, "doctor");
    assertEquals(7, first.exit);
    assertEquals(1, builds());
    assertFalse(first.out.contains("noise"), "the build's output belongs to stderr");
    assertTrue(first.err.contains("noise of the build"));
    Path real = home.toRealPath();
    assertTrue(first.out.contains("arg=-Dulmfit.home=" + real + "\n"), first.out);
    assertTrue(first.out.contains("/ulmfit.jar:" + real + "/target/launcher/lib/*\n"), first.out);
    assertTrue(first.out.endsWith("\n") && first.out.contains("arg=doctor\n"));

    Result second = run(Map.of(), script);
    assertEquals(1, builds());
    assertEquals("", second.err);

    int expected = 1;
    for (String changed : List.of("pom.xml", "configs/new.yaml", "src/main/java/New.java")) {
      Path file = home.resolve(changed);
      Files.writeString(file, "<version>9.9</version>\n");
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(1)));
      run(Map.of(), script);
      assertEquals(++expected, builds(), changed);
      Files.setLastModifiedTime(file, FileTime.fromMillis(0));
      Files.setLastModifiedTime(file.getParent(), FileTime.fromMillis(0));
    }
    run(Map.of(), script);
    assertEquals(expected, builds());
    Files.delete(home.resolve("src/main/java/New.java"));
    Files.setLastModifiedTime(
        home.resolve("src/main/java"), FileTime.from(Instant.now().plusSeconds(1)));
    run(Map.of(), script);
    assertEquals(expected + 1, builds(), "a source file was deleted");
  }

  @Test
  void aFailedBuildIsSaidAndTriedAgain() throws Exception {
    Path script = home.resolve("scripts/ulmfit");
    for (int attempt = 1; attempt <= 2; attempt++) {
      Result failed = run(Map.of("MVN_EXIT", "1"), script);
      assertEquals(1, failed.exit);
      assertEquals("", failed.out);
      assertTrue(failed.err.contains("\nulmfit: the build failed"), failed.err);
      assertEquals(attempt, builds());
    }
    assertEquals(7, run(Map.of(), script).exit);
  }

  @Test
  void aLockWhoseOwnerIsGoneIsNoObstacle() throws Exception {
    Path lock = Files.createDirectories(home.resolve("target/launcher")).resolve("lock");
    Files.createSymbolicLink(lock, Path.of("999999999"));
    assertEquals(7, run(Map.of(), home.resolve("scripts/ulmfit")).exit);
    assertFalse(Files.exists(lock, LinkOption.NOFOLLOW_LINKS));
  }
}
