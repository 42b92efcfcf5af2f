package org.ulmfit.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.UlmfitException;

class CheckpointsTest {

  @TempDir Path run;
  private Path dir;
  private final List<String> warnings = new ArrayList<>();
  private Checkpoints store;

  @BeforeEach
  void open() {
    dir = run.resolve("checkpoints");
    store = new Checkpoints(dir, 2, warnings::add);
  }

  private void save(long step) {
    store.save(step, part -> Files.writeString(part.resolve("state"), "at " + step));
  }

  private Set<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return new TreeSet<>(files.map(p -> p.getFileName().toString()).toList());
    }
  }

  private long latestStep() {
    return store.latest().orElseThrow().step();
  }

  @Test
  void anEmptyStoreHasNone() {
    assertEquals(Optional.empty(), store.latest());
  }

  @Test
  void keepsTheNewest() throws IOException {
    for (long step : new long[] {0, 100, 200, 300}) {
      save(step);
    }
    assertEquals(new TreeSet<>(List.of("latest", "step-00000200", "step-00000300")), names());
    Checkpoints.Checkpoint latest = store.latest().orElseThrow();
    assertEquals(300, latest.step());
    assertEquals("at 300", Files.readString(latest.dir().resolve("state")));
    assertEquals("step-00000300\n", Files.readString(dir.resolve("latest")));
    assertEquals(List.of(), warnings);
  }

  @Test
  void theBestIsKeptWhateverItsAge() throws IOException {
    save(0);
    store.markBest(0, 0.5);
    for (long step : new long[] {100, 200, 300}) {
      save(step);
    }
    assertEquals(
        new TreeSet<>(List.of("best", "latest", "step-00000000", "step-00000200", "step-00000300")),
        names());
    store.markBest(300, 1.25e-5);
    save(400);
    save(500);
    save(600);
    assertEquals(
        new TreeSet<>(List.of("best", "latest", "step-00000300", "step-00000500", "step-00000600")),
        names());
    Checkpoints.Best best = new Checkpoints(dir, 2, warnings::add).best().orElseThrow();
    assertEquals(1.25e-5, best.lack());
    assertEquals(300, best.checkpoint().step());
    assertEquals("at 300", Files.readString(best.checkpoint().dir().resolve("state")));
  }

  /** A best whose course of training was given up, and a pointer that says nothing. */
  @Test
  void aBestThatIsGoneIsNone() throws IOException {
    assertEquals(Optional.empty(), store.best());
    save(200);
    store.markBest(200, 0.5);
    save(100);
    assertEquals(Optional.empty(), store.best());
    for (String pointer : List.of("step-00000100 low\n", "step-00000100 1.2.3\n", "")) {
      Files.writeString(dir.resolve("best"), pointer);
      assertEquals(Optional.empty(), store.best());
    }
    Files.write(dir.resolve("best"), new byte[] {(byte) 0xff});
    assertEquals(Optional.empty(), store.best());
    save(300);
  }

  @Test
  void aDamagedBestIsPassedOverLoudly() throws IOException {
    save(100);
    store.markBest(100, 0.5);
    Files.writeString(dir.resolve("step-00000100/state"), "altered");
    assertEquals(Optional.empty(), store.best());
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.get(0).contains("step-00000100 is passed over"), warnings.get(0));
  }

  @Test
  void fallsBackLoudlyFromADamagedOne() throws IOException {
    save(100);
    save(200);
    Files.writeString(dir.resolve("step-00000200/state"), "at 20");
    assertEquals(100, latestStep());
    assertEquals(1, warnings.size());
    assertTrue(
        warnings.get(0).startsWith("WARNING: checkpoint step-00000200 is passed over: ")
            && warnings.get(0).contains("altered or damaged"),
        warnings.get(0));
  }

  @Test
  void saysWhenTheLatestIsGone() throws IOException {
    save(100);
    save(200);
    AtomicFiles.deleteTree(dir.resolve("step-00000200"));
    assertEquals(100, latestStep());
    assertEquals(List.of("WARNING: checkpoint step-00000200 is missing from " + dir), warnings);
  }

  @Test
  void refusesToStartOverSilently() throws IOException {
    save(100);
    Files.delete(dir.resolve("step-00000100/checksums.txt"));
    UlmfitException e = assertThrows(UlmfitException.class, () -> store.latest());
    assertEquals(UlmfitException.Kind.BAD_MODEL, e.kind());
    assertTrue(e.getMessage().contains("no usable checkpoint"), e.getMessage());
  }

  @Test
  void aFailedSaveLeavesTheEarlierOnes() throws IOException {
    save(100);
    UlmfitException e =
        assertThrows(
            UlmfitException.class,
            () ->
                store.save(
                    200,
                    part -> {
                      Files.writeString(part.resolve("state"), "half");
                      throw new IOException("No space left on device");
                    }));
    assertTrue(
        e.getMessage().endsWith("step-00000200: No space left on device; make room there"),
        e.getMessage());
    assertEquals(100, latestStep());
    assertEquals(new TreeSet<>(List.of("latest", "step-00000100")), names());
  }

  @Test
  void aCheckpointWhoseSaveWasKilledBeforeLatestMovedCounts() throws IOException {
    save(100);
    save(200);
    Files.writeString(dir.resolve("latest"), "step-00000100\n");
    assertEquals(200, latestStep());
  }

  @Test
  void savingAgainAfterAFallbackDropsTheCourseGivenUp() throws IOException {
    save(100);
    save(200);
    Files.delete(dir.resolve("step-00000200/state"));
    assertEquals(100, latestStep());
    save(150);
    assertEquals(new TreeSet<>(List.of("latest", "step-00000100", "step-00000150")), names());
    assertEquals(150, latestStep());
  }

  @Test
  void theSameStepCanBeSavedTwice() throws IOException {
    save(100);
    store.save(100, part -> Files.writeString(part.resolve("state"), "again"));
    assertEquals("again", Files.readString(store.latest().orElseThrow().dir().resolve("state")));
    assertEquals(new TreeSet<>(List.of("latest", "step-00000100")), names());
  }

  @Test
  void aReplacementCutShortIsUndone() throws IOException {
    save(100);
    Files.move(dir.resolve("step-00000100"), dir.resolve(".step-00000100.old"));
    assertEquals(100, latestStep());
  }

  @Test
  void remnantsOfKilledSavesAreRemoved() throws IOException {
    Files.createDirectories(dir.resolve(".step-00000050.part/deep"));
    Files.createDirectories(dir.resolve(".step-00000040.gone"));
    save(100);
    assertEquals(new TreeSet<>(List.of("latest", "step-00000100")), names());
  }
}
