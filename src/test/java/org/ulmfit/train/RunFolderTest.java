package org.ulmfit.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.JavaCommand;
import org.ulmfit.UlmfitException;

class RunFolderTest {

  private static final String RECIPE = "seed: 42\n";
  private static final String OTHER = "seed: 43\n";

  @TempDir Path dir;

  private Path out() {
    return dir.resolve("run");
  }

  /** Data as a run prepares it: made in its folder unless it is there. */
  private record Data(Path file) implements AutoCloseable {
    static Data in(Path folder) {
      try {
        Files.createDirectories(folder);
        Path file = folder.resolve("train.tokens");
        if (!Files.exists(file)) {
          Files.writeString(file, "tokens");
        }
        return new Data(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {}
  }

  private static final Function<Path, Data> NO_CORPUS =
      folder -> {
        Data.in(folder).close();
        throw UlmfitException.badData("corpus.csv: no such file");
      };

  /** What a run leaves that has trained. */
  private Map<String, String> finishedRun() throws IOException {
    try (RunFolder run = RunFolder.open(out(), false, false);
        Data data = run.begin(RECIPE, Data::in)) {
      assertEquals(out().resolve("prepared/train.tokens"), data.file());
      Files.createDirectories(run.model("lm"));
      Files.writeString(run.model("lm").resolve("weights"), "old");
    }
    return files();
  }

  /** Every file's content by name. */
  private Map<String, String> files() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> all = Files.walk(out())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = out().relativize(file).toString().replace('\\', '/');
        if (!name.equals(".lock")) {
          contents.put(name, Files.readString(file));
        }
      }
    }
    return contents;
  }

  private static UlmfitException refused(UlmfitException.Kind kind, Runnable open) {
    UlmfitException e = assertThrows(UlmfitException.class, open::run);
    assertEquals(kind, e.kind(), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
    return e;
  }

  @Test
  void twoRunsOfAProcessDoNotShareAFolder() {
    try (RunFolder first = RunFolder.open(out(), false, false)) {
      first.begin(RECIPE, Data::in).close();
      for (boolean resume : new boolean[] {true, false}) {
        UlmfitException e =
            refused(
                UlmfitException.Kind.USAGE, () -> RunFolder.open(out(), resume, !resume).close());
        assertTrue(e.getMessage().contains("another run is writing there"), e.getMessage());
      }
    }
    RunFolder.open(out(), true, false).close();
  }

  /** A process that holds the folder of its argument until its input ends. */
  static final class Holder {
    public static void main(String[] args) throws IOException {
      try (RunFolder run = RunFolder.open(Path.of(args[0]), false, false)) {
        run.begin(RECIPE, Data::in).close();
        System.out.println("held");
        System.in.read();
      }
    }
  }

  @Test
  void twoProcessesDoNotShareAFolderAndAKilledOneLeavesItFree()
      throws IOException, InterruptedException {
    Process other =
        new ProcessBuilder(JavaCommand.of(List.of(), Holder.class, List.of(out().toString())))
            .start();
    assertEquals("held", other.inputReader().readLine());
    UlmfitException e =
        refused(UlmfitException.Kind.USAGE, () -> RunFolder.open(out(), true, false).close());
    assertTrue(e.getMessage().contains("another run is writing there"), e.getMessage());
    other.destroyForcibly().waitFor();
    RunFolder.open(out(), true, false).close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNewRunThatCannotBeginLeavesNothing(boolean folderWasThere) throws IOException {
    if (folderWasThere) {
      Files.createDirectories(out());
    }
    try (RunFolder run = RunFolder.open(out(), false, false)) {
      refused(UlmfitException.Kind.BAD_DATA, () -> run.begin(RECIPE, NO_CORPUS));
    }
    assertEquals(folderWasThere, Files.exists(out()));
    RunFolder.open(out(), false, false).close();
    assertEquals(Map.of(), files());
  }

  @Test
  void aRunIsReplacedOnlyByOneThatBegins() throws IOException {
    final Map<String, String> before = finishedRun();
    try (RunFolder run = RunFolder.open(out(), false, true)) {
      assertEquals(before, files(), "opening changes nothing");
      refused(UlmfitException.Kind.BAD_DATA, () -> run.begin(OTHER, NO_CORPUS));
    }
    assertEquals(before, files());
    try (RunFolder run = RunFolder.open(out(), false, true)) {
      Data data = run.begin(OTHER, Data::in);
      assertEquals(out().resolve("prepared/train.tokens"), data.file());
    }
    assertEquals(Map.of("recipe.yaml", OTHER, "prepared/train.tokens", "tokens"), files());
  }

  /** Before it began: with the next command, whatever its flags, all is as if it had not been. */
  @ParameterizedTest
  @CsvSource({"true, false", "false, true"})
  void aRunWhoseSuccessorDiedBeforeItBeganIsThere(boolean resume, boolean overwrite)
      throws IOException {
    final Map<String, String> before = finishedRun();
    try (RunFolder run = RunFolder.open(out(), false, true)) {
      Files.createDirectories(run.path().resolve(".next"));
      Files.writeString(run.path().resolve(".next/half"), "and then nothing");
    }
    refused(UlmfitException.Kind.USAGE, () -> RunFolder.open(out(), false, false).close());
    try (RunFolder run = RunFolder.open(out(), resume, overwrite)) {
      assertEquals(before, files());
      refused(UlmfitException.Kind.BAD_DATA, () -> run.begin(RECIPE, NO_CORPUS));
    }
    assertEquals(before, files());
  }

  /** Killed while it wrote its recipe, the first of its files. */
  @Test
  void aRunThatNeverCameToItsRecipeIsNone() throws IOException {
    RunFolder.open(out(), false, false).close();
    Files.writeString(out().resolve(".recipe.yaml.part"), "see");
    try (RunFolder run = RunFolder.open(out(), false, false);
        Data data = run.begin(RECIPE, Data::in)) {
      assertEquals("tokens", Files.readString(data.file()));
    }
    assertEquals(Map.of("recipe.yaml", RECIPE, "prepared/train.tokens", "tokens"), files());
  }

  @Test
  void aRunGoesOnWithItsOwnRecipeOnly() throws IOException {
    final Map<String, String> before = finishedRun();
    try (RunFolder run = RunFolder.open(out(), true, false)) {
      UlmfitException e =
          refused(UlmfitException.Kind.USAGE, () -> run.begin(OTHER, Data::in).close());
      assertTrue(e.getMessage().contains("another recipe"), e.getMessage());
    }
    assertEquals(before, files());
  }

  @Test
  void whatIsReadIsNotReplaced() throws IOException {
    finishedRun();
    try (RunFolder run = RunFolder.open(out(), false, true)) {
      UlmfitException e =
          refused(
              UlmfitException.Kind.USAGE,
              () -> run.checkOutside(out().resolve("lm/../lm"), "encoder"));
      assertTrue(e.getMessage().contains("encoder"), e.getMessage());
      run.checkOutside(dir, "corpus");
      run.checkOutside(dir.resolve("not-there"), "corpus");
    }
    try (RunFolder run = RunFolder.open(out(), true, false)) {
      run.checkOutside(out().resolve("lm"), "model");
    }
  }

  @Test
  void whatIsNoRunIsNotTouched() throws IOException {
    Files.createDirectories(out());
    Files.writeString(out().resolve("thesis.txt"), "years");
    for (boolean[] flags : new boolean[][] {{false, false}, {true, false}, {false, true}}) {
      refused(UlmfitException.Kind.USAGE, () -> RunFolder.open(out(), flags[0], flags[1]).close());
    }
    assertEquals(Map.of("thesis.txt", "years"), files());
    assertFalse(Files.exists(out().resolve(".lock")));
  }

  @Test
  void checkpointsGoAllAtOnce() throws IOException {
    finishedRun();
    try (RunFolder run = RunFolder.open(out(), true, false)) {
      Files.createDirectories(run.checkpoints().resolve("step-00000001"));
      run.checkUnfinished("lm");
      run.end("result", result -> {});
      run.end("result", result -> {});
      assertFalse(Files.exists(run.checkpoints()));
      refused(UlmfitException.Kind.USAGE, () -> run.checkUnfinished("lm"));
      Files.createDirectories(out().resolve(".checkpoints.ended/step-00000001"));
    }
    RunFolder.open(out(), true, false).close();
    assertFalse(Files.exists(out().resolve(".checkpoints.ended")));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a folder with open files stays there")
  void aFolderThatWasMovedIsNotWrittenToUnderItsOldName() throws IOException {
    Path moved = dir.resolve("moved");
    try (RunFolder run = RunFolder.open(out(), false, false);
        RunLog log = new RunLog(run.log(), -1, new TrainingListener() {})) {
      log.note("one");
      log.saving();
      Files.move(out(), moved);
      UlmfitException e = refused(UlmfitException.Kind.FAILURE, log::saving);
      assertTrue(e.getMessage().contains("was moved"), e.getMessage());
      Files.createDirectories(out());
      Files.writeString(run.log(), "another file of that name\n");
      refused(UlmfitException.Kind.FAILURE, log::saving);
    }
    assertEquals(1, Files.readAllLines(moved.resolve("log.jsonl")).size());
  }
}
