package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.report.MarkedText;
import org.ulmfit.report.Mistake;
import org.ulmfit.text.Rules;
import org.ulmfit.train.Scores;
import org.ulmfit.vocab.Vocab;

class MistakesTest {
  private static final Vocab VOCAB = vocab();

  private static Vocab vocab() {
    List<String> itos = new ArrayList<>(Rules.FASTAI_2.specials());
    itos.addAll(List.of("good", "!", "film"));
    while (itos.size() < TinyClassifier.VOCABULARY) {
      itos.add("word" + itos.size());
    }
    return Vocab.of(itos);
  }

  private final List<String> notes = new ArrayList<>();

  private Mistake mistake(int[] ids, Mistakes.Weigher weigher) {
    Scores scores = wrong();
    var config = TinyClassifier.config(TinyClassifier.recipe("text.rules=fastai-2"));
    List<Mistake> found = new Mistakes(config, VOCAB).of(scores, row -> ids, weigher, notes::add);
    assertEquals(List.of(new Scores.Miss(0, 1)), found.stream().map(Mistake::error).toList());
    return found.get(0);
  }

  private static double[] ones(int row, int words, int[] groups, int label) {
    double[] ones = new double[groups.length];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void tokensAreATextAgainWhoseWordsHaveTheWeightsOfTheirMarks() {
    String[] tokens = {"xxbos", "xxmaj", "good", "xxrep", "3", "!", "xxunk", "film"};
    List<String> itos = new ArrayList<>(VOCAB.itos());
    itos.set(itos.size() - 1, "3");
    Vocab vocab = Vocab.of(itos);
    var config = TinyClassifier.config(TinyClassifier.recipe("text.rules=fastai-2"));
    Scores scores = wrong();
    Mistake found =
        new Mistakes(config, vocab)
            .of(scores, row -> vocab.ids(List.of(tokens)), MistakesTest::ones, note -> {})
            .get(0);
    assertEquals("Good!!! \u25a1 film", found.text());
    List<String> words = new ArrayList<>();
    for (MarkedText.Mark mark : found.marks()) {
      words.add(found.text().substring(mark.start(), mark.end()) + " " + mark.weight());
    }
    assertEquals(List.of("Good 2.0", "!!! 3.0", "\u25a1 1.0", "film 1.0"), words);
  }

  /** One row of class 0, answered 1. */
  private static Scores wrong() {
    return new Scores(
        "test",
        Labelling.SINGLE,
        List.of("neg", "pos"),
        List.of("a"),
        new int[][] {{0}},
        new float[][] {{.1f, .9f}},
        new int[][] {{1}},
        1,
        new int[0]);
  }

  @Test
  void whatIsCutOffALongTextIsInNoWordsWeight() {
    int[] ids = new int[2400];
    Arrays.fill(ids, VOCAB.stoi("film"));
    Mistake found = mistake(ids, MistakesTest::ones);
    assertTrue(found.text().startsWith("\u2026 film film"), found.text().substring(0, 20));
    assertEquals(1500, found.marks().size());
    assertEquals(1, MarkedText.strongest(found.marks()));
  }

  @Test
  void aTextWhoseWordsAreNotWeighedHasNoMarks() {
    Mistake found = mistake(new int[] {VOCAB.stoi("film")}, (row, words, groups, label) -> null);
    assertEquals("film", found.text());
    assertEquals(List.of(), found.marks());
  }

  @Test
  void whereWeighingFailsTheTextIsToldWithoutMarksAndWhy() {
    Mistake found =
        mistake(
            new int[] {VOCAB.stoi("film")},
            (row, words, groups, label) -> {
              throw UlmfitException.badModel("model.safetensors: gone");
            });
    assertEquals("film", found.text());
    assertEquals(List.of(), found.marks());
    assertEquals(
        List.of(
            "weighing the words of the surest errors, for the report",
            "warning: the report marks no words: model.safetensors: gone"),
        notes);
  }
}
