package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.run.Runs;
import org.ulmfit.run.TestRuns;
import org.ulmfit.train.TrainingListener;

/** What a recipe leaves to the data is settled once, told, recorded, and kept by a resumed run. */
@Tag("engine")
class DataChoicesTest {

  @TempDir Path dir;

  private final List<String> notes = new ArrayList<>();
  private final TrainingListener listener =
      new TrainingListener() {
        @Override
        public void note(String line) {
          notes.add(line);
        }
      };

  /**
   * Documents of the words {@code <prefix>0} to {@code <prefix>n-1}, each often enough to count.
   */
  private Path corpus(String prefix, int words) throws IOException {
    StringBuilder text = new StringBuilder("text\n");
    for (int doc = 0; doc < 40; doc++) {
      for (int i = 0; i < words; i++) {
        text.append(prefix).append((i * (doc + 1)) % words).append(' ');
      }
      text.append('\n');
    }
    return Files.writeString(dir.resolve(prefix + ".csv"), text);
  }

  private LmFineTuning job(Path corpus, Path pretrained, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.addAll(
        List.of(
            "lm.batchSize=4",
            "lm.bptt=20",
            "vocab.minFreq=1",
            "lm.stages=[" + TinyLm.phase(0, 1) + "]"));
    all.addAll(List.of("model.embeddingSize=8", "model.hiddenSize=8", "precision=fp32"));
    Recipe recipe = org.ulmfit.config.Recipes.load(null, all);
    return new LmFineTuning(Corpus.at(corpus), 0, LmStart.of(pretrained, false), recipe);
  }

  private void run(LmFineTuning training, String out) {
    TestRuns.run(training, dir.resolve(out), listener);
  }

  private void resume(LmFineTuning training) {
    TestRuns.run(training, dir.resolve("run"), true, listener, result -> {});
  }

  private Path pretrained() throws IOException {
    run(job(corpus("known", 40), null), "pretrained");
    notes.clear();
    return dir.resolve("pretrained");
  }

  private String recorded(String folder) throws IOException {
    String yaml = Files.readString(dir.resolve(folder).resolve("recipe.yaml"));
    return yaml.lines()
        .map(String::strip)
        .filter(line -> line.startsWith("keepPretrained") || line.startsWith("softmax"))
        .toList()
        .toString();
  }

  @ParameterizedTest
  @CsvSource({
    "60000, 10, true, sampled",
    "60000, 4096, true, full",
    "30, 4, false, sampled",
    "30, 100, false, full"
  })
  void bothAreSettledToldAndRecorded(int room, int negatives, boolean kept, String softmax)
      throws IOException {
    Path pretrained = pretrained();
    String[] settings = {"vocab.maxSize=" + room, "lm.negatives=" + negatives};
    LmFineTuning job = job(corpus("new", 9), pretrained, settings);
    List<String> plan = Runs.plan(job, "cpu", listener, new Stop()).lines();
    assertFalse(Files.exists(dir.resolve("run")));
    notes.clear();
    run(job, "run");
    for (String folder : List.of("run", "run/lm", "run/encoder")) {
      assertEquals(
          "[keepPretrained: " + kept + ", softmax: " + softmax + "]", recorded(folder), folder);
    }
    String words = "pretrained words: " + (kept ? "kept (auto: " : "not kept (auto: ");
    String loss = "softmax: " + softmax;
    String log = Files.readString(dir.resolve("run/log.jsonl"));
    for (String line : List.of(words, loss)) {
      assertEquals(1, notes.stream().filter(note -> note.startsWith(line)).count(), "" + notes);
      assertTrue(plan.stream().anyMatch(told -> told.startsWith(line)), plan.toString());
      assertTrue(log.contains("\"" + line), log);
    }
  }

  @Test
  void whatTheRecipeSaysIsTakenAsItIs() throws IOException {
    String[] settings = {"vocab.keepPretrained=false", "lm.softmax=full", "lm.negatives=4"};
    run(job(corpus("new", 9), pretrained(), settings), "run");
    assertEquals("[keepPretrained: false, softmax: full]", recorded("run"));
    assertEquals(List.of(), notes.stream().filter(note -> note.contains("(auto: ")).toList());
  }

  @Test
  void aResumedRunKeepsWhatWasRecorded() throws IOException {
    Path pretrained = pretrained();
    Path corpus = corpus("new", 9);
    run(job(corpus, pretrained, "lm.negatives=10"), "whole");
    RuntimeException stop = new RuntimeException("as if killed before its end");
    assertThrows(
        RuntimeException.class,
        () ->
            TestRuns.run(
                job(corpus, pretrained, "lm.negatives=10"),
                dir.resolve("run"),
                false,
                listener,
                result -> {
                  throw stop;
                }));
    assertEquals("[keepPretrained: true, softmax: sampled]", recorded("run"));
    for (String other : List.of("lm.softmax=full", "vocab.keepPretrained=false")) {
      LmFineTuning changed = job(corpus, pretrained, "lm.negatives=10", other);
      UlmfitException e = assertThrows(UlmfitException.class, () -> resume(changed));
      assertEquals(UlmfitException.Kind.USAGE, e.kind());
      assertTrue(e.getMessage().contains("was begun with another recipe"), e.getMessage());
    }
    notes.clear();
    resume(job(corpus, pretrained, "lm.negatives=10"));
    String reused = "using the prepared data in " + dir.resolve("run/prepared");
    assertTrue(notes.contains(reused), notes.toString());
    assertEquals("[keepPretrained: true, softmax: sampled]", recorded("run"));
    assertArrayEquals(
        Files.readAllBytes(dir.resolve("whole/lm/model.safetensors")),
        Files.readAllBytes(dir.resolve("run/lm/model.safetensors")));
  }

  @Test
  void preparedDataKeepsItsVocabulary() throws IOException {
    Path pretrained = pretrained();
    run(job(corpus("new", 9), null), "first");
    notes.clear();
    Path prepared = dir.resolve("first/prepared");
    run(job(prepared, pretrained), "second");
    assertEquals("[keepPretrained: false, softmax: full]", recorded("second"));
    assertTrue(
        notes.contains(
            "pretrained words: not kept (auto: the corpus was prepared with its own vocabulary)"),
        notes.toString());
  }
}
