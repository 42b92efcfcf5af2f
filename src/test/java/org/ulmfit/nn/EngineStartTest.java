package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.util.Utils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.JavaProcess;
import org.ulmfit.UlmfitException;

/**
 * An engine that cannot start says what to do, the second time too, and starts when that is done. A
 * folder that cannot be made is one below a file: that holds for root, too.
 */
@Tag("engine")
class EngineStartTest {

  @TempDir Path dir;
  private Path file;

  /** Asks for the engine twice, in a process of its own. */
  static final class Twice {
    public static void main(String[] arguments) {
      for (int i = 0; i < 2; i++) {
        try {
          System.out.println(Torch.engine().getEngineName());
        } catch (UlmfitException e) {
          System.out.println(e.kind().exitCode() + " " + e.getMessage());
        }
      }
    }
  }

  @BeforeEach
  void makeAFile() throws IOException {
    file = Files.writeString(dir.resolve("file"), "no folder");
  }

  /** Where this process has its libraries: the remedy that works. */
  private static Map<String, String> good() {
    return Map.of("DJL_CACHE_DIR", Utils.getEngineCacheDir().toAbsolutePath().toString());
  }

  private List<String> asked(JavaProcess process) throws IOException, InterruptedException {
    JavaProcess.Ended ended = process.run(Twice.class);
    List<String> lines = ended.out().lines().toList();
    assertEquals(2, lines.size(), ended.out() + ended.err());
    assertEquals(lines.get(0), lines.get(1));
    return lines;
  }

  private void starts(JavaProcess process) throws IOException, InterruptedException {
    assertEquals("PyTorch", asked(process).get(0));
  }

  /** Says the line, and starts with the variable it names. */
  private void refused(String line, Map<String, String> environment, String... options)
      throws IOException, InterruptedException {
    JavaProcess process = new JavaProcess(dir, environment);
    JavaProcess mended = new JavaProcess(dir, with(environment, good()));
    for (String option : options) {
      process.option(option);
      mended.option(option);
    }
    assertEquals("1 " + line, asked(process).get(0));
    assertTrue(line.contains("set DJL_CACHE_DIR to a folder that only you can write to"), line);
    starts(mended);
  }

  private static Map<String, String> with(Map<String, String> one, Map<String, String> two) {
    Map<String, String> both = new HashMap<>(one);
    both.putAll(two);
    return both;
  }

  private static final String REMEDY = "; set DJL_CACHE_DIR to a folder that only you can write to";

  private static String cannotWrite(Path folder) {
    return "cannot write "
        + folder
        + ", where native libraries are unpacked: Not a directory"
        + REMEDY
        + ", with 500 MB of room";
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its words for the reason are others")
  void aCacheThatCannotBeWritten() throws IOException, InterruptedException {
    refused(cannotWrite(file.resolve("pytorch")), Map.of("DJL_CACHE_DIR", "" + file));
  }

  /** Without a home that can be written DJL turns to the temporary folder. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its words for the reason are others")
  void neitherHomeNorTemporaryFolder() throws IOException, InterruptedException {
    refused(
        "cannot write "
            + file.resolve("t/.djl.ai/pytorch")
            + ", where native libraries are unpacked: Not a directory"
            + REMEDY
            + ", with 500 MB of room",
        Map.of("DJL_CACHE_DIR", ""),
        "-Duser.home=" + file.resolve("h"),
        "-Djava.io.tmpdir=" + file.resolve("t"));
  }

  /** It is not needed: what JNA unpacks goes beside the libraries. */
  @Test
  void aTemporaryFolderThatCannotBeWrittenDoesNotMatter() throws IOException, InterruptedException {
    starts(new JavaProcess(dir, good()).option("-Djava.io.tmpdir=" + file.resolve("t")));
  }

  /** As in a container whose every file is read-only: the libraries lie there already. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need rights there")
  void nothingThatCanBeWrittenDoesNotMatterEither() throws IOException, InterruptedException {
    Path cache = Files.createDirectories(dir.resolve("cache"));
    Path link =
        Files.createSymbolicLink(cache.resolve("pytorch"), Utils.getEngineCacheDir("pytorch"));
    Files.writeString(cache.resolve("jna"), "no folder");
    JavaProcess process = new JavaProcess(dir, Map.of("DJL_CACHE_DIR", "" + cache));
    JavaProcess.Ended ended =
        process.option("-Djava.io.tmpdir=" + file.resolve("t")).run(Twice.class);
    Files.delete(link);
    assertEquals("PyTorch\nPyTorch\n", ended.out(), ended.err());
    assertTrue(!ended.err().contains("Exception"), ended.err());
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no modes")
  void aCacheThatOthersMayWriteTo() throws IOException, InterruptedException {
    Path open = Files.createDirectories(dir.resolve("open/pytorch"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    refused(
        "no native library is loaded from "
            + open
            + ", which may be written by others (mode 777)"
            + REMEDY,
        Map.of("DJL_CACHE_DIR", "" + open.getParent()));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no modes")
  void librariesOfTheUsersOwnThatOthersMayWriteTo() throws IOException, InterruptedException {
    Path own = Files.createDirectories(dir.resolve("libtorch"));
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxr-x"));
    String line =
        asked(new JavaProcess(dir, with(good(), Map.of("PYTORCH_LIBRARY_PATH", "" + own)))).get(0);
    assertEquals(
        "1 no native library is loaded from "
            + own
            + ", which may be written by others (mode 775); let PYTORCH_LIBRARY_PATH name a folder that"
            + " only you can write to",
        line);
  }

  @Test
  void nativesThatAreMissingFromTheClassPath() throws IOException, InterruptedException {
    JavaProcess process =
        new JavaProcess(dir, Map.of("DJL_CACHE_DIR", "" + dir.resolve("empty")))
            .without("pytorch-native-cpu", "pytorch-jni");
    String line = asked(process).get(0);
    assertTrue(
        line.matches(
            "1 the PyTorch engine does not start: put ai\\.djl\\.pytorch:pytorch-native-cpu:[\\d.]+"
                + ":\\w+-\\w+ and ai\\.djl\\.pytorch:pytorch-jni:[\\d.]+"
                + "-[\\d.]+ on the class path"),
        line);
  }

  @Test
  void nativesOfAnotherPlatform() throws IOException, InterruptedException {
    Path lib = Files.createDirectories(dir.resolve("other/native/lib"));
    Files.writeString(
        lib.resolve("pytorch.properties"),
        "version=2.7.1\nflavor=cpu\nclassifier=beos-m68k\nlibraries=libtorch.so\n");
    JavaProcess process =
        new JavaProcess(dir, Map.of("DJL_CACHE_DIR", "" + dir.resolve("none")))
            .without("pytorch-native-cpu")
            .with(dir.resolve("other"));
    String line = asked(process).get(0);
    assertTrue(
        line.matches(
            "1 the PyTorch engine does not start: put ai\\.djl\\.pytorch:pytorch-native-cpu:[\\d.]+"
                + ":\\w+-\\w+ \\(in place of beos-m68k\\) on the class path"),
        line);
  }

  /** The libraries that lie there are used without the jars they came from. */
  @Test
  void unpackedLibrariesNeedNoJars() throws IOException, InterruptedException {
    Path folder = Utils.getEngineCacheDir("pytorch");
    assertTrue(Files.isDirectory(folder), folder + ": is made by any test before");
    String line = asked(new JavaProcess(dir, good()).without("pytorch-jni")).get(0);
    assertEquals("PyTorch", line);
  }
}
