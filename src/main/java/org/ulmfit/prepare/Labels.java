package org.ulmfit.prepare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ulmfit.Labelling;
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

  /**
   * Names of the labels: the first ones as they are, then others of {@link #names(Spill, List)}.
   *
   * @param first of a model that goes on; none for a new one
   */
  static List<String> names(Spill spill, List<String> declared, List<String> first) {
    List<String> names = new ArrayList<>(first);
    Set<String> known = new HashSet<>(first);
    names(spill, declared).stream().filter(name -> !known.contains(name)).forEach(names::add);
    return names;
  }

  /**
   * Names of the labels: those that the corpus declares, in its order; else those that occur in the
   * training split, or in all if there is none, sorted.
   */
  private static List<String> names(Spill spill, List<String> declared) {
    if (!declared.isEmpty()) {
      return declared;
    }
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

  /**
   * Indices into {@code names} of each document's labels, ascending, {@link #UNKNOWN} for other
   * names.
   */
  static int[][] index(Spill spill, List<String> names) {
    Map<String, Integer> indices = new HashMap<>();
    for (String name : names) {
      indices.put(name, indices.size());
    }
    int[] known =
        spill.labelNames().stream().mapToInt(n -> indices.getOrDefault(n, UNKNOWN)).toArray();
    int[][] labelsOf = new int[spill.size()][];
    for (int doc = 0; doc < labelsOf.length; doc++) {
      labelsOf[doc] =
          Arrays.stream(spill.labels(doc)).map(label -> known[label]).sorted().toArray();
    }
    return labelsOf;
  }

  /**
   * Refuses new labels that are known ones joined by a separator.
   *
   * @param known of the model that goes on
   * @param names those and the new ones
   */
  static void checkJoined(String corpus, List<String> known, List<String> names) {
    for (String name : names.subList(known.size(), names.size())) {
      for (String separator : List.of(",", ";", "|", "/", "+", "&", " ")) {
        List<String> parts =
            Stream.of(name.split(Pattern.quote(separator))).map(String::strip).toList();
        if (parts.size() > 1 && known.containsAll(parts)) {
          throw UlmfitException.usage(
              Shown.format(
                  "%s: the label '%s' is labels of the model that goes on, joined; say --label-separator '%s'",
                  corpus, Shown.name(name), separator));
        }
      }
    }
  }

  /** Refuses what no classifier can be trained or measured on. */
  static void check(String corpus, String whyUnlabelled, Spill spill, SplitRows rows) {
    if (rows.labels().isEmpty()) {
      boolean none = IntStream.range(0, spill.size()).anyMatch(d -> spill.split(d) != Split.UNSUP);
      throw UlmfitException.badData(
          corpus
              + ": no labels to train on: "
              + (none ? "all its labelled rows are labelled with none" : whyUnlabelled));
    }
    if (rows.train().length == 0) {
      throw UlmfitException.badData(
          corpus + ": no labelled training documents; only a test or validation split is there");
    }
    List<String> occurring = occurring(rows);
    if (occurring.isEmpty()) {
      throw UlmfitException.badData(
          corpus
              + ": no training document has any of the labels ("
              + Shown.list(rows.labels(), 20)
              + "); there is nothing to learn");
    }
    if (rows.labelling() == Labelling.SINGLE && occurring.size() == 1) {
      throw UlmfitException.badData(
          corpus
              + ": every labelled training document has the label '"
              + Shown.name(occurring.get(0))
              + "'; a classifier needs at least two labels: add documents of another, or name the"
              + " right column with --label-column");
    }
    if (rows.labels().size() > MOST) {
      throw UlmfitException.badData(
          Shown.format(
              "%s: %,d different labels, the first '%s'; more than %,d are refused, since that is"
                  + " mostly a text or an id taken for the label: name the right one with"
                  + " --label-column",
              corpus, rows.labels().size(), Shown.name(rows.labels().get(0)), MOST));
    }
    checkKnown(corpus, spill, rows.labels());
  }

  private static List<String> occurring(SplitRows rows) {
    BitSet met = new BitSet();
    for (int doc : rows.train()) {
      Arrays.stream(rows.labelsOf()[doc]).filter(label -> label >= 0).forEach(met::set);
    }
    return met.stream().mapToObj(rows.labels()::get).toList();
  }

  /** Documents with labels that training does not know, by what is told of each. */
  private static Map<Integer, String> unknown(Spill spill, List<String> names, Set<String> others) {
    Set<String> known = new HashSet<>(names);
    List<String> met = spill.labelNames();
    Map<Integer, String> rows = new LinkedHashMap<>();
    for (int doc = 0; doc < spill.size(); doc++) {
      List<String> own =
          Arrays.stream(spill.labels(doc))
              .mapToObj(met::get)
              .filter(name -> !known.contains(name))
              .toList();
      if (!own.isEmpty() && !spill.isLeftOut(doc)) {
        others.addAll(own);
        rows.put(
            doc,
            Shown.format(
                "label '%s' is none of those known from training (%s)",
                Shown.name(own.get(0)), Shown.list(names, 20)));
      }
    }
    return rows;
  }

  /** Refuses labels that are not among {@code names}. */
  static void checkKnown(String corpus, Spill spill, List<String> names) {
    Set<String> others = new LinkedHashSet<>();
    Map<Integer, String> rows = unknown(spill, names, others);
    if (!rows.isEmpty()) {
      Map.Entry<Integer, String> first = rows.entrySet().iterator().next();
      String all =
          rows.size() == 1
              ? ""
              : Shown.format("; %,d rows have such labels: %s", rows.size(), Shown.list(others, 8));
      throw UlmfitException.badData(
          corpus
              + ": "
              + spill.id(first.getKey())
              + ": "
              + first.getValue()
              + all
              + "; correct them, leave such rows out with --on-bad-row skip, or train with"
              + " documents of them");
    }
  }

  /**
   * Takes the documents out that have labels that are not among {@code names}.
   *
   * @return what is told of each
   * @throws UlmfitException (bad data) if all of a validation or test split would go: other rows
   *     would take its place
   */
  static List<CorpusReader.Rejection> leaveOutUnknown(
      String corpus, Spill spill, List<String> names) {
    List<CorpusReader.Rejection> rejections = new ArrayList<>();
    unknown(spill, names, new HashSet<>())
        .forEach(
            (doc, reason) -> {
              rejections.add(new CorpusReader.Rejection(spill.id(doc), reason));
              spill.leaveOut(doc);
            });
    if (!rejections.isEmpty()) {
      checkLeft(corpus, spill, rejections.get(0));
    }
    return rejections;
  }

  private static void checkLeft(String corpus, Spill spill, CorpusReader.Rejection first) {
    for (Split split : List.of(Split.VALID, Split.TEST)) {
      int[] rows = IntStream.range(0, spill.size()).filter(d -> spill.split(d) == split).toArray();
      if (rows.length > 0 && Arrays.stream(rows).allMatch(spill::isLeftOut)) {
        throw UlmfitException.badData(
            Shown.format(
                "%s: no row of the %s split is left (%,d are left out; %s); correct the labels, or"
                    + " leave that split out",
                corpus, split.name().toLowerCase(Locale.ROOT), rows.length, first));
      }
    }
  }
}
