package org.ulmfit.prepare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Split;

/** Label names to indices: numbers by value, anything else by code point. */
final class Labels {
  /** A classifier of more labels is a mistake in the corpus. */
  static final int MOST = 10_000;

  /** Stands for a label that the model has no name for. */
  private static final int UNKNOWN = -1;

  private Labels() {}

  /** Sorted names of the labels that occur in the training split, or in all if there is none. */
  static List<String> names(Spill spill) {
    TreeSet<String> names = new TreeSet<>(CorpusReader.BY_CODE_POINT);
    TreeSet<String> all = new TreeSet<>(CorpusReader.BY_CODE_POINT);
    List<String> met = spill.labelNames();
    for (int doc = 0; doc < spill.size(); doc++) {
      for (int label : spill.labels(doc)) {
        all.add(met.get(label));
        if (spill.split(doc) == Split.TRAIN) {
          names.add(met.get(label));
        }
      }
    }
    List<String> sorted = new ArrayList<>(names.isEmpty() ? all : names);
    if (sorted.stream().allMatch(name -> name.matches("-?\\d{1,18}"))) {
      sorted.sort(
          Comparator.comparingLong((String name) -> Long.parseLong(name))
              .thenComparing(CorpusReader.BY_CODE_POINT));
    }
    return sorted;
  }

  /** Indices into {@code names} of each document's labels, {@link #UNKNOWN} for other names. */
  static int[][] index(Spill spill, List<String> names) {
    Map<String, Integer> indices = new HashMap<>();
    for (String name : names) {
      indices.put(name, indices.size());
    }
    int[] known =
        spill.labelNames().stream().mapToInt(n -> indices.getOrDefault(n, UNKNOWN)).toArray();
    int[][] labelsOf = new int[spill.size()][];
    for (int doc = 0; doc < labelsOf.length; doc++) {
      labelsOf[doc] = Arrays.stream(spill.labels(doc)).map(label -> known[label]).toArray();
    }
    return labelsOf;
  }

  /** Refuses what no classifier can be trained or measured on. */
  static void check(String corpus, String whyUnlabelled, Spill spill, SplitRows rows) {
    if (rows.labels().isEmpty()) {
      throw UlmfitException.badData(corpus + ": no labels to train on: " + whyUnlabelled);
    }
    if (rows.train().length == 0) {
      throw UlmfitException.badData(
          corpus + ": no labelled training documents; only a test or validation split is there");
    }
    if (rows.labels().size() == 1) {
      throw UlmfitException.badData(
          corpus
              + ": every labelled training document has the label '"
              + Shown.name(rows.labels().get(0))
              + "'; a classifier needs at least two labels: add documents of another, or name the"
              + " right column with --label-column");
    }
    if (rows.labels().size() > MOST) {
      throw UlmfitException.badData(
          String.format(
              Locale.ROOT,
              "%s: %,d different labels, the first '%s'; more than %,d are refused, since that is"
                  + " mostly a text or an id taken for the label: name the right one with"
                  + " --label-column",
              corpus,
              rows.labels().size(),
              Shown.name(rows.labels().get(0)),
              MOST));
    }
    checkKnown(corpus, spill, rows.labels(), rows.labelsOf());
  }

  /** Refuses labels that are not among {@code names}. */
  static void checkKnown(String corpus, Spill spill, List<String> names, int[][] labelsOf) {
    for (int doc = 0; doc < labelsOf.length; doc++) {
      for (int i = 0; i < labelsOf[doc].length; i++) {
        if (labelsOf[doc][i] != UNKNOWN) {
          continue;
        }
        throw UlmfitException.badData(
            corpus
                + ": "
                + spill.id(doc)
                + ": label '"
                + Shown.name(spill.labelNames().get(spill.labels(doc)[i]))
                + "' is none of those known from training ("
                + Shown.list(names, 20)
                + "); correct it, take such rows out, or train with documents of it");
      }
    }
  }
}
