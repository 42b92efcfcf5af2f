package org.ulmfit.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.train.TrainingListener;

class RunFolderTest {

  private static final Recipe RECIPE = Recipes.load(null, List.of());
  private static final Recipe OTHER = Recipes.with(RECIPE, List.of("seed=43"));

  @TempDir Path dir;

  private static String yaml(Recipe recipe) {
    return Recipes.toYaml(recipe);
  }

  private Path out() {
    return dir.resolve("run");
  }

  /** Data as a run prepares it: made in its folder unless it is there. */
  private record Data(Path file) implements AutoCloseable {
    static Data in(Recipe recipe, Path folder) {
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

  private static final RunFolder.Preparation<Data> NO_CORPUS =
      (recipe, folder) -> {
        Data.in(recipe, folder).close();
        throw UlmfitException.badData("corpus.csv: no such file");
      };

  /** What a run leaves that has trained. */
  private Map<String, String> finishedRun() throws IOException {
    try (RunFolder run = RunFolder.open(out(), false, false);
        Data data = run.begin(RECIPE, Data::in).data()) {
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
      first.begin(RECIPE, Data::in).data().close();
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
        run.begin(RECIPE, Data::in).data().close();
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
      List<Path> prepared = new ArrayList<>();
      run.begin(
          OTHER,
          (recipe, dir) -> {
            prepared.add(dir);
            return Data.in(recipe, dir);
          });
      assertEquals(1, prepared.size(), "a corpus from a pipe can be read once");
    }
    assertEquals(Map.of("recipe.yaml", yaml(OTHER), "prepared/train.tokens", "tokens"), files());
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
        Data data = run.begin(RECIPE, Data::in).data()) {
      assertEquals("tokens", Files.readString(data.file()));
    }
    assertEquals(Map.of("recipe.yaml", yaml(RECIPE), "prepared/train.tokens", "tokens"), files());
  }

  @Test
  void aRunGoesOnWithItsOwnRecipeOnly() throws IOException {
    final Map<String, String> before = finishedRun();
    try (RunFolder run = RunFolder.open(out(), true, false)) {
      UlmfitException e =
          refused(UlmfitException.Kind.USAGE, () -> run.begin(OTHER, Data::in).data().close());
      assertTrue(e.getMessage().contains("another recipe"), e.getMessage());
    }
    assertEquals(before, files());
  }

  /** Data whose preparation comes to a choice, as long as the recipe leaves it open. */
  private record Choosing(String softmax) implements RunFolder.Preparation<Data> {
    @Override
    public Data prepare(Recipe recipe, Path dir) {
      return Data.in(recipe, dir);
    }

    @Override
    public Recipe settle(Recipe recipe, Data data) {
      boolean open = recipe.lm().softmax() == Recipe.Softmax.AUTO;
      return open ? Recipes.with(recipe, List.of("lm.softmax=" + softmax)) : recipe;
    }
  }

  private Recipe begun(boolean resume, boolean overwrite, Recipe asked, String softmax) {
    try (RunFolder run = RunFolder.open(out(), resume, overwrite)) {
      var begun = run.begin(asked, new Choosing(softmax));
      begun.data().close();
      return begun.recipe();
    }
  }

  @Test
  void whatTheDataSettledIsRecordedAndKept() throws IOException {
    Recipe sampled = Recipes.with(RECIPE, List.of("lm.softmax=sampled"));
    Recipe full = Recipes.with(RECIPE, List.of("lm.softmax=full"));
    assertEquals(sampled, begun(false, false, RECIPE, "sampled"));
    assertEquals(yaml(sampled), files().get("recipe.yaml"));
    assertEquals(sampled, begun(true, false, RECIPE, "full"), "not chosen again");
    assertEquals(sampled, begun(true, false, sampled, "full"));
    for (Recipe other : List.of(full, OTHER)) {
      refused(UlmfitException.Kind.USAGE, () -> begun(true, false, other, "sampled"));
    }
    assertEquals(yaml(sampled), files().get("recipe.yaml"));
    assertEquals(full, begun(false, true, RECIPE, "full"), "another run");
    assertEquals(yaml(full), files().get("recipe.yaml"));
  }

  /** What a run leaves that was killed before its data was there. */
  @Test
  void aRunKilledInItsPreparationIsSettledWhenItGoesOn() throws IOException {
    Files.createDirectories(out());
    Files.writeString(out().resolve("recipe.yaml"), yaml(RECIPE));
    Recipe full = Recipes.with(RECIPE, List.of("lm.softmax=full"));
    refused(UlmfitException.Kind.USAGE, () -> begun(true, false, full, "sampled"));
    Recipe settled = begun(true, false, RECIPE, "sampled");
    assertEquals(Recipe.Softmax.SAMPLED, settled.lm().softmax());
    assertEquals(yaml(settled), files().get("recipe.yaml"));
  }

  @Test
  void aRecipeWithKeysOfAnotherVersionIsToldApart() throws IOException {
    finishedRun();
    Files.writeString(out().resolve("recipe.yaml"), "seed: 42\nlm: {gone: 1}\n");
    UlmfitException e =
        refused(UlmfitException.Kind.USAGE, () -> begun(true, false, RECIPE, "full"));
    assertTrue(e.getMessage().contains("another version of ulmfit"), e.getMessage());
    assertTrue(e.getMessage().contains("gone: unknown key"), e.getMessage());
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

  /** Few rows make batches smaller; a command that asks for another recipe has none of that. */
  @ParameterizedTest
  @ValueSource(strings = {"classifier.batchSize=128", "classifier.stages.0.epochs=3"})
  void otherBatchesOrEpochsAreAnotherRecipe(String other) throws IOException {
    try (RunFolder run = RunFolder.open(out(), false, false)) {
      run.begin(RECIPE, Data::in).data().close();
    }
    String before = Files.readString(out().resolve("recipe.yaml"));
    try (RunFolder run = RunFolder.open(out(), true, false)) {
      Recipe asked = Recipes.with(RECIPE, List.of(other));
      refused(UlmfitException.Kind.USAGE, () -> run.begin(asked, Data::in).data().close());
    }
    assertEquals(before, Files.readString(out().resolve("recipe.yaml")));
  }

  @Test
  void aRunThatHasBegunToFitIsNotComplete() throws IOException {
    try (RunFolder run = RunFolder.open(out(), false, false)) {
      run.begin(RECIPE, Data::in).data().close();
      run.beginUnfinished();
      Files.createDirectories(run.model("classifier"));
      assertFalse(RunFolder.isComplete(out(), "classifier"), "its report is not there");
      run.end("result", result -> {});
      assertTrue(RunFolder.isComplete(out(), "classifier"));
    }
  }

  /** A folder that holds more than a run is not removed with it. */
  @Test
  void whatSomebodyPutBesideARunIsNotOverwritten() throws IOException {
    finishedRun();
    Files.writeString(out().resolve("notes.txt"), "mine");
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> RunFolder.open(out(), false, true));
    assertTrue(e.getMessage().contains("holds notes.txt beside a run, which"), e.getMessage());
    assertEquals("mine", Files.readString(out().resolve("notes.txt")));
    Files.delete(out().resolve("notes.txt"));
    Files.createDirectories(out().resolve(".lm.part")); // of a run that was killed
    Files.writeString(out().resolve(".DS_Store"), "of a system");
    RunFolder.open(out(), false, true).close();
  }
}
