package org.ulmfit.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.CorpusReader;

/** Golden section 1, the label sequences of the lesson, on the real tarball. */
class LessonImdbTest {
  @TempDir Path dir;

  @Test
  void rowsAndLabelSequences() throws Exception {
    Path tarball = Path.of(System.getProperty("ulmfit.shared"), "data/imdb/aclImdb.tar.gz");
    assumeTrue(Files.exists(tarball), "needs " + tarball);
    JsonNode golden;
    try (InputStream in = LessonImdbTest.class.getResourceAsStream("/golden/golden_numeric.json")) {
      golden = new ObjectMapper().readTree(in).get("rng").get("imdb");
    }
    try (Spill spill = new Spill(dir.resolve("documents.tmp"))) {
      CorpusReader corpus = CorpusReader.open(Corpus.at(tarball, CorpusOptions.defaults()));
      corpus.forEach(spill::add);
      spill.finish();
      assertEquals(100_000, corpus.counts().rows());
      assertEquals(0, corpus.counts().rejected());
      SplitRows rows =
          new Splitter(
                  "aclImdb",
                  corpus,
                  spill,
                  Recipes.lesson(true),
                  Labels.names(spill, corpus.declaredLabels(), List.of()))
              .rows(0);
      assertEquals(List.of("neg", "pos"), rows.labels());
      assertEquals(List.of("neg", "pos", "unsup"), rows.classNames());
      assertEquals(90_000, rows.lmTrain().length);
      assertEquals(10_000, rows.lmValid().length);
      assertEquals(25_000, rows.train().length);
      assertEquals(25_000, rows.test().length);
      assertArrayEquals(
          ints(golden.get("clas_train_labels_first20")), firstLabels(rows, rows.train()));
      assertArrayEquals(
          ints(golden.get("clas_test_labels_first20")), firstLabels(rows, rows.test()));
      // The second labelled entry of the first permutation is 18,359: file 5,859 of class pos.
      assertEquals("train/pos/" + nameOf(spill, "train/pos/", 5_859), spill.id(rows.train()[1]));
      List<String> notes = Duplicates.describe(spill);
      assertTrue(notes.contains("123 texts occur in both train and test"), notes.toString());
      assertTrue(notes.contains("266 texts occur in both test and unsup"), notes.toString());
    }
  }

  private static String nameOf(Spill spill, String folder, int index) {
    int[] sorted = spill.sorted();
    return Arrays.stream(sorted)
        .mapToObj(spill::id)
        .filter(id -> id.startsWith(folder))
        .skip(index)
        .findFirst()
        .orElseThrow()
        .substring(folder.length());
  }

  private static int[] firstLabels(SplitRows rows, int[] documents) {
    return Arrays.stream(documents).limit(20).map(doc -> rows.labelsOf()[doc][0]).toArray();
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }
}
