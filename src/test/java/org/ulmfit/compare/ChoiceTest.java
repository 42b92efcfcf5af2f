package org.ulmfit.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ulmfit.Labelling;
import org.ulmfit.config.Recipe;
import org.ulmfit.train.Interval;

class ChoiceTest {

  /** Of 100 validation rows it gets those right that the numbers name, from the first on. */
  private static Group group(Recipe.Family family, int from, int to, double seconds) {
    return new Group(List.of(entry(family, 42, from, to, seconds)));
  }

  private static Entry entry(Recipe.Family family, long seed, int from, int to, double seconds) {
    int[][] truth = new int[100][];
    int[][] answers = new int[100][];
    for (int row = 0; row < 100; row++) {
      truth[row] = new int[] {0};
      answers[row] = new int[] {row >= from && row < to ? 0 : 1};
    }
    Answers valid = new Answers(truth, answers, 1);
    Interval none = new Interval(0, 1);
    double accuracy = (to - from) / 100.;
    Entry.Figures figures = new Entry.Figures(accuracy, none, 1 - accuracy, none);
    return new Entry(
        Contestant.of(family, 0, seed, false),
        1000,
        new Cost(null, true, seconds, 1, null, null),
        new Measured(1, valid, valid),
        new Entry.Figures(0, none, 0, none),
        figures,
        List.of(),
        null);
  }

  private static final Group NETWORK = group(Recipe.Family.AWD_LSTM, 0, 92, 600);
  private static final Group NEARLY = group(Recipe.Family.NGRAM_NBSVM, 0, 90, 2);
  private static final Group FAR = group(Recipe.Family.NGRAM_LR, 0, 80, 1);

  @Test
  void theBestOfTheValidationRowsWithTheFastestThatIsNotWorse() {
    List<Group> all = List.of(FAR, NEARLY, NETWORK);
    Choice choice = Choice.of(all, Labelling.SINGLE);
    assertEquals("awd-lstm", choice.best().family());
    Choice.Cheaper cheaper = choice.cheaper().orElseThrow();
    assertEquals("ngram-nbsvm", cheaper.group().family());
    assertEquals(.5, cheaper.test().p(), 1e-12); // two rows of two: 2 / 2^2
    assertEquals(
        "awd-lstm, for its accuracy of 0.9200 on the 100 validation rows, the best there;"
            + " ngram-nbsvm trains in 2.0 s instead of 10:00 and is not significantly worse there"
            + " (0.9000, McNemar p = 0.500).",
        choice.sentence(Labelling.SINGLE, 100, false));
  }

  @Test
  void whatIsSignificantlyWorseIsNotNamed() {
    Choice choice = Choice.of(List.of(FAR, NETWORK), Labelling.SINGLE);
    assertTrue(choice.cheaper().isEmpty()); // 12 rows of 12
  }

  @Test
  void ofEqualsTheFaster() {
    Group slow = group(Recipe.Family.NGRAM_LR, 10, 100, 3);
    assertEquals("ngram-nbsvm", Choice.of(List.of(slow, NEARLY), Labelling.SINGLE).best().family());
  }

  /** Each seed has its own rows: nothing is compared across them. */
  @Test
  void familiesAreComparedUnderTheSeedsThatAllHave() {
    Recipe.Family network = Recipe.Family.AWD_LSTM;
    Recipe.Family bag = Recipe.Family.NGRAM_LR;
    Group some = new Group(List.of(entry(network, 2, 0, 95, 600)));
    Group all =
        new Group(
            List.of(entry(bag, 1, 0, 99, 1), entry(bag, 2, 0, 60, 1), entry(bag, 3, 0, 99, 1)));
    List<Group> shared = Group.onSharedSeeds(List.of(some, all));
    assertEquals("awd-lstm", Choice.of(shared, Labelling.SINGLE).best().family());
    assertEquals(35, Neighbours.of(shared, Labelling.SINGLE).get(0).test().first());

    Group other = new Group(List.of(entry(network, 4, 0, 95, 600)));
    List<Group> none = Group.onSharedSeeds(List.of(other, all));
    assertEquals(List.of(other, all), none);
    assertEquals(List.of(), Neighbours.of(none, Labelling.SINGLE));
    assertTrue(Choice.of(none, Labelling.SINGLE).cheaper().isEmpty());
  }

  @Test
  void severalLabelsAreChosenByMacroF1AndNotTested() {
    Choice choice = Choice.of(List.of(NETWORK, NEARLY, FAR), Labelling.MULTI);
    assertEquals("ngram-lr", choice.best().family());
    assertTrue(choice.cheaper().isEmpty());
    assertEquals(
        "ngram-lr, for its macro F1 of 0.2000 on the 100 validation rows, the best there.",
        choice.sentence(Labelling.MULTI, 100, false));
  }
}
