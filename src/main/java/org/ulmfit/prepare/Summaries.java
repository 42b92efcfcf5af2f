package org.ulmfit.prepare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Split;

/** What is told of a corpus that was read and split, before its words are counted. */
final class Summaries {
  private Summaries() {}

  /** What is told of rows without labels, and of labels that stand twice. */
  static List<String> ofLabels(CorpusReader reader, Spill spill) {
    List<String> notes = new ArrayList<>();
    CorpusReader.Counts counts = reader.counts();
    long unlabelled = 0;
    long none = 0;
    long labelled = 0;
    for (int doc = 0; doc < spill.size(); doc++) {
      boolean in = !spill.isLeftOut(doc);
      boolean unsup = spill.split(doc) == Split.UNSUP;
      unlabelled += in && unsup ? 1 : 0;
      none += in && !unsup && spill.labels(doc).length == 0 ? 1 : 0;
      labelled += in && !unsup ? 1 : 0;
    }
    if (reader.labelling() == Labelling.MULTI) {
      notes.add(Shown.format("labelled with none: %,d; unlabelled: %,d", none, unlabelled));
    } else if (unlabelled > 0 && labelled > 0) {
      notes.add(
          Shown.format(
              "unlabelled: %,d (no classifier is trained or measured on them)", unlabelled));
    }
    if (counts.emptyLists() > 0) {
      notes.add(
          Shown.format(
              "%,d rows with an empty list of labels were taken as unlabelled; %s takes them as"
                  + " labelled with none",
              counts.emptyLists(), reader.asking(Labelling.MULTI)));
    }
    if (counts.repeated() > 0) {
      notes.add(Shown.format("%,d rows name a label twice; it counts once", counts.repeated()));
    }
    return notes;
  }

  /** Tells of rows that were left out, where there is no folder to keep them. */
  static void tellRejected(CorpusReader.Counts counts, Consumer<String> progress) {
    if (counts.rejected() > 0) {
      progress.accept(Shown.format("%,d of %,d rows rejected", counts.rejected(), counts.rows()));
      examples(counts).forEach(progress);
    }
  }

  private static List<String> examples(CorpusReader.Counts counts) {
    return counts.rejections().stream().map(rejection -> "rejected " + rejection).toList();
  }

  /**
   * Of the sets that are made.
   *
   * @param more notes besides those of the reading
   */
  static CorpusSummary of(
      CorpusReader reader,
      CorpusReader.Counts counts,
      Spill spill,
      SplitRows rows,
      boolean lm,
      boolean classifier,
      boolean unlabelled,
      List<String> more) {
    Map<String, Integer> splitRows = new LinkedHashMap<>();
    if (lm) {
      splitRows.put(PreparedFolder.LM_TRAIN, rows.lmTrain().length);
      splitRows.put(PreparedFolder.LM_VALID, rows.lmValid().length);
    }
    if (classifier) {
      splitRows.put(PreparedFolder.TRAIN, rows.train().length);
      splitRows.put(PreparedFolder.VALID, rows.valid().length);
      if (rows.test() != null) {
        splitRows.put(PreparedFolder.TEST, rows.test().length);
      }
      if (unlabelled) {
        splitRows.put(PreparedFolder.UNLABELLED, rows.unlabelled().length);
      }
    }
    List<String> notes = new ArrayList<>(Duplicates.describe(spill));
    if (counts.ignoredFiles() > 0) {
      notes.add(Shown.format("%,d other files ignored", counts.ignoredFiles()));
    }
    notes.addAll(more);
    notes.addAll(examples(counts));
    long unnamed = counts.rejected() - counts.rejections().size();
    if (unnamed > 0) {
      notes.add(
          Shown.format(
              "and %,d more: all are in %s of the prepared folder (a dry run keeps none)",
              unnamed, RejectedRows.FILE));
    }
    return new CorpusSummary(
        counts.rows(),
        counts.used(),
        counts.rejected(),
        splitRows,
        reader.found(),
        reader.columns(),
        notes,
        Map.of());
  }
}
