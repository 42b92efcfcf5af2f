package org.ulmfit.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.UlmfitException;

/**
 * Every change to the disk fails in turn, alone or with all that follow: what was whole before is
 * whole after, or its successor is.
 */
class FaultInjectionTest {

  @TempDir Path dir;

  /** What one write of many files goes through. */
  private interface Work {
    void on(FaultyFileSystem files) throws IOException;
  }

  private interface Aftermath {
    void check(boolean failed, String when) throws IOException;
  }

  /** Does the work again and again, with another change failing each time, until none does. */
  private static int failing(boolean dies, Work before, Work work, Aftermath after)
      throws IOException {
    for (int change = 1; ; change++) {
      before.on(new FaultyFileSystem(0, false));
      FaultyFileSystem files = new FaultyFileSystem(change, dies);
      boolean failed = false;
      try {
        work.on(files);
      } catch (UlmfitException e) {
        failed = true;
        assertEquals(UlmfitException.Kind.FAILURE, e.kind(), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        assertTrue(e.getMessage().contains(FaultyFileSystem.REASON), e.getMessage());
      }
      after.check(failed, "change " + change + (dies ? " and all after it" : ""));
      if (files.changes() < change) {
        assertFalse(failed, "failed without a fault");
        return change - 1;
      }
    }
  }

  private static void fill(Path to, long step) throws IOException {
    Safetensors.write(
        to.resolve("state.safetensors"),
        Map.of(),
        List.of(
            Safetensors.Entry.floats(
                "weight", new long[] {1000}, () -> filled(new float[1000], (float) step))));
    AtomicFiles.writeString(to.resolve("position.json"), step + "\n");
  }

  private static float[] filled(float[] values, float with) {
    Arrays.fill(values, with);
    return values;
  }

  private static long step(Path checkpoint) throws IOException {
    try (Safetensors.Reader reader =
        Safetensors.Reader.open(checkpoint.resolve("state.safetensors"))) {
      long step = (long) reader.floats("weight").get(999);
      assertEquals(step + "\n", Files.readString(checkpoint.resolve("position.json")));
      return step;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCheckpointCanAlwaysBeLoaded(boolean dies) throws IOException {
    Path store = dir.resolve("checkpoints");
    List<String> warnings = new ArrayList<>();
    int changes =
        failing(
            dies,
            files -> {
              AtomicFiles.deleteTree(store);
              for (long step = 2; step <= 3; step++) { // as many as are kept
                save(files.of(store), step);
              }
            },
            files -> {
              save(files.of(store), 4);
              save(files.of(store), 4); // a resumed run saves the step it stopped at again
              save(files.of(store), 5);
              new Checkpoints(files.of(store), 2, warnings::add).markBest(5, 0.5);
            },
            (failed, when) -> {
              Checkpoints checkpoints = new Checkpoints(store, 2, warnings::add);
              Checkpoints.Checkpoint latest = checkpoints.latest().orElseThrow();
              assertEquals(latest.step(), step(latest.dir()), when);
              assertTrue(latest.step() >= 3, when + ": " + latest);
              assertTrue(failed || latest.step() == 5, when + ": " + latest);
              assertTrue(failed || checkpoints.best().isPresent(), when);
              Path sound = new FaultyFileSystem(0, false).of(store); // without real syncs
              save(sound, 6); // and goes on
              new Checkpoints(sound, 2, warnings::add).markBest(6, 0.4);
              assertEquals(6, checkpoints.latest().orElseThrow().step());
              assertEquals(6, checkpoints.best().orElseThrow().checkpoint().step());
              assertEquals(4, entries(store).size(), when + ": remnants " + entries(store));
            });
    assertTrue(changes > 60, changes + " changes are too few");
    assertEquals(List.of(), warnings, "a damaged checkpoint had its name");
  }

  private static void save(Path store, long step) {
    new Checkpoints(store, 2, line -> {}).save(step, to -> fill(to, step));
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.toList();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aModelIsTheOldOneOrTheNewOne(boolean dies) throws IOException {
    Path target = dir.resolve("model");
    int changes =
        failing(
            dies,
            files -> {
              AtomicFiles.deleteTree(target);
              write(files.of(target), "old");
            },
            files -> write(files.of(target), "new"),
            (failed, when) -> {
              ModelFolder model = ModelFolder.open(target);
              String weights = Files.readString(model.file("model.safetensors"));
              assertTrue(failed ? List.of("old", "new").contains(weights) : weights.equals("new"));
            });
    assertTrue(changes > 10, changes + " changes are too few");
  }

  private static void write(Path target, String weights) {
    ModelFolder.write(target, true, part -> ModelFolderTest.fill(part, "encoder", weights));
  }

  @Test
  void aFileIsTheOldOneOrTheNewOne() throws IOException {
    Path file = dir.resolve("vocab.txt");
    failing(
        false,
        files -> AtomicFiles.writeString(files.of(file), "old"),
        files -> AtomicFiles.writeString(files.of(file), "new"),
        (failed, when) -> {
          String text = Files.readString(file);
          assertTrue(failed ? List.of("old", "new").contains(text) : text.equals("new"), when);
          assertEquals(List.of(file), entries(dir), when);
        });
  }
}
