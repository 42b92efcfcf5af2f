package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ulmfit.prepare.PreparedBytes.assertSame;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/** A language model's texts tokenized by several programs and joined. */
class PreparePartsTest {
  private static final int ROWS = 90;

  @TempDir Path dir;
  private Path table;

  @BeforeEach
  void write() throws IOException {
    table = dir.resolve("texts.jsonl");
    Files.write(table, rows());
  }

  /** Some texts twice, rows of a test split, and one that cannot be used. */
  private static List<String> rows() {
    Random random = new Random(5);
    List<String> rows = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      StringBuilder text = new StringBuilder();
      for (int word = 0; word < 10; word++) {
        text.append("word").append((int) Math.abs(20 * random.nextGaussian())).append(' ');
      }
      texts.add(i % 15 == 14 ? texts.get(3) : text.toString());
      rows.add(
          "{\"id\": \"r%d\", \"text\": \"%s\", \"split\": \"%s\"}"
              .formatted(i, texts.get(i), i % 9 == 8 ? "test" : "train"));
    }
    rows.add("{\"id\": \"bad\", \"text\": \" \", \"split\": \"train\"}");
    return rows;
  }

  private Path joined(Path corpus, int shards, String... more) {
    Path parts = dir.resolve("parts-" + shards + corpus.getFileName());
    for (int shard = 0; shard < shards; shard++) {
      part(corpus, shard + "/" + shards, parts, more).ok();
    }
    Path out = dir.resolve("joined-" + shards + corpus.getFileName());
    Cli.run(with(more, "prepare", "" + parts, "--out=" + out)).ok();
    return out;
  }

  private static Cli.Output part(Path corpus, String shard, Path parts, String... more) {
    return Cli.run(
        with(
            more,
            "prepare",
            "" + corpus,
            "--shard=" + shard,
            "--out=" + parts,
            "--on-bad-row=skip"));
  }

  private static String[] with(String[] more, String... args) {
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
  }

  private static Map<String, String> texts(Path store) {
    Map<String, String> all = new TreeMap<>();
    try (TokenStore tokens = TokenStore.open(store)) {
      for (int doc = 0; doc < tokens.size(); doc++) {
        all.put(tokens.id(doc), Arrays.toString(tokens.ids(doc)));
      }
    }
    return all;
  }

  @Test
  void anyNumberOfPartsGivesTheSameBytes() throws IOException {
    Path one = joined(table, 1);
    for (int shards : new int[] {2, 7, 120}) {
      assertSame(one, joined(table, shards));
    }
    Map<String, String> train = texts(one.resolve("lm/train.tokens"));
    Map<String, String> valid = texts(one.resolve("lm/valid.tokens"));
    assertEquals(80, train.size() + valid.size(), "rows of the test split are left out");
    assertFalse(train.containsKey("r8") || valid.containsKey("r8"));
    Set<String> both = new HashSet<>(train.values());
    both.retainAll(valid.values());
    assertEquals(Set.of(), both, "a text trains or validates, however often it stands there");
    String told = Files.readString(one.resolve("prepared.json"));
    assertTrue(told.contains("\"rows\" : 91") && told.contains("\"rejected\" : 1"), told);
  }

  @Test
  void theWordsAreThoseOfOneProgram() throws IOException {
    Path whole = dir.resolve("whole");
    Cli.run("prepare", "" + table, "--out=" + whole, "--on-bad-row=skip").ok();
    Map<String, String> train = new TreeMap<>();
    Map<String, String> other = new TreeMap<>();
    Path parts = joined(table, 3, "--set=vocab.minFreq=1");
    Path all = dir.resolve("all");
    Cli.run(
            "prepare",
            "" + table,
            "--out=" + all,
            "--on-bad-row=skip",
            "--set=vocab.minFreq=1",
            "--set=lm.validFraction=0.001")
        .ok();
    words(all, train);
    words(parts, other);
    assertEquals(train.keySet(), other.keySet());
    other.forEach(
        (id, words) -> {
          if (!words.contains("xxunk")) { // in the one vocabulary, not in the other
            assertEquals(train.get(id), words, id);
          }
        });
    assertTrue(other.values().stream().filter(words -> !words.contains("xxunk")).count() > 70);
  }

  private static void words(Path prepared, Map<String, String> into) throws IOException {
    Vocab vocab = Vocab.read(prepared.resolve("vocab.txt"));
    for (String role : List.of("lm/train.tokens", "lm/valid.tokens")) {
      try (TokenStore tokens = TokenStore.open(prepared.resolve(role))) {
        for (int doc = 0; doc < tokens.size(); doc++) {
          List<String> words = new ArrayList<>();
          for (int id : tokens.ids(doc)) {
            words.add(vocab.itos(id));
          }
          into.put(tokens.id(doc), String.join(" ", words));
        }
      }
    }
  }

  @Test
  void aFolderOfFilesIsSharedOutByFiles() throws IOException {
    Path folder = Files.createDirectories(dir.resolve("files"));
    List<String> rows = rows();
    for (int file = 0; file < 5; file++) {
      StringBuilder lines = new StringBuilder();
      for (int row = file; row < rows.size(); row += 5) {
        lines.append(rows.get(row)).append('\n');
      }
      Path part = folder.resolve("part-%05d.jsonl.gz".formatted(file));
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(part))) {
        out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    Path one = joined(table, 1);
    assertSame(one, joined(folder, 1));
    assertSame(one, joined(folder, 3));
    assertSame(one, joined(folder, 9)); // four have no file
  }

  @Test
  void aLanguageModelIsTrainedOnThem() {
    Path prepared = joined(table, 2);
    Path run = dir.resolve("lm");
    Cli.run(
            "lm-finetune",
            "" + prepared,
            "--from-scratch",
            "--out=" + run,
            "--set=model.embeddingSize=8",
            "--set=model.hiddenSize=8",
            "--set=lm.batchSize=4",
            "--set=lm.bptt=8",
            "--set=lm.stages.0.epochs=1",
            "--set=lm.stages.1.epochs=1")
        .ok();
    assertTrue(Files.exists(run.resolve("encoder/model.safetensors")));
  }

  @Test
  void aPartIsThereWholeOrNotAtAllAndIsLeft() throws IOException {
    Path parts = dir.resolve("parts");
    part(table, "0/2", parts).ok();
    var before = Files.getLastModifiedTime(parts.resolve("part-00000/part.json"));
    assertTrue(part(table, "0/2", parts).ok().err().contains("is there already"));
    assertEquals(before, Files.getLastModifiedTime(parts.resolve("part-00000/part.json")));
    String error = Cli.run("prepare", "" + parts, "--out=" + dir.resolve("no")).error(3);
    assertTrue(error.contains("1 of 2 parts are missing, those of --shard 1/2"), error);
    assertFalse(Files.exists(dir.resolve("no")));
    try (Stream<Path> left = Files.list(parts)) {
      assertEquals(List.of("part-00000"), left.map(f -> "" + f.getFileName()).toList());
    }
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() throws IOException {
    Path parts = dir.resolve("parts");
    part(table, "0/2", parts).ok();
    assertRefused(2, "another number", part(table, "1/3", parts));
    assertRefused(2, "other settings", part(table, "1/2", parts, "--set=text.rules=none"));
    Path other = dir.resolve("other.jsonl");
    Files.write(other, rows().subList(0, 40));
    assertRefused(2, "other input", part(other, "1/2", parts));
    Path others = dir.resolve("others");
    part(other, "1/2", others).ok();
    Files.move(others.resolve("part-00001"), parts.resolve("part-00001"));
    String out = "--out=" + dir.resolve("out");
    assertRefused(3, "other input", Cli.run("prepare", "" + parts, out));
    AtomicFiles.deleteTree(parts.resolve("part-00001"));
    part(table, "1/2", parts).ok();
    assertRefused(2, "text.rules", Cli.run("prepare", "" + parts, out, "--set=text.rules=none"));
    assertRefused(2, "--limit", Cli.run("prepare", "" + parts, out, "--limit=3"));
    assertRefused(2, "--dry-run", Cli.run("prepare", "" + parts, "--dry-run"));
    assertRefused(2, "take no validation", Cli.run("prepare", "" + parts, out, "--test=" + other));
    assertRefused(2, "read already", Cli.run("prepare", "" + parts, out, "--text-column=text"));
    assertRefused(2, "join them first", Cli.run("lm-finetune", "" + parts, "--from-scratch", out));
    Files.move(parts.resolve("part-00001"), parts.resolve("part-00002"));
    part(table, "1/2", parts).ok();
    assertRefused(3, "a part twice", Cli.run("prepare", "" + parts, out));
  }

  @Test
  void aFileOfTheSameSizeIsAnother() throws IOException {
    Path parts = dir.resolve("parts");
    part(table, "0/2", parts).ok();
    Path other = dir.resolve("same-size.jsonl");
    Files.writeString(other, Files.readString(table).replace("word1", "word2"));
    assertEquals(Files.size(table), Files.size(other));
    assertRefused(2, "other input", part(other, "1/2", parts));
  }

  @Test
  void whatNoPartCanDoIsRefused() {
    Path parts = dir.resolve("parts");
    assertRefused(2, "train-tokenizer", part(table, "0/2", parts, "--tokenizer=train:300"));
    assertRefused(2, "lesson", part(table, "0/2", parts, "--config=imdb-lesson"));
    assertRefused(2, "--limit", part(table, "0/2", parts, "--limit=3"));
    assertRefused(2, "--dry-run", part(table, "0/2", parts, "--dry-run"));
    assertRefused(2, "standard input", part(Path.of("-"), "0/2", parts));
    assertRefused(2, "is no shard", part(table, "2", parts));
    assertRefused(2, "0/2 to 1/2", part(table, "2/2", parts));
    assertFalse(Files.exists(parts));
  }

  @Test
  void damageIsSeen() throws IOException {
    Path parts = dir.resolve("parts");
    part(table, "0/1", parts).ok();
    Random random = new Random(6);
    for (String name : List.of("part.json", "types.vocab", "documents.tokens")) {
      Path file = parts.resolve("part-00000").resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      for (int i = 0; i < 12; i++) {
        Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
        Cli.Output output = Cli.run("prepare", "" + parts, "--out=" + dir.resolve("out"));
        assertTrue(output.code() == 3 || output.code() == 4, name + ": " + output.err());
      }
      byte[] flipped = bytes.clone();
      flipped[bytes.length / 3] ^= 1; // of the tokens one that stays a type
      Files.write(file, flipped);
      Cli.run("prepare", "" + parts, "--out=" + dir.resolve("out")).error(3);
      Files.write(file, bytes);
    }
    Cli.run("prepare", "" + parts, "--out=" + dir.resolve("out")).ok();
  }

  @Test
  void wordsOfPartsOfOneWordAreThatWord() throws IOException {
    Path words = dir.resolve("words.jsonl");
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < 40; row++) {
      lines.add("{\"text\": \"%s\"}".formatted(row % 2 == 0 ? "yes" : "no" + row));
    }
    Files.write(words, lines);
    String[] plain = {
      "--set=text.rules=none", "--set=vocab.minFreq=1", "--set=lm.validFraction=0.3"
    };
    Path one = joined(words, 1, plain);
    for (int shards : new int[] {20, 40}) {
      assertSame(one, joined(words, shards, plain));
    }
    Map<String, String> read = new TreeMap<>();
    words(one, read);
    assertTrue(read.values().stream().anyMatch(word -> word.startsWith("no")), "" + read);
  }

  @Test
  void rowsThatWereRejectedAreListedInOnePlace() throws IOException {
    Path out = joined(table, 3);
    List<String> rejected = Files.readAllLines(out.resolve("rejected.jsonl"));
    assertEquals(1, rejected.size());
    assertTrue(rejected.get(0).contains("row 91"), rejected.get(0));
    Path clean = dir.resolve("clean.jsonl");
    Files.write(clean, rows().subList(0, ROWS));
    Path parts = dir.resolve("clean-parts");
    part(clean, "0/1", parts).ok();
    Cli.run("prepare", "" + parts, "--out=" + out).ok();
    assertFalse(Files.exists(out.resolve("rejected.jsonl")), "that of other data is removed");
  }

  @Test
  void aScriptIsToldOfAllTextsNotOfAPart() throws IOException {
    Path mixed = dir.resolve("mixed.jsonl");
    List<String> lines = new ArrayList<>(rows().subList(0, 30));
    String russian =
        "\u0445\u043e\u0440\u043e\u0448\u0438\u0439 \u0444\u0438\u043b\u044c\u043c ".repeat(10);
    for (int row = 0; row < 10; row++) {
      lines.add(3 * row, "{\"text\": \"%s %d\"}".formatted(russian, row)); // all of shard 0 of 3
    }
    Files.write(mixed, lines);
    Path parts = dir.resolve("parts");
    String warning = "of the letters are Latin";
    assertTrue(part(mixed, "0/3", parts).ok().err().contains(warning));
    assertFalse(part(mixed, "1/3", parts).ok().err().contains(warning));
    part(mixed, "2/3", parts).ok();
    String told = Cli.run("prepare", "" + parts, "--out=" + dir.resolve("out")).ok().err();
    assertFalse(told.contains(warning), told);
  }

  @Test
  void partsAreNoTexts() throws IOException {
    Path parts = dir.resolve("parts");
    part(table, "0/2", parts).ok();
    assertRefused(2, "join them first", part(parts, "0/2", dir.resolve("again")));
    Cli.run("train-tokenizer", "" + parts, "--out=" + dir.resolve("t.json")).error(3);
    Path blank = dir.resolve("blank.jsonl");
    Files.writeString(blank, "{\"text\": \" \"}\n{\"text\": \"\"}\n");
    Path none = dir.resolve("none");
    for (int shard = 0; shard < 2; shard++) {
      Cli.Output output = part(blank, shard + "/2", none);
      if (output.code() != 0) {
        assertRefused(3, "no", output);
        return;
      }
    }
    assertRefused(3, "holds no text", Cli.run("prepare", "" + none, "--out=" + dir.resolve("o")));
  }

  private static void assertRefused(int code, String why, Cli.Output output) {
    String error = output.error(code);
    assertTrue(error.contains(why), error);
  }
}
