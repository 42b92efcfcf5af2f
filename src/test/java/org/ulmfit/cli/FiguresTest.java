package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A figure measures what it says, and what is advised gets further: through the commands. */
@Tag("engine")
class FiguresTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LATIN = "% of the letters are Latin";
  private static TinyRun.Output run;

  @TempDir Path dir;

  @BeforeAll
  static void train() {
    run = TinyRun.get();
  }

  private Path csv(String name, Stream<String> rows) throws IOException {
    return Files.writeString(
        dir.resolve(name), rows.collect(Collectors.joining("\n", "label,text\n", "\n")));
  }

  private static Stream<String> rows(int n, String letters, int length, String gap) {
    Random random = new Random(7);
    return IntStream.range(0, n)
        .mapToObj(
            i ->
                (i % 2 == 0 ? "neg," : "pos,")
                    + IntStream.range(0, length)
                        .mapToObj(
                            j -> {
                              int at = random.nextInt(letters.length() / 2) * 2;
                              return letters.substring(at, at + 2);
                            })
                        .collect(Collectors.joining(gap)));
  }

  private Cli.Output classify(Path corpus, Path encoder, String... more) {
    List<String> options = new ArrayList<>(TinyRun.SIZES);
    options.addAll(List.of(more));
    return Cli.run(
        Cli.and(
            options,
            "classify",
            "" + corpus,
            "--encoder=" + encoder,
            "--out=" + dir.resolve("c"),
            "--dry-run"));
  }

  private Cli.Output languageModel(Path corpus, String... more) {
    List<String> options = new ArrayList<>(TinyRun.SIZES);
    options.addAll(List.of("--set=lm.batchSize=2", "--set=lm.bptt=5")); // few words make a batch
    options.addAll(List.of(more));
    return Cli.run(
        Cli.and(
            options, "lm-finetune", "" + corpus, "--out=" + dir.resolve("lm"), "--from-scratch"));
  }

  /** Of the script, before there are tokens. */
  private static String scriptWarning(Cli.Output output) {
    return output.ok().err().lines().filter(l -> l.contains(LATIN)).findFirst().orElse("");
  }

  private static String warning(Cli.Output output) {
    List<String> lines =
        output
            .ok()
            .err()
            .lines()
            .filter(l -> l.startsWith("WARNING") && l.contains("words"))
            .filter(l -> !l.contains(LATIN))
            .toList();
    assertTrue(lines.size() <= 1, output.err());
    return lines.isEmpty() ? "" : lines.get(0);
  }

  /** A tokenizer that makes a piece of every character, of those of xxbos too. */
  private Path tokenizer(String letters) throws IOException {
    StringBuilder vocab = new StringBuilder("\"[UNK]\": 0");
    List<String> distinct =
        (letters + "xbos").chars().distinct().mapToObj(Character::toString).toList();
    for (int i = 0; i < distinct.size(); i++) {
      vocab.append(", \"").append(distinct.get(i)).append("\": ").append(i + 1);
    }
    return Files.writeString(
        dir.resolve("tokenizer.json"),
        """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
         "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"},
         "post_processor": null, "decoder": null,
         "model": {"type": "BPE", "dropout": null, "unk_token": "[UNK]",
          "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": false,
          "vocab": {%s}, "merges": []}}
        """
            .formatted(vocab));
  }

  @ParameterizedTest
  @CsvSource({
    "这部电影很好看服务也不错吃差贵冷, Chinese or Japanese (Han)",
    "บริการช้าผิดหวังร้านนี้แพงมากอาหาร, Thai",
    "このえいがはとてもおもしろかったです, Chinese or Japanese (Han)"
  })
  void sentencesWithoutBlanksAreToldAndEachRemedyHelps(String letters, String script)
      throws IOException {
    Path sentences = csv("sentences.csv", rows(80, letters, 12, ""));
    Cli.Output output = classify(sentences, run.lm());
    assertTrue(output.err().contains("unknown words: classifier/train 100.0% of "), output.err());
    String warning = warning(output);
    assertTrue(warning.contains("most are " + script + " and so long that they are"), warning);
    assertTrue(warning.contains("put blanks between the words"), warning);
    assertTrue(warning.endsWith("lm-finetune --from-scratch --tokenizer icu"), warning);
    for (String more : List.of("--seed=1", "--set=vocab.minFreq=1")) { // known sentences: no better
      Cli.Output english = languageModel(sentences, "--dry-run", more);
      String told = scriptWarning(english);
      assertTrue(
          told.startsWith("WARNING: 0.0% of the letters are Latin, most are " + script), told);
      assertTrue(told.endsWith("add --tokenizer icu, which finds the words"), told);
      assertEquals("", warning(english), "once is enough");
    }

    Path words = csv("words.csv", rows(80, letters, 12, " "));
    assertEquals("", warning(languageModel(words, "--dry-run")));

    for (String tokenizer : List.of("chars", "" + tokenizer(letters))) {
      Cli.Output own = languageModel(sentences, "--tokenizer=" + tokenizer, "--overwrite");
      assertEquals("", scriptWarning(own));
      assertEquals("", warning(own));
      assertTrue(own.err().contains("text: tokenizer " + tokenizer + " ("), own.err());
      assertEquals("", warning(classify(sentences, dir.resolve("lm"))));
    }
  }

  @ParameterizedTest
  @CsvSource({"อาหาร อร่อย มาก ร้าน แพง บริการ ช้า", "服务 不错 味道 非常 便宜 电影 垃圾"})
  void icuFindsTheWordsOfSentences(String list) throws IOException {
    List<String> words = List.of(list.split(" "));
    Random random = new Random(7);
    Path corpus =
        csv(
            "sentences.csv",
            IntStream.range(0, 60)
                .mapToObj(
                    row ->
                        IntStream.range(0, 9)
                            .mapToObj(i -> words.get(random.nextInt(words.size())))
                            .collect(Collectors.joining("", row % 2 == 0 ? "a," : "b,", ""))));
    Path prepared = dir.resolve("p");
    Cli.Output output =
        Cli.run("prepare", "" + corpus, "--out=" + prepared, "--tokenizer=icu", "--language=th");
    assertEquals("", scriptWarning(output) + warning(output));
    assertTrue(
        output.err().startsWith("text: tokenizer icu (words of any language, as of ICU "),
        output.err());
    assertTrue(output.err().contains("), rules fastai-2, language th\n"), output.err());
    List<String> vocab = Files.readAllLines(prepared.resolve("vocab.txt"));
    words.forEach(word -> assertTrue(vocab.contains('"' + word + '"'), word + " in " + vocab));
    assertEquals("", warning(languageModel(prepared, "--tokenizer=icu", "--dry-run")));
    String english = languageModel(prepared, "--dry-run").error(2);
    assertTrue(english.contains("prepared with text.tokenizer=icu"), english);
  }

  @ParameterizedTest
  @CsvSource({
    "этотфильмбылвеликолепен, Cyrillic",
    "هذاالفيلمرائعجداطعام, Arabic",
    "이영화는정말좋았다음식, Hangul"
  })
  void anotherScriptIsNamedAndTheRemedyHelps(String letters, String script) throws IOException {
    Path corpus = csv("foreign.csv", rows(60, letters, 12, " "));
    String warning = warning(classify(corpus, run.lm()));
    assertTrue(warning.startsWith("WARNING: 100.0% of the words of classifier/"), warning);
    assertTrue(warning.contains("written in " + script), warning);
    assertTrue(
        warning.contains(
            "(lm-finetune --from-scratch --tokenizer icu; with --set vocab.minFreq=1 if"),
        warning);
    String told = scriptWarning(languageModel(corpus, "--dry-run"));
    assertTrue(told.contains("0.0% of the letters are Latin, most are " + script + ", but"), told);
    assertTrue(told.contains("add --tokenizer icu (words of any language) or"), told);
    Cli.Output own = languageModel(corpus, "--tokenizer=icu", "--set=vocab.minFreq=1");
    assertEquals("", scriptWarning(own) + warning(own));
    assertEquals("", warning(classify(corpus, dir.resolve("lm"))));
    String log = Files.readString(dir.resolve("lm/log.jsonl"));
    assertTrue(log.contains("unknown words: lm/train 0.0% of "), log);
    JsonNode origin = JSON.readTree(dir.resolve("lm/lm/provenance.json").toFile()).get("data");
    assertTrue(origin.get("unknown words").asText().startsWith("lm/train 0.0% of "), "" + origin);
  }

  @Test
  void wordsTooRareForTheVocabularyAreToldAndTheRemedyHelps() throws IOException {
    Path corpus =
        csv("rare.csv", IntStream.range(0, 60).mapToObj(i -> "a,the film zz" + i + " was yy" + i));
    String warning = warning(languageModel(corpus, "--dry-run"));
    assertTrue(
        warning.contains("% of the words of lm/train are unknown: they are too rare"), warning);
    assertTrue(warning.endsWith("or --set vocab.minFreq=1 (it is 2)"), warning);
    assertTrue(
        warning(languageModel(corpus, "--dry-run", "--set=vocab.minFreq=1"))
            .contains("words of lm/valid are unknown: they do not occur in the training texts"));
    String strict = "--set=vocab.minFreqStrict=true";
    warning = warning(languageModel(corpus, "--dry-run", strict, "--set=vocab.minFreq=1"));
    assertTrue(warning.endsWith("or --set vocab.minFreq=0 (it is 1)"), warning);
    assertFalse(
        warning(languageModel(corpus, "--dry-run", strict, "--set=vocab.minFreq=0"))
            .contains("lm/train"));
    Path frequent = csv("frequent.csv", rows(60, "abcdefghijklmnopqrst", 20, " "));
    warning = warning(languageModel(frequent, "--dry-run", "--set=vocab.maxSize=12"));
    assertTrue(warning.endsWith("the vocabulary is full; raise vocab.maxSize (it is 12)"), warning);
    assertEquals("", warning(languageModel(frequent, "--dry-run", "--set=vocab.maxSize=64")));
  }

  @Test
  void theShareIsToldWhereDataIsPreparedOnceAndUsedAgain() throws IOException {
    Path corpus = csv("foreign.csv", rows(60, "этотфильмбылвеликолепен", 12, ""));
    String dry = Cli.run("prepare", "" + corpus, "--dry-run").ok().err();
    assertTrue(dry.contains("unknown words: lm/train 100.0% of 48, lm/valid"), dry);
    assertTrue(dry.contains("WARNING: 100.0% of the words of lm/train"), dry);
    Path prepared = dir.resolve("p");
    Cli.Output output = Cli.run("prepare", "" + corpus, "--out=" + prepared).ok();
    assertTrue(
        output.out().contains("unknown words: lm/train 100.0% of 48, lm/valid"), output.out());
    JsonNode summary = JSON.readTree(prepared.resolve("prepared.json").toFile()).get("summary");
    assertEquals(48, summary.get("unknown").get("lm/train").get("words").asInt());
    assertEquals(48, summary.get("unknown").get("lm/train").get("unknown").asInt());
    String warning = warning(languageModel(prepared, "--dry-run"));
    assertTrue(warning.contains("100.0% of the words of lm/train are unknown"), warning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Этот фильм был великолепен | 4 of 4 words read (100.0%): most are written in Cyrillic",
        "这部电影很好看服务也不错 | 1 of 1 words read (100.0%): most are Chinese or Japanese (Han)",
        "😀 👍 🎉 | 3 of 3 words read (100.0%): most are symbols or figures",
        "zzgf qqwx vvbn the of and zzgf qqwx vvbn zzgf qqwx vvbn zzgf | 10 of 13 words read"
            + " (76.9%): another language"
      })
  void predictTellsOnceAtTheEndThatTheModelKnowsFewWords(String text, String told) {
    String err = Cli.run(text + "\n", List.of("predict", "" + run.classifier())).ok().err();
    List<String> lines = err.lines().toList();
    assertEquals(2, lines.size(), err);
    assertEquals("standard input: lines, a text each", lines.get(0));
    assertTrue(lines.get(1).startsWith("WARNING: unknown to the model: " + told), err);
    assertTrue(err.contains("train on such texts: lm-finetune"), err);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "the film was zzgf", "the\n\n, and .\n", "was the film the zzgf qqwx"})
  void aWordOrTwoThatIsUnknownIsNoNews(String text) {
    assertEquals(
        "standard input: lines, a text each\n",
        Cli.run(text, List.of("predict", "" + run.classifier())).ok().err());
  }

  @Test
  void evaluateNamesWhatWasNeverTested() throws IOException {
    Path one = csv("one.csv", IntStream.range(0, 12).mapToObj(i -> "pos,the film was good " + i));
    Cli.Output output = Cli.run("evaluate", "" + run.classifier(), "" + one).ok();
    assertTrue(output.out().contains("\nnever tested: neg (no such rows, "), output.out());
    assertTrue(output.err().contains("unknown words: one.csv "), output.err());
    JsonNode json =
        JSON.readTree(Cli.run("evaluate", "--json", "" + run.classifier(), "" + one).ok().out());
    assertEquals("[\"neg\"]", json.get("neverTested").toString());
    double hits = json.get("accuracy").asDouble();
    double f1 = 2 * hits / (1 + hits);
    // scikit-learn: the mean over the labels of truth and answers
    assertEquals(hits == 1 ? 1 : f1 / 2, json.get("macroF1").asDouble(), 1e-12);
    assertEquals(hits < 1, json.get("classes").get(0).get("precision").isNumber());
    assertTrue(json.get("classes").get(0).get("recall").isNull());
  }

  /** Fifteen intents of two examples each, as chatbots begin. */
  @Test
  void twoExamplesOfEachLabelAreRefusedWithRemediesThatWork() throws IOException {
    Path corpus =
        csv("intents.csv", IntStream.range(0, 30).mapToObj(i -> "i" + i / 2 + ",the film " + i));
    String line = classify(corpus, run.lm()).error(3);
    assertTrue(
        line.endsWith(
            "nothing to validate on: the only second document of each label went to test; --set"
                + " corpus.testFraction=0, or --test FILE, or --valid FILE"),
        line);
    assertEquals(line, classify(corpus, run.lm(), "--set=corpus.validFraction=0.5").error(3));
    classify(corpus, run.lm(), "--set", "corpus.testFraction=0").ok();
    Path held = csv("held.csv", Stream.of("i3,the film was good", "i4,the film"));
    classify(corpus, run.lm(), "--valid", "" + held).ok();
    String err = classify(corpus, run.lm(), "--test", "" + held).ok().err();
    assertTrue(
        err.contains("WARNING: never tested: i0, i1, i10, i11, i12, i13, i14, i2 and 5 more: no"),
        err);
    assertTrue(err.contains("few rows to measure on: 2 to test (one is 50.0% of"), err);
  }

  @Test
  void oneLabelAndALabelThatTrainingHasNotAreRefusedWithRemediesThatWork() throws IOException {
    Path one = csv("one.csv", IntStream.range(0, 12).mapToObj(i -> "pos,the film " + i));
    String line = classify(one, run.lm()).error(3);
    assertTrue(line.contains("add documents of another, or name the right column with"), line);
    Path two = csv("two.csv", IntStream.range(0, 12).mapToObj(i -> "l" + i % 2 + ",the film " + i));
    classify(two, run.lm()).ok();
    Path columns =
        Files.writeString(
            dir.resolve("columns.csv"),
            IntStream.range(0, 12)
                .mapToObj(i -> "x,k" + i % 2 + ",the film " + i)
                .collect(Collectors.joining("\n", "label,kind,text\n", "\n")));
    classify(columns, run.lm()).error(3);
    classify(columns, run.lm(), "--label-column=kind").ok();

    Path test = csv("test.csv", Stream.of("l0,the film", "new\u001b[2J,the film"));
    line = classify(two, run.lm(), "--test=" + test).error(3);
    assertTrue(
        line.endsWith(
            "label 'new\\u001b[2J' is none of those known from training (l0, l1); correct it, take"
                + " such rows out, or train with documents of it"),
        line);
    classify(two, run.lm(), "--test=" + csv("test.csv", Stream.of("l0,the film"))).ok();
  }
}
