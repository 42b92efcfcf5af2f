package org.ulmfit.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulmfit.UlmfitException;

class ModelFolderTest {

  @TempDir Path dir;

  static void fill(Path to, String kind, String weights) throws IOException {
    Files.writeString(
        to.resolve("config.json"),
        "{\"kind\": \"" + kind + "\", \"direction\": \"forward\", \"formatVersion\": 2}");
    Files.writeString(to.resolve("vocab.txt"), "\"xxunk\"\n");
    Files.writeString(to.resolve("model.safetensors"), weights);
    if (kind.equals("classifier")) {
      Files.writeString(to.resolve("labels.json"), "[\"neg\",\"pos\"]");
    }
  }

  private Path written(String name, String kind) {
    Path target = dir.resolve(name);
    ModelFolder.write(target, false, part -> fill(part, kind, "w"));
    return target;
  }

  private static String refusal(Runnable action, UlmfitException.Kind kind) {
    UlmfitException e = assertThrows(UlmfitException.class, action::run);
    assertEquals(kind, e.kind(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
    return e.getMessage();
  }

  private Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return new TreeSet<>(files.map(p -> p.getFileName().toString()).toList());
    }
  }

  @Test
  void opensWhatItWrote() throws IOException {
    Path target = written("clas", "classifier");
    ModelFolder model = ModelFolder.open(target, "classifier");
    assertEquals("classifier", model.kind());
    assertEquals("forward", model.config().get("direction").asText());
    assertEquals("w", Files.readString(model.file("model.safetensors")));
    assertEquals(
        new TreeSet<>(
            List.of(
                "checksums.txt", "config.json", "labels.json", "model.safetensors", "vocab.txt")),
        names(target));
    assertEquals(new TreeSet<>(List.of("clas")), names(dir));
    assertFalse(model.has("checksums.txt"));
    assertTrue(
        refusal(() -> model.file("recipe.yaml"), UlmfitException.Kind.BAD_MODEL)
            .endsWith("no recipe.yaml in this classifier"));
  }

  @Test
  void checksumsAreThoseOfSha256sum() throws IOException {
    Path target = written("enc", "encoder");
    // sha256 of the one byte "w", from coreutils
    assertTrue(
        Files.readString(target.resolve("checksums.txt"))
            .contains(
                "50e721e49c013f00c62cf59f2163542a9d8df02464efeb615d31051b0fddc326"
                    + "  model.safetensors\n"));
  }

  @ParameterizedTest
  @CsvSource({"lm", "encoder", "classifier"})
  void acceptsTheRunInPlaceOfTheFolder(String kind) {
    written("run/" + kind, kind);
    assertEquals(
        dir.resolve("run").resolve(kind), ModelFolder.open(dir.resolve("run"), kind).path());
    assertEquals(kind, ModelFolder.open(dir.resolve("run")).kind());
  }

  @Test
  void prefersTheLanguageModelOfAnLmRun() {
    written("run/lm", "lm");
    written("run/encoder", "encoder");
    assertEquals("lm", ModelFolder.open(dir.resolve("run")).kind());
  }

  @Test
  void namesTheFoundKindAndTheCommand() {
    Path enc = written("enc", "encoder");
    assertEquals(
        enc
            + ": holds an encoder (kind encoder) where a classifier (kind classifier) is needed;"
            + " train one with `ulmfit classify CORPUS --encoder "
            + enc
            + " --out RUN`",
        refusal(() -> ModelFolder.open(enc, "classifier"), UlmfitException.Kind.BAD_MODEL));
    written("run/classifier", "classifier");
    assertTrue(
        refusal(
                () -> ModelFolder.open(dir.resolve("run"), "encoder"),
                UlmfitException.Kind.BAD_MODEL)
            .contains("holds a classifier (kind classifier) where an encoder"));
  }

  @Test
  void refusesAMissingPlace() throws IOException {
    assertTrue(
        refusal(() -> ModelFolder.open(dir.resolve("no")), UlmfitException.Kind.USAGE)
            .contains("no such folder"));
    assertTrue(
        refusal(() -> ModelFolder.open(dir), UlmfitException.Kind.USAGE).contains("no model here"));
    Path file = Files.createFile(dir.resolve("f"));
    assertTrue(
        refusal(() -> ModelFolder.open(file), UlmfitException.Kind.USAGE)
            .contains("is a file, not a folder"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vocab.txt         | missing, though checksums.txt lists it",
        "model.safetensors | missing, though checksums.txt lists it",
        "checksums.txt     | no checksums.txt, so this model is incomplete",
        "config.json       | no config.json, so this model is incomplete"
      })
  void refusesAnIncompleteFolder(String lost, String expected) throws IOException {
    Path target = written("m", "lm");
    Files.delete(target.resolve(lost));
    String message = refusal(() -> ModelFolder.open(target), UlmfitException.Kind.BAD_MODEL);
    assertTrue(message.contains(expected), message);
  }

  @Test
  void refusesAnAlteredFile() throws IOException {
    Path target = written("m", "lm");
    Files.writeString(target.resolve("vocab.txt"), "\"xxpad\"\n");
    String message = refusal(() -> ModelFolder.open(target), UlmfitException.Kind.BAD_MODEL);
    assertTrue(message.startsWith(target.resolve("vocab.txt") + ": altered or damaged"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'kind':'lm'}                                     | formatVersion is missing",
        "{'kind':'lm','formatVersion':'1'}                 | formatVersion is \"1\"",
        "{'kind':'lm','formatVersion':1}                   | is of an earlier ulmfit",
        "{'kind':'lm','formatVersion':0}                   | formatVersion is 0",
        "{'kind':'lm','formatVersion':3}                   | is newer than this ulmfit reads",
        "{'formatVersion':2}                               | kind is missing",
        "{'kind':'xx','formatVersion':2}                   | kind is \"xx\"",
        "{'kind':'lm','kind':'lm','formatVersion':2}       | Duplicate field 'kind'",
        "{'kind':'lm','formatVersion':1} 3                 | line 1: not valid JSON",
        "{'kind':                                          | line 1: not valid JSON"
      })
  void refusesABadConfig(String json, String expected) throws IOException {
    Path target = written("m", "lm");
    Files.writeString(target.resolve("config.json"), json.replace('\'', '"'));
    Checksums.write(target);
    String message = refusal(() -> ModelFolder.open(target), UlmfitException.Kind.BAD_MODEL);
    assertTrue(message.contains(expected), message);
  }

  @ParameterizedTest
  @CsvSource({
    "../vocab.txt",
    "/etc/hosts",
    "a/../../b",
    "a//b",
    "./vocab.txt",
    "C:/x",
  })
  void refusesAListThatLeavesTheFolder(String name) throws IOException {
    Path target = written("m", "lm");
    Path list = target.resolve("checksums.txt");
    Files.writeString(list, "0".repeat(64) + "  " + name + "\n");
    assertEquals(
        list + ", line 1: expected a sha256, two spaces and a file name",
        refusal(() -> ModelFolder.open(target), UlmfitException.Kind.BAD_MODEL));
  }

  @Test
  void refusesAListThatOmitsAPart() throws IOException {
    Path target = written("m", "lm");
    Path list = target.resolve("checksums.txt");
    Files.writeString(
        list,
        String.join(
            "\n", Files.readAllLines(list).stream().filter(l -> !l.contains("vocab")).toList()));
    assertTrue(
        refusal(() -> ModelFolder.open(target), UlmfitException.Kind.BAD_MODEL)
            .contains("does not list vocab.txt"));
  }

  @Test
  void filesThatAreNotListedAreNoPartOfTheModel() throws IOException {
    Path target = written("m", "lm");
    Files.writeString(target.resolve("notes.txt"), "mine");
    assertFalse(ModelFolder.open(target).has("notes.txt"));
  }

  @Test
  void anExistingModelIsKeptUnlessOverwriteAndUntilTheNewOneIsComplete() throws IOException {
    Path target = written("m", "lm");
    assertTrue(
        refusal(
                () -> ModelFolder.write(target, false, part -> fill(part, "lm", "new")),
                UlmfitException.Kind.USAGE)
            .contains("exists already"));
    refusal(
        () ->
            ModelFolder.write(
                target,
                true,
                part -> {
                  fill(part, "lm", "new");
                  throw new IOException("disk full");
                }),
        UlmfitException.Kind.FAILURE);
    assertThrows(
        IllegalStateException.class,
        () ->
            ModelFolder.write(
                target,
                true,
                part -> {
                  throw new IllegalStateException("bug");
                }));
    refusal(
        () -> ModelFolder.write(target, true, part -> fill(part, "lm ", "new")),
        UlmfitException.Kind.BAD_MODEL);
    assertEquals("w", Files.readString(ModelFolder.open(target).file("model.safetensors")));
    assertEquals(new TreeSet<>(List.of("m")), names(dir));

    ModelFolder.write(target, true, part -> fill(part, "lm", "new"));
    assertEquals("new", Files.readString(ModelFolder.open(target).file("model.safetensors")));
    assertEquals(new TreeSet<>(List.of("m")), names(dir));
  }

  @Test
  void neverReplacesAFolderThatIsNoModel() throws IOException {
    Path home = Files.createDirectory(dir.resolve("home"));
    Files.writeString(home.resolve("thesis.txt"), "years of work");
    assertTrue(
        refusal(
                () -> ModelFolder.write(home, true, part -> fill(part, "lm", "w")),
                UlmfitException.Kind.USAGE)
            .contains("holds something other than a model"));
    assertTrue(Files.exists(home.resolve("thesis.txt")));
  }

  @Test
  void anIncompleteModelIsNotPublished() {
    Path target = dir.resolve("m");
    refusal(
        () ->
            ModelFolder.write(
                target,
                false,
                part -> {
                  fill(part, "classifier", "w");
                  Files.delete(part.resolve("labels.json"));
                }),
        UlmfitException.Kind.BAD_MODEL);
    assertFalse(Files.exists(target));
  }

  @Test
  void aReplacementCutShortBetweenItsTwoRenamesIsUndone() throws IOException {
    Path target = written("m", "lm");
    Files.move(target, dir.resolve(".m.old"));
    assertEquals("lm", ModelFolder.open(target).kind());
    assertEquals(new TreeSet<>(List.of("m")), names(dir));
  }

  @Test
  void aRemnantOfAKilledWriteIsNoObstacle() throws IOException {
    Path remnant = Files.createDirectory(dir.resolve(".m.part"));
    Files.writeString(remnant.resolve("stale"), "x");
    Path target = written("m", "lm");
    assertFalse(Files.exists(target.resolve("stale")));
    assertEquals(new TreeSet<>(List.of("m")), names(dir));
  }
}
