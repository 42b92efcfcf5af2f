package org.ulmfit.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.text.Rules;

/** Labels too rare to be split: what is said before training, or in place of it. */
class ThinLabelsTest {
  private static final String HEAD = "label,text\n";

  @TempDir Path dir;

  /**
   * {@code "a 12 b 2"}: twelve rows of a, two of b.
   *
   * @return the file; null for an empty description
   */
  private Path file(String name, String counts) throws IOException {
    if (counts == null || counts.isBlank()) {
      return null;
    }
    StringBuilder rows = new StringBuilder(HEAD);
    String[] parts = counts.split(" ");
    for (int i = 0; i < parts.length; i += 2) {
      for (int n = 0; n < Integer.parseInt(parts[i + 1]); n++) {
        rows.append(parts[i]).append(",the film number ").append(n).append(" was fine\n");
      }
    }
    return Files.writeString(dir.resolve(name), rows);
  }

  private static Corpus corpus(Path file) {
    return file == null ? null : Corpus.at(file);
  }

  private List<String> notes(
      String train, String valid, String test, double forValid, double forTest) throws IOException {
    List<String> told = new ArrayList<>();
    Corpus corpus =
        Corpus.at(file("train.csv", train))
            .withValid(corpus(file("valid.csv", valid)))
            .withTest(corpus(file("test.csv", test)));
    Recipe recipe = Recipes.recipe(Rules.NONE, Recipe.Standardise.PLAIN, false, forValid, forTest);
    Prepare prepare = new Prepare(recipe, told::add, new Stop());
    try (PreparedClassifier data = prepare.classifier(corpus, null, dir.resolve("out"), 0)) {
      List<String> notes =
          data.summary().notes().stream()
              .filter(note -> note.contains("never") || note.contains("few"))
              .toList();
      assertTrue(told.containsAll(notes), told.toString());
      notes.forEach(
          note ->
              assertTrue(
                  told.indexOf(note)
                      < told.indexOf(
                          told.stream()
                              .filter(line -> line.startsWith("tokenized"))
                              .findFirst()
                              .orElseThrow()),
                  "told first: " + told));
      return notes;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // train | valid | test | validFraction | testFraction | what is said of labels
        "a 200 b 150 | - | - | .1 | .1 | -",
        "a 200 b 150 c 1 | - | - | .1 | .1 | never validated: c; never tested: c: no such rows; a label"
            + " needs 3 documents to be in all parts",
        "a 200 b 150 c 2 | - | - | .1 | .1 | never validated: c: no such rows; a label needs 3"
            + " documents to be in all parts",
        "a 200 b 150 c 3 | - | - | .1 | .1 | -",
        "a 200 b 150 c 2 | - | - | .1 | 0 | -",
        "a 200 b 150 c 1 | - | - | .1 | 0 | never validated: c: no such rows; a label needs 2"
            + " documents to be in all parts",
        "a 200 b 150 c 9 | - | a 20 b 9 | .1 | .1 | never tested: c: no such rows; the figures"
            + " say nothing of these labels",
        "a 20 b 15 c 9 | a 20 | a 20 b 9 | .1 | .1 | never validated: b, c; never tested: c: no such"
            + " rows; the figures say nothing of these labels",
        "a 200 b 1 c 1 d 1 e 1 f 1 g 1 h 1 i 1 j 1 k 1 | - | - | .1 | 0 | never validated: b, c, d, e,"
            + " f, g, h, i and 2 more: no such rows; a label needs 2 documents to be in all parts"
      })
  void labelsWithoutRowsAreNamedBeforeTraining(
      String train, String valid, String test, double forValid, double forTest, String said)
      throws IOException {
    List<String> notes = notes(train, valid, test, forValid, forTest);
    List<String> never = notes.stream().filter(note -> note.contains("never")).toList();
    assertEquals(said == null ? List.of() : List.of("WARNING: " + said), never);
  }

  @Test
  void labelsOfFewTrainingRowsAreNamedBeforeTraining() throws IOException {
    assertEquals(
        List.of(
            "WARNING: fewer than 10 training rows of d (1), b (7): hardly enough to learn from; give"
                + " more, or join such labels"),
        notes("a 20 b 7 c 10 d 1", "a 9 b 9 c 9 d 9", "a 9 b 9 c 9 d 9", .1, .1));
  }

  @Test
  void aCoarseFigureIsCalledSo() throws IOException {
    assertEquals(
        List.of(
            "few rows to measure on: 4 to validate (one is 25.0% of the accuracy), 8 to test (one is"
                + " 12.5% of the accuracy)"),
        notes("a 20 b 20", null, "a 4 b 4", .1, .1));
    assertEquals(List.of(), notes("a 20 b 20", "a 5 b 5", "a 5 b 5", .1, .1));
  }

  /** Each remedy that is named is tried and leaves rows to validate on. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "a 2 b 2 | - | .1 | .1 | the only second document of each label went to test",
        "a 2 b 1 | - | .1 | .1 | the only second document of each label went to test",
        "a 2 b 2 | - | .5 | .1 | the only second document of each label went to test",
        "a 2 b 2 | - | 0 | .1 | the only second document of each label went to test",
        "a 9 b 9 | - | .1 | .9 | all but one document of each label went to test",
        "a 20 b 20 | - | 0 | .1 | corpus.validFraction is 0",
        "a 20 b 20 | a 1 b 1 | 0 | .1 | corpus.validFraction is 0",
        "a 1 b 1 | - | .1 | .1 | there is a single training document of each label",
        "a 1 b 1 | a 2 b 2 | .1 | .1 | there is a single training document of each label",
        "a 1 b 1 | - | .1 | 0 | there is a single training document of each label"
      })
  void nothingToValidateOnSaysWhyAndWhatToDo(
      String train, String test, double forValid, double forTest, String why) throws IOException {
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> notes(train, null, test, forValid, forTest));
    assertEquals(UlmfitException.Kind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().contains("nothing to validate on: " + why + "; "), e.getMessage());
    String remedies = e.getMessage().substring(e.getMessage().indexOf("; ") + 2);
    int tried = 0;
    for (String remedy : remedies.split(", or ")) {
      double validFraction = remedy.contains("corpus.validFraction=0.1") ? .1 : forValid;
      double testFraction = remedy.contains("corpus.testFraction=0") ? 0 : forTest;
      String testFile = remedy.contains("--test FILE") ? "a 1 b 1" : test;
      String validFile = remedy.contains("--valid FILE") ? "a 1 b 1" : null;
      String more = remedy.contains("more documents") ? train.replace('1', '3') : train;
      notes(more, validFile, testFile, validFraction, testFraction);
      tried++;
    }
    assertTrue(tried >= 2, remedies);
    assertFalse(Files.exists(dir.resolve("out/documents.tmp")));
  }
}
