package org.ulmfit.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;

/** What holds of the explanations of every model. */
public final class Explained {
  private static final String TEXT =
      "A wonderful, WONDERFUL film; the actors are great!!! But the end is boring <br /> I said.";

  private Explained() {}

  /**
   * That a saved model's explanation accounts for its answer.
   *
   * @param gap at most that nothing accounts for, a share of what the words are to account for, or
   *     of one nat
   */
  public static void assertAccountsForAnswers(Path model, double gap) {
    try (TextClassifier classifier = TextClassifier.load(model, "cpu", null)) {
      Prediction answer = classifier.predict(TEXT);
      Explanation explanation = classifier.explain(TEXT);
      assertEquals(answer.label(), explanation.label());
      assertEquals(answer.probability(), explanation.probability());
      double odds = Math.log(answer.probability() / (1 - answer.probability()));
      assertEquals(odds, explanation.logOdds(), .02 * Math.max(1, Math.abs(odds)));
      double whole = explanation.logOdds() - explanation.baseline();
      assertEquals(
          0, explanation.gap(), gap * Math.max(1, Math.abs(whole)), explanation.toString());
      double sum = explanation.words().stream().mapToDouble(Explanation.Word::weight).sum();
      double all = explanation.baseline() + sum + explanation.rest() + explanation.gap();
      assertEquals(explanation.logOdds(), all, 1e-6);
      int at = 0;
      for (Explanation.Word word : explanation.words()) {
        assertEquals(TEXT.substring(word.start(), word.end()), word.text());
        assertTrue(word.start() >= at, explanation.words().toString());
        at = word.end();
      }
    }
  }
}
