package org.ulmfit.prepare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Split;
import org.ulmfit.random.NumpyRandom;

/** Decides which document goes where, by {@code corpus.standardise}. */
final class Splitter {
  private static final String UNSUP = "unsup";
  private static final int TEST_STREAM = 1;
  private static final int VALID_STREAM = 2;
  private static final int LM_STREAM = 3;
  private static final int LIMIT_STREAM = 4;
  private static final int FOLD_STREAM = 5;

  private final String name;
  private final Spill spill;
  private final Recipe recipe;
  private final Labelling labelling;
  private final int[] order;
  private final List<String> labels;
  private final int[][] labelsOf;

  /**
   * @param labels their names by index, see {@link Labels#names}
   */
  Splitter(String name, CorpusReader corpus, Spill spill, Recipe recipe, List<String> labels) {
    this.name = name;
    this.spill = spill;
    this.recipe = recipe;
    this.labelling = corpus.labelling();
    int[] all = corpus.ordered() ? IntStream.range(0, spill.size()).toArray() : spill.sorted();
    this.order = Arrays.stream(all).filter(doc -> !spill.isLeftOut(doc)).toArray();
    this.labels = labels;
    this.labelsOf = Labels.index(spill, labels);
  }

  static boolean isLesson(Recipe recipe) {
    return recipe.corpus().standardise() == Recipe.Standardise.LESSON;
  }

  /** Rows of all outputs, cut to the limit (0 = none). */
  SplitRows rows(int limit) {
    SplitRows rows = isLesson(recipe) ? lesson() : plain();
    return limit == 0 ? rows : cut(rows, limit);
  }

  /** What is said of the labels of these rows. */
  ThinLabels thinLabels(SplitRows rows) {
    boolean valid = of(Split.VALID).length > 0;
    boolean test = of(Split.TEST).length > 0;
    return new ThinLabels(name, recipe.corpus(), rows, valid, test);
  }

  /** The split to take rows for saved models from. */
  Split split(EvaluationSet.Rows wanted) {
    return wanted == EvaluationSet.Rows.TEST ? evaluationSplit() : validationSplit();
  }

  /** Validation rows, else the rows of the only split there is. */
  private Split validationSplit() {
    boolean train = of(Split.TRAIN).length > 0;
    boolean test = of(Split.TEST).length > 0;
    if (of(Split.VALID).length > 0) {
      return Split.VALID;
    }
    if (train && test) {
      throw UlmfitException.badData(
          name
              + ": has training and test rows, but none for validation; give such rows as a file of"
              + " their own, or add them with --valid FILE");
    }
    return test ? Split.TEST : Split.TRAIN;
  }

  /** The split to measure a model on: test, else validation, else training. */
  private Split evaluationSplit() {
    return of(Split.TEST).length > 0
        ? Split.TEST
        : of(Split.VALID).length > 0 ? Split.VALID : Split.TRAIN;
  }

  /** Rows of a split in input order. */
  int[] evaluation(Split split, int limit) {
    int[] rows = of(split);
    return limit == 0 ? rows : sample(rows, limit);
  }

  /** Rows a language model is measured on: the same split, unlabelled ones too, in input order. */
  int[] texts(int limit) {
    Split split = evaluationSplit();
    int[] rows = split == Split.TRAIN ? inOrder() : of(split);
    return limit == 0 ? rows : Arrays.copyOf(rows, Math.min(limit, rows.length));
  }

  private int[] inOrder() {
    return IntStream.range(0, spill.size()).filter(doc -> !spill.isLeftOut(doc)).toArray();
  }

  /** fastai 0.7 lesson 10: three permutations of one stream; files sorted by code point. */
  private SplitRows lesson() {
    if (labelling == Labelling.MULTI) {
      throw UlmfitException.usage(
          name
              + ": the lesson's standardisation is for one label a row;"
              + " --set corpus.standardise=plain");
    }
    int[] train = join(byLabel(Split.TRAIN), of(Split.UNSUP));
    int[] test = byLabel(Split.TEST);
    if (test.length == 0 || of(Split.VALID).length > 0) {
      throw UlmfitException.badData(
          name
              + ": the lesson's standardisation needs train and test documents and no others;"
              + " set corpus.standardise=plain");
    }
    NumpyRandom random = new NumpyRandom(recipe.seed());
    train = take(train, random.permutation(train.length));
    test = take(test, random.permutation(test.length));
    int[] texts = recipe.lm().includeTestText() ? join(train, test) : train;
    int[] shuffled = take(texts, random.permutation(texts.length));
    int[] labelled = Arrays.stream(train).filter(doc -> labelsOf[doc].length > 0).toArray();
    List<String> classNames = new ArrayList<>(labels);
    if (of(Split.UNSUP).length > 0) {
      classNames.add(UNSUP);
    }
    return withLm(classNames, shuffled, labelled, test, test);
  }

  /** Given splits kept, else a seeded stratified hold-out. */
  private SplitRows plain() {
    int[] train = of(Split.TRAIN);
    int[] valid = of(Split.VALID);
    int[] test = of(Split.TEST);
    if (test.length == 0 && recipe.corpus().testFraction() > 0) {
      test = holdOut(train, recipe.corpus().testFraction(), stream(TEST_STREAM));
      train = without(train, test);
    }
    int[] texts = join(of(Split.UNSUP), join(train, valid));
    if (valid.length == 0) {
      valid = holdOut(train, recipe.corpus().validFraction(), stream(VALID_STREAM));
      train = without(train, valid);
    }
    if (recipe.lm().includeTestText()) {
      texts = join(texts, test);
    }
    int[] shuffled = take(texts, stream(LM_STREAM).permutation(texts.length));
    return withLm(labels, shuffled, train, valid, test.length == 0 ? null : test);
  }

  /** The first part of the shuffled texts validates, as in scikit-learn's train_test_split. */
  private SplitRows withLm(
      List<String> classNames, int[] shuffled, int[] train, int[] valid, int @Nullable [] test) {
    int n = shuffled.length;
    int cut = (int) Math.ceil(recipe.lm().validFraction() * n);
    cut = Math.min(Math.max(cut, 1), Math.max(1, n - 1));
    return new SplitRows(
        labelling,
        labels,
        classNames,
        labelsOf,
        Arrays.copyOfRange(shuffled, Math.min(cut, n), n),
        Arrays.copyOf(shuffled, Math.min(cut, n)),
        train,
        valid,
        test,
        of(Split.UNSUP));
  }

  private SplitRows cut(SplitRows rows, int limit) {
    int lmTrain = Math.min(limit, rows.lmTrain().length);
    double share = (double) rows.lmValid().length / Math.max(1, rows.lmTrain().length);
    int lmValid = (int) Math.min(rows.lmValid().length, Math.max(1, Math.ceil(share * lmTrain)));
    boolean same = rows.valid() == rows.test();
    int[] valid = sample(rows.valid(), limit);
    return new SplitRows(
        labelling,
        rows.labels(),
        rows.classNames(),
        labelsOf,
        Arrays.copyOf(rows.lmTrain(), lmTrain),
        Arrays.copyOf(rows.lmValid(), lmValid),
        sample(rows.train(), limit),
        valid,
        same ? valid : rows.test() == null ? null : sample(rows.test(), limit),
        Arrays.copyOf(rows.unlabelled(), Math.min(limit, rows.unlabelled().length)));
  }

  /** A part of rows in which every label of theirs still occurs. */
  int[] sample(int[] rows, int limit) {
    NumpyRandom random = isLesson(recipe) ? null : stream(LIMIT_STREAM);
    return take(
        rows,
        labelling == Labelling.MULTI
            ? sample(labelsOf(rows), labels.size(), limit, recipe)
            : LabelledSubset.of(labelsOf(rows), limit, random));
  }

  /** The fold of each of some rows, see {@link Folds#of}. */
  int[] folds(int[] rows, int folds) {
    return Folds.of(labelsOf(rows), labels.size(), folds, stream(FOLD_STREAM));
  }

  /** Positions of a sample of rows with several labels. */
  static int[] sample(int[][] labelsOfRows, int names, int limit, Recipe recipe) {
    return Stratification.sample(labelsOfRows, names, limit, stream(recipe, LIMIT_STREAM));
  }

  private int[][] labelsOf(int[] rows) {
    return Arrays.stream(rows).mapToObj(doc -> labelsOf[doc]).toArray(int[][]::new);
  }

  private int[] holdOut(int[] rows, double fraction, NumpyRandom random) {
    if (labelling == Labelling.MULTI) {
      return take(rows, Stratification.holdOut(labelsOf(rows), labels.size(), fraction, random));
    }
    boolean[] held = new boolean[spill.size()];
    for (int[] own : byLabel(rows)) {
      int n = fraction <= 0 ? 0 : (int) Math.max(1, Math.round(fraction * own.length));
      int[] shuffled = take(own, random.permutation(own.length));
      for (int i = 0; i < Math.min(n, own.length - 1); i++) { // one stays for training
        held[shuffled[i]] = true;
      }
    }
    return Arrays.stream(rows).filter(doc -> held[doc]).toArray();
  }

  private int[] of(Split split) {
    return Arrays.stream(order).filter(doc -> spill.split(doc) == split).toArray();
  }

  /** Class after class, the order within a class kept. */
  private int[] byLabel(Split split) {
    return Arrays.stream(byLabel(of(split))).flatMapToInt(Arrays::stream).toArray();
  }

  /** The rows of each label, their order kept. */
  private int[][] byLabel(int[] rows) {
    int[] sizes = new int[labels.size()];
    forEachLabel(rows, (doc, label) -> sizes[label]++);
    int[][] own = Arrays.stream(sizes).mapToObj(int[]::new).toArray(int[][]::new);
    int[] filled = new int[sizes.length];
    forEachLabel(rows, (doc, label) -> own[label][filled[label]++] = doc);
    return own;
  }

  private interface LabelledRow {
    void accept(int doc, int label);
  }

  /** Every known label of every row. */
  private void forEachLabel(int[] rows, LabelledRow action) {
    for (int doc : rows) {
      for (int label : labelsOf[doc]) {
        if (label >= 0) {
          action.accept(doc, label);
        }
      }
    }
  }

  private NumpyRandom stream(int purpose) {
    return stream(recipe, purpose);
  }

  private static NumpyRandom stream(Recipe recipe, int purpose) {
    return new NumpyRandom(recipe.seed() & 0xffffffffL, recipe.seed() >>> 32, purpose);
  }

  private static int[] without(int[] rows, int[] taken) {
    int[] sorted = taken.clone();
    Arrays.sort(sorted);
    return Arrays.stream(rows).filter(doc -> Arrays.binarySearch(sorted, doc) < 0).toArray();
  }

  static int[] take(int[] rows, int[] positions) {
    return Arrays.stream(positions).map(i -> rows[i]).toArray();
  }

  private static int[] join(int[] a, int[] b) {
    return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
  }
}
