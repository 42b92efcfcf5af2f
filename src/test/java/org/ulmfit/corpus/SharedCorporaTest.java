package org.ulmfit.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.ulmfit.UlmfitException;

/** Real corpora from their files as they are; rows as their authors state them. */
class SharedCorporaTest {
  private static final CorpusOptions DEFAULTS = CorpusOptions.defaults();
  private static final CorpusOptions TREC =
      DEFAULTS.withLinePattern("(?<label>[^:]+):\\S+ (?<text>.*)");

  @Test
  void smsSpam() {
    assertEquals(
        Map.of("TRAIN ham", 4827, "TRAIN spam", 747), rows("sms_spam/SMSSpamCollection", DEFAULTS));
  }

  @Test
  void imdbSample() {
    assertEquals(
        Map.of(
            "TRAIN negative",
            417,
            "TRAIN positive",
            383,
            "VALID negative",
            107,
            "VALID positive",
            93),
        rows("imdb_sample/texts.csv", DEFAULTS));
  }

  @Test
  void waimai() {
    assertEquals(
        Map.of("TRAIN 0", 7987, "TRAIN 1", 4000), rows("chinese/waimai_10k.csv", DEFAULTS));
  }

  @Test
  void trecIsLatin1() {
    CorpusOptions latin1 = TREC.withCharset(StandardCharsets.ISO_8859_1);
    Corpus train = Corpus.at(shared("trec/train.txt"), latin1);
    Map<String, Integer> rows = rows(train.withTest(Corpus.at(shared("trec/test.txt"), latin1)));
    assertEquals(12, rows.size());
    assertEquals(5952, rows.values().stream().mapToInt(Integer::intValue).sum());
    assertEquals(138, rows.get("TEST DESC"));
    UlmfitException error = assertThrows(UlmfitException.class, () -> rows("trec/train.txt", TREC));
    assertTrue(error.getMessage().contains("byte 3695: not UTF-8"), error.getMessage());
  }

  @Test
  void germEval() {
    CorpusOptions options = DEFAULTS.withTextColumns(List.of("0")).withLabelColumn("1");
    Corpus test = Corpus.at(shared("germeval2018/germeval2018.test.txt"), options);
    assertEquals(
        Map.of(
            "TRAIN OTHER", 3321, "TRAIN OFFENSE", 1688, "TEST OTHER", 2330, "TEST OFFENSE", 1202),
        rows(Corpus.at(shared("germeval2018/germeval2018.training.txt"), options).withTest(test)));
  }

  private static Map<String, Integer> rows(String name, CorpusOptions options) {
    return rows(Corpus.at(shared(name), options));
  }

  private static Map<String, Integer> rows(Corpus source) {
    Map<String, Integer> rows = new TreeMap<>();
    CorpusReader corpus = CorpusReader.open(source);
    corpus.forEach(
        (split, doc) -> rows.merge(split + " " + String.join(",", doc.labels()), 1, Integer::sum));
    assertEquals(0, corpus.counts().rejected());
    return rows;
  }

  private static Path shared(String name) {
    Path path = Path.of(System.getProperty("ulmfit.shared"), "data").resolve(name);
    assumeTrue(Files.exists(path), "needs " + path);
    return path;
  }
}
