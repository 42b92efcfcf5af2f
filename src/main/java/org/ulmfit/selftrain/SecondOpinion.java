package org.ulmfit.selftrain;

import java.nio.file.Path;
import java.util.Map;
import org.ulmfit.prepare.RowFiles;

/**
 * What n-grams of a round's rows say of all texts; of those that the round had taken, what models
 * say that did not learn of them: one that repeats its own label agrees with anybody.
 */
record SecondOpinion(
    RoundModels models, SelfTrainingFolder folder, RowFiles rows, UnlabelledRows texts) {
  private static final int FOLDS = 5; // of texts taken

  /** After a round. */
  Answers after(int round) {
    Path training = round == 0 ? rows.file(RowFiles.Part.TRAIN, 0, 0) : folder.training(round);
    Answers all = models.ngrams(folder.ngrams(round, 0), training, rows, texts::forEach);
    if (round == 0) {
      return all;
    }
    TakenTexts taken = new TakenTexts(folder, rows, round);
    Map<String, Integer> folds = taken.folds(FOLDS);
    for (int fold = 1; fold <= FOLDS; fold++) {
      int held = fold;
      taken.writeWithout(folds, held);
      Answers.Texts own =
          sink ->
              texts.forEach(
                  row -> {
                    if (folds.getOrDefault(row.id(), 0) == held) {
                      sink.accept(row);
                    }
                  });
      Answers said = models.ngrams(folder.ngrams(round, held), folder.fold(round, held), rows, own);
      int[] text = {0};
      int[] next = {0};
      texts.forEach(
          row -> {
            if (folds.getOrDefault(row.id(), 0) == held) {
              all.probabilities()[text[0]] = said.probabilities()[next[0]++];
            }
            text[0]++;
          });
    }
    return all;
  }
}
