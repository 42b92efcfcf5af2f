package org.ulmfit.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;
import org.ulmfit.corpus.TextReader;
import org.ulmfit.predict.Prediction;

/** Keeps the rows whose answers are the most uncertain; of equally uncertain ones the first. */
final class MostUncertain {

  private record Answer(long number, double uncertainty, TextReader.Text row, Prediction given) {}

  private static final Comparator<Answer> FIRST =
      Comparator.comparingDouble((Answer a) -> -a.uncertainty).thenComparingLong(Answer::number);

  private final int most;
  private final PriorityQueue<Answer> kept = new PriorityQueue<>(FIRST.reversed());
  private long seen;

  /**
   * @param most how many are kept, 0 = none
   */
  MostUncertain(int most) {
    this.most = most;
  }

  void add(TextReader.Text row, Prediction prediction) {
    kept.add(new Answer(seen++, prediction.uncertainty(), row, prediction));
    if (kept.size() > most) {
      kept.poll();
    }
  }

  /** Those kept, the most uncertain first. */
  void forEach(BiConsumer<TextReader.Text, Prediction> action) {
    List<Answer> answers = new ArrayList<>(kept);
    answers.sort(FIRST);
    answers.forEach(answer -> action.accept(answer.row, answer.given));
  }
}
