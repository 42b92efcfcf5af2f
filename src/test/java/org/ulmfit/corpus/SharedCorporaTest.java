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

  /**
   * The published numbers of rows, and of labels in training: 84% of them have one, none has none.
   */
  @Test
  void goEmotions() {
    CorpusOptions options =
        DEFAULTS.withLabelSeparator(",").withLabelNames(shared("goemotions/labels.txt"));
    Corpus corpus =
        Corpus.at(shared("goemotions/train.tsv"), options)
            .withValid(Corpus.at(shared("goemotions/dev.tsv"), options))
            .withTest(Corpus.at(shared("goemotions/test.tsv"), options));
    CorpusReader reader = CorpusReader.open(corpus);
    Map<String, Integer> rows = new TreeMap<>();
    reader.forEach(
        (split, doc) -> {
          rows.merge(split + "", 1, Integer::sum);
          if (split == Split.TRAIN) {
            doc.labels().forEach(label -> rows.merge(label, 1, Integer::sum));
            rows.merge(doc.labels().size() + " labels", 1, Integer::sum);
          }
        });
    assertEquals(43_410, rows.get("TRAIN"));
    assertEquals(5_426, rows.get("VALID"));
    assertEquals(5_427, rows.get("TEST"));
    assertEquals(36_308, rows.get("1 labels"));
    assertEquals(4_130, rows.get("admiration"));
    assertEquals(77, rows.get("grief"));
    assertEquals(14_219, rows.get("neutral"));
    assertEquals(28, reader.declaredLabels().size());
    assertEquals(0, reader.counts().rejected());
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
