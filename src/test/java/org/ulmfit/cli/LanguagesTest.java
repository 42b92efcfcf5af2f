package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import org.ulmfit.JavaProcess;
import org.ulmfit.io.Sums;

/** Texts that are not English: options, what models remember, which models are refused. */
@Tag("engine")
class LanguagesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ENGLISH = "the film was good bad a story plot and actor";
  private static final String RUSSIAN = "этот фильм был очень хорош плохой сюжет актёр и";
  private static final String CHINESE = "这部 电影 很好 服务 不错 味道 便宜 非常 垃圾";

  private static TinyRun.Output run;

  @TempDir Path dir;

  @BeforeAll
  static void train() {
    run = TinyRun.get();
  }

  /** Rows of ten words each, of which so many are foreign. */
  private Path corpus(String words, String foreign, int share, String gap) throws IOException {
    String[] own = words.split(" ");
    String[] other = foreign.split(" ");
    Random random = new Random(3);
    Stream<String> rows =
        IntStream.range(0, 60)
            .mapToObj(
                row ->
                    IntStream.range(0, 10)
                        .mapToObj(i -> i < share ? other : own)
                        .map(from -> from[random.nextInt(from.length)])
                        .collect(Collectors.joining(gap, row % 2 == 0 ? "pos," : "neg,", " 🙂")));
    String csv = rows.collect(Collectors.joining("\n", "label,text\n", "\n"));
    return Files.writeString(dir.resolve("corpus.csv"), csv);
  }

  private Cli.Output languageModel(String corpus, String start, String... more) {
    List<String> options = new ArrayList<>(TinyRun.SIZES);
    options.addAll(List.of("--set=lm.batchSize=2", "--set=lm.bptt=5", start));
    options.addAll(List.of(more));
    return Cli.run(Cli.and(options, "lm-finetune", corpus, "--out=" + dir.resolve("lm")));
  }

  private String pretrained() {
    return "--pretrained=" + run.lm();
  }

  private static List<String> warnings(Cli.Output output) {
    return output.ok().err().lines().filter(l -> l.contains("of the letters are Latin")).toList();
  }

  @ParameterizedTest
  @CsvSource({RUSSIAN + ", ' ', Cyrillic", CHINESE + ", '', Chinese or Japanese (Han)"})
  void aPretrainedModelOfAnotherScriptIsRefused(String words, String gap, String script)
      throws IOException {
    Path corpus = corpus(words, ENGLISH, 0, gap);
    String line = languageModel("" + corpus, pretrained(), "--dry-run").error(2);
    assertTrue(line.startsWith("ulmfit: " + corpus + ": 100.0% of its letters are of "), line);
    assertTrue(line.contains("hardly a word of, most are " + script + "; train a new"), line);
    assertTrue(line.contains("with --from-scratch "), line);

    Path prepared = dir.resolve("p");
    Cli.run("prepare", "" + corpus, "--out=" + prepared, "--set=vocab.minFreq=1").ok();
    line = languageModel("" + prepared, pretrained(), "--dry-run").error(2);
    assertTrue(line.contains("most are " + script), line);
    assertEquals(
        List.of(),
        warnings(languageModel("" + corpus, "--from-scratch", "--tokenizer=icu", "--dry-run")));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "4, 0", "6, 1", "7, 1"})
  void whatHasWordsTheModelKnowsIsNotRefused(int foreign, int warned) throws IOException {
    Path corpus = corpus(ENGLISH, RUSSIAN, foreign, " ");
    Cli.Output output = languageModel("" + corpus, pretrained(), "--dry-run");
    List<String> warnings = warnings(output);
    assertEquals(warned, warnings.size(), output.err());
    assertTrue(warnings.stream().allMatch(l -> l.contains("add --from-scratch --tokenizer icu")));
  }

  @Test
  void anotherTokenizerThanThePretrainedModelsIsRefused() throws IOException {
    Path corpus = corpus(ENGLISH, RUSSIAN, 0, " ");
    String line = languageModel("" + corpus, pretrained(), "--tokenizer=icu").error(2);
    assertTrue(line.contains("text.tokenizer: icu contradicts the model in"), line);
    assertTrue(line.contains("(--from-scratch)"), line);
    languageModel("" + corpus, "--from-scratch", "--tokenizer=icu:en").ok();
    String lm = "--pretrained=" + dir.resolve("lm");
    Cli.Output same = languageModel("" + corpus, lm, "--tokenizer=icu:en", "--dry-run").ok();
    assertTrue(same.err().contains("text: tokenizer icu:en (words of English, as of ICU "));
    line = languageModel("" + corpus, lm, "--tokenizer=spacy-3", "--dry-run").error(2);
    assertTrue(
        line.contains("--tokenizer spacy-3 contradicts the pretrained model, which has icu:en;"),
        line);

    Path model = dir.resolve("lm/lm");
    String version = text(model).get("icu").asText();
    assertFalse(Cli.run("evaluate", "" + model, "" + corpus).ok().err().contains("words of ICU"));
    Path config = model.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace('"' + version + '"', "\"70.1\""));
    Sums.renew(model);
    assertTrue(
        Cli.run("evaluate", "" + model, "" + corpus)
            .ok()
            .err()
            .contains(
                "WARNING: the model was trained on the words of ICU 70.1, here is " + version));
  }

  private static JsonNode text(Path model) throws IOException {
    return JSON.readTree(model.resolve("config.json").toFile()).get("text");
  }

  @Test
  void aModelRemembersNormalFormAndLanguage() throws IOException {
    assertNull(text(run.lm().resolve("lm")).get("normalise"), "what older models lack means none");
    assertNull(text(run.lm().resolve("lm")).get("language"), "nobody told it");

    Path corpus = corpus(ENGLISH.replace("film", "café"), RUSSIAN, 0, " ");
    languageModel("" + corpus, "--from-scratch", "--set=text.normalise=nfc", "--language=fr").ok();
    Path lm = dir.resolve("lm/lm");
    assertEquals("nfc", text(lm).get("normalise").asText());
    assertEquals("fr", text(lm).get("language").asText());
    String card = Files.readString(lm.resolve("README.md"));
    assertTrue(card.contains(", normal form nfc.\nLanguage: fr.\n"), card);

    List<String> options = new ArrayList<>(TinyRun.SIZES);
    options.addAll(List.of("--encoder=" + dir.resolve("lm"), "--out=" + dir.resolve("c")));
    Cli.Output output = Cli.run(Cli.and(options, "classify", "" + corpus)).ok();
    assertTrue(output.err().contains("rules fastai-2, normal form nfc, language fr\n"));
    Path classifier = dir.resolve("c/classifier");
    assertEquals(text(lm), text(classifier));
    String composed =
        Cli.run("the café\n".getBytes("UTF-8"), "predict", "" + classifier).ok().out();
    String marks = Cli.run("the cafe\u0301\n".getBytes("UTF-8"), "predict", "" + classifier).out();
    assertEquals(JSON.readTree(composed), JSON.readTree(marks));

    String line = languageModel("" + corpus, pretrained(), "--set=text.normalise=nfc").error(2);
    assertTrue(line.contains("text.normalise: nfc contradicts the model in"), line);
    assertTrue(line.contains("which has none; leave the key out"), line);
  }

  @Test
  void anotherLanguageThanThePretrainedModelsIsTold() throws IOException {
    Path corpus = corpus(ENGLISH, RUSSIAN, 0, " ");
    languageModel("" + corpus, "--from-scratch", "--language=en").ok();
    String lm = "--pretrained=" + dir.resolve("lm");
    Cli.Output same = languageModel("" + corpus, lm, "--dry-run").ok();
    assertTrue(same.err().contains(", language en\n"), same.err());
    Cli.Output other = languageModel("" + corpus, lm, "--language=de", "--dry-run").ok();
    assertTrue(other.err().contains(", language de\n"), other.err());
    assertTrue(other.out().contains("language: de; the pretrained model's is en"), other.out());
  }

  @Test
  void aPreparationThatSaysNothingOfNormalFormsHasNone() throws IOException {
    Path corpus = corpus(ENGLISH, RUSSIAN, 0, " ");
    Path prepared = dir.resolve("p");
    Cli.run("prepare", "" + corpus, "--out=" + prepared).ok();
    Path file = prepared.resolve("prepared.json");
    String now = Files.readString(file);
    String older = now.replaceFirst(" *\"text.normalise\" : \"none\",\n", "");
    assertFalse(older.equals(now));
    Files.writeString(file, older);
    assertTrue(
        Cli.run("prepare", "" + corpus, "--out=" + prepared)
            .err()
            .contains("using the prepared data in"));
    languageModel("" + prepared, "--from-scratch", "--dry-run").ok();
    String nfc = "--set=text.normalise=nfc";
    String line = languageModel("" + prepared, "--from-scratch", "--dry-run", nfc).error(2);
    assertTrue(line.contains("prepared with text.normalise=none, the recipe says nfc"), line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--tokenizer=icu:xx; does not know the language 'xx'",
        "--tokenizer=icu:t; 't' is no locale; give a language tag, as in icu:th",
        "--tokenizer=icuu; \"icuu\" is not one of spacy-2.0, spacy-3, icu, chars, icu:LOCALE, train:SIZE",
        "--language=german; \"german\" is not one of none, a language tag such as de or pt-BR",
        "--language=de_AT; \"de_AT\" is not one of none, a language tag",
      })
  void whatIsNoneIsRefusedBeforeTheCorpusIsRead(String option, String part) {
    String corpus = "" + dir.resolve("not-there.csv");
    String line = Cli.run("prepare", corpus, "--out=" + dir.resolve("p"), option).error(2);
    assertTrue(line.contains(part), line);
  }

  @Test
  void languageNoIsNorwegian() throws IOException {
    Path corpus = corpus(ENGLISH, RUSSIAN, 0, " ");
    Cli.Output output =
        Cli.run("prepare", "" + corpus, "--out=" + dir.resolve("p"), "--language=no");
    assertTrue(output.ok().err().contains(", language no\n"), output.err());
  }

  @Test
  void withoutIcusLibraryThereIsOneLine() throws Exception {
    Path corpus = corpus(CHINESE, RUSSIAN, 0, "");
    JavaProcess without = new JavaProcess(dir, Map.of()).without("icu4j");
    String out = "--out=" + dir.resolve("p");
    JavaProcess.Ended ended =
        without.run(Main.class, "prepare", "" + corpus, out, "--tokenizer=icu");
    assertEquals(1, ended.exit(), ended.err());
    assertTrue(ended.err().startsWith("ulmfit: tokenizer icu: its library is not there; add com."));
    assertEquals(1, ended.err().lines().count(), ended.err());
    ended = without.run(Main.class, "prepare", "" + corpus, out, "--tokenizer=chars");
    assertEquals(0, ended.exit(), ended.err());
  }
}
