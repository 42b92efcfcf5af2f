package org.ulmfit.prepare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;

/** What is said of labels with too few documents to be trained on, validated and tested. */
final class ThinLabels {
  private static final int NAMED = 8;
  private static final int FEW_ROWS = 10;

  private final String corpus;
  private final Recipe.Corpus recipe;
  private final SplitRows rows;
  private final boolean validGiven;
  private final boolean testGiven;

  /**
   * @param validGiven whether the corpus says which rows validate; else they were held out
   * @param testGiven the same of test rows
   */
  ThinLabels(
      String corpus, Recipe.Corpus recipe, SplitRows rows, boolean validGiven, boolean testGiven) {
    this.corpus = corpus;
    this.recipe = recipe;
    this.rows = rows;
    this.validGiven = validGiven;
    this.testGiven = testGiven;
  }

  /** Refuses rows of which none is left to validate on, with what would leave one. */
  void check() {
    if (rows.valid().length > 0) {
      return;
    }
    boolean spare = Arrays.stream(count(rows.train())).anyMatch(n -> n > 1);
    int[] test = rows.test();
    String fraction = recipe.validFraction() > 0 ? "" : " --set corpus.validFraction=0.1";
    String why;
    String remedy;
    if (spare && recipe.validFraction() > 0 && rows.labelling() == Labelling.MULTI) {
      why = "each training document is the only one of a label";
      remedy = "give more documents of these labels, or --valid FILE";
    } else if (spare) {
      why = "corpus.validFraction is 0";
      remedy = fraction.strip() + ", or --valid FILE";
    } else if (test != null && !testGiven) {
      boolean second = Arrays.stream(count(test)).allMatch(n -> n <= 1);
      why =
          (second ? "the only second document" : "all but one document")
              + " of each label went to test";
      remedy =
          Shown.format(
              "--set corpus.testFraction=0%s, or --test FILE%s, or --valid FILE",
              fraction, fraction);
    } else {
      why = "there is a single training document of each label";
      remedy = "give more documents of them, or --valid FILE";
    }
    throw UlmfitException.badData(corpus + ": nothing to validate on: " + why + "; " + remedy);
  }

  /** Lines to be told before training. */
  List<String> notes() {
    boolean lesson = rows.valid() == rows.test();
    boolean heldValid = !validGiven && !lesson;
    boolean heldTest = !testGiven && !lesson && rows.test() != null;
    List<String> unvalidated = lesson ? List.of() : absent(rows.valid());
    List<String> untested = rows.test() == null ? List.of() : absent(rows.test());
    List<String> untrained = absent(rows.train());
    List<String> never = new ArrayList<>();
    if (!untrained.isEmpty()) {
      never.add("never trained: " + Shown.list(untrained, NAMED));
    }
    if (!unvalidated.isEmpty()) {
      never.add("never validated: " + Shown.list(unvalidated, NAMED));
    }
    if (!untested.isEmpty()) {
      never.add("never tested: " + Shown.list(untested, NAMED));
    }
    List<String> notes = new ArrayList<>();
    if (!never.isEmpty()) {
      boolean rare = heldValid && !unvalidated.isEmpty() || heldTest && !untested.isEmpty();
      int documents = 1 + (heldValid ? 1 : 0) + (heldTest ? 1 : 0);
      notes.add(
          "WARNING: "
              + String.join("; ", never)
              + ": no such rows; "
              + (rare
                  ? "a label needs " + documents + " documents to be in all parts"
                  : "the figures say nothing of these labels"));
    }
    List<String> everywhere = everywhere();
    if (!everywhere.isEmpty()) {
      notes.add(
          "WARNING: every training row has "
              + Shown.list(everywhere, NAMED)
              + ": nothing can be learned of that");
    }
    List<String> thin = thin();
    if (!thin.isEmpty()) {
      notes.add(
          "WARNING: fewer than "
              + FEW_ROWS
              + " training rows of "
              + Shown.list(thin, NAMED)
              + ": hardly enough to learn from; give more, or join such labels");
    }
    notes.addAll(few(lesson));
    return notes;
  }

  /** Labels with few training rows, the fewest first, each with their number. */
  private List<String> thin() {
    int[] count = count(rows.train());
    return IntStream.range(0, count.length)
        .filter(label -> count[label] > 0 && count[label] < FEW_ROWS)
        .boxed()
        .sorted(Comparator.comparingInt(label -> count[label]))
        .map(label -> rows.labels().get(label) + " (" + count[label] + ")")
        .toList();
  }

  /** Names of the labels that no training row lacks. */
  private List<String> everywhere() {
    int[] count = count(rows.train());
    return IntStream.range(0, count.length)
        .filter(label -> count[label] == rows.train().length && count[label] > 0)
        .mapToObj(rows.labels()::get)
        .toList();
  }

  /** Names of the labels that have no rows there. */
  private List<String> absent(int[] part) {
    int[] count = count(part);
    return IntStream.range(0, count.length)
        .filter(label -> count[label] == 0)
        .mapToObj(rows.labels()::get)
        .toList();
  }

  private List<String> few(boolean lesson) {
    List<String> few = new ArrayList<>();
    if (!lesson && rows.valid().length < FEW_ROWS) {
      few.add(coarse(rows.valid().length, "validate"));
    }
    if (rows.test() != null && rows.test().length < FEW_ROWS) {
      few.add(coarse(rows.test().length, "test"));
    }
    return few.isEmpty() ? few : List.of("few rows to measure on: " + String.join(", ", few));
  }

  private String coarse(int n, String what) {
    return Shown.format(
        "%d to %s (one is %.1f%% of the %s)", n, what, 100.0 / n, rows.labelling().accuracyName());
  }

  private int[] count(int[] part) {
    int[] count = new int[rows.labels().size()];
    for (int doc : part) {
      for (int label : rows.labelsOf()[doc]) {
        if (label >= 0) { // else unknown, and refused by itself
          count[label]++;
        }
      }
    }
    return count;
  }
}
