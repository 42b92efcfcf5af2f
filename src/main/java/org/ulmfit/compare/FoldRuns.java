package org.ulmfit.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.predict.HeldOutAnswers;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.prepare.RowFiles;

/** Has every training row answered by a model that was not trained on it. */
record FoldRuns(CompareJob job, CompareFolder folder, Trainings trainings, Stop stop) {

  /** Null: the budget was used up. */
  @Nullable OutOfFold of(Contestant contestant, List<String> sets, RowFiles rows, Shares shares) {
    List<HeldOutAnswers.Row> all = new ArrayList<>();
    List<Entry.Figures> figures = new ArrayList<>();
    double seconds = 0;
    Double least = null;
    for (int number = 1; number <= job.folds(); number++) {
      Contestant part = contestant.fold(number);
      HeldOutAnswers own = of(part, number, sets, rows, shares.next());
      if (own == null) {
        return null;
      }
      if (!own.rows().isEmpty()) {
        figures.add(Entry.Figures.of(rows, Answers.of(own, rows.labels())));
      }
      all.addAll(own.rows());
      Cost cost = folder.costOf(part);
      seconds += cost.seconds();
      least = cost.fewer(least);
    }
    new HeldOutAnswers(all).write(folder.heldOut(contestant));
    return new OutOfFold(figures, seconds, least);
  }

  private @Nullable HeldOutAnswers of(
      Contestant part, int number, List<String> sets, RowFiles rows, double share) {
    Path file = folder.heldOut(part);
    if (!Files.exists(file)) {
      if (rows.isEmpty(RowFiles.Part.HELD, part.count(), number)) {
        return new HeldOutAnswers(List.of());
      }
      if (trainings.make(part, sets, rows, number, share) == null) {
        return null;
      }
      try (TextClassifier classifier = trainings.open(part, folder.model(part))) {
        Answers.held(classifier, rows, part.count(), number, stop).write(file);
      }
    }
    folder.drop(part); // its answers are what is needed
    return HeldOutAnswers.read(file);
  }
}
