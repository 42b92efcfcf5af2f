package org.ulmfit.predict;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.SavedModel;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.corpus.Split;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.prepare.EvaluationData;
import org.ulmfit.prepare.EvaluationSet;
import org.ulmfit.vocab.TokenStore;

/** What is asked of all models of a classifier together. */
final class Members {

  private static final int NAMED = 20; // labels in a line

  private Members() {}

  /**
   * Refuses models that cannot answer together.
   *
   * @throws UlmfitException (bad model) naming the first that differs from the first of all
   */
  static void check(List<ModelFolder> folders) {
    ModelFolder first = folders.get(0);
    List<String> labels = first.labels();
    ModelConfig config = ModelConfig.of(first);
    ModelFolder wide = first;
    InputColumns input = config.input();
    for (ModelFolder other : folders) {
      List<String> own = other.labels();
      if (!Set.copyOf(own).equals(Set.copyOf(labels))) {
        throw UlmfitException.badModel(
            Shown.format(
                "%s: its labels (%s) are not those of %s (%s); models that answer together have the same: train them on the same labels",
                other.path(), Shown.list(own, NAMED), first.path(), Shown.list(labels, NAMED)));
      }
      ModelConfig its = ModelConfig.of(other);
      Labelling labelling = its.labelling();
      if (labelling != config.labelling()) {
        boolean one = labelling == Labelling.SINGLE;
        throw UlmfitException.badModel(
            Shown.format(
                "%s: gives %s, %s %s; models that answer together do the same: train them for the same task",
                other.path(),
                one ? "one label a text" : "any number of labels a text",
                first.path(),
                one ? "any number" : "one"));
      }
      InputColumns itsInput = its.input();
      if (input == null) {
        wide = other;
        input = itsInput;
      }
      if (input != null && itsInput != null && input.fields() != itsInput.fields()) {
        throw UlmfitException.badModel(
            Shown.format(
                "%s: reads text columns %s, %s %s; models that answer together read as many: train them on the same columns",
                other.path(), itsInput.describe(), wide.path(), input.describe()));
      }
    }
  }

  /**
   * The mean of models' thresholds, label by label.
   *
   * @return null: of models that give one label a document
   */
  static @Nullable List<Double> thresholds(List<ModelFolder> folders, List<String> labels) {
    double[] mean = new double[labels.size()];
    for (ModelFolder folder : folders) {
      int[] order = labels.stream().mapToInt(folder.labels()::indexOf).toArray();
      List<Double> own = SavedModel.thresholds(ModelConfig.of(folder), order);
      if (own == null) {
        return null;
      }
      Arrays.setAll(mean, c -> mean[c] + own.get(c) / folders.size());
    }
    return Arrays.stream(mean).map(t -> Math.min(1, t)).boxed().toList();
  }

  /** How each reads texts; what language they are told to be in makes no difference to that. */
  static List<EvaluationSet.Reader> readers(List<SavedModel> members) {
    String any = Recipes.defaults().text().language();
    return members.stream()
        .map(m -> new EvaluationSet.Reader(m.config().readingRecipe().text().in(any), m.vocab()))
        .toList();
  }

  /** The columns that they were trained on, where one of them knows; null: not known. */
  static @Nullable InputColumns input(List<SavedModel> members) {
    return members.stream()
        .map(m -> m.config().input())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /**
   * Whether a model may have been trained on rows: those that are no split's are of a corpus of the
   * same name.
   *
   * @param trainedOn name of its own corpus
   */
  static boolean mayHaveSeen(String trainedOn, Corpus corpus, EvaluationSet rows) {
    return rows.split() == Split.TRAIN
        && corpus.path() != null
        && !corpus.isStandardInput()
        && trainedOn.equals(corpus.name());
  }

  /**
   * Labelled rows for all of them. Where their corpora were not standardised alike, this one is not
   * standardised as the lesson does.
   *
   * @param scratch folder for temporary files, to outlast the set
   */
  static EvaluationSet rows(
      List<SavedModel> members,
      List<EvaluationSet.Reader> readers,
      List<String> labels,
      Corpus corpus,
      EvaluationSet.Rows rows,
      int limit,
      Path scratch,
      EvaluationListener listener,
      Stop stop) {
    Recipe recipe = members.get(0).config().readingRecipe();
    if (members.stream().map(m -> m.config().measured().standardise()).distinct().count() > 1) {
      recipe = Recipes.with(recipe, List.of("corpus.standardise=plain"));
      listener.note("the members' corpora were standardised in several ways; this one is not");
    }
    return new EvaluationData(corpus, recipe, scratch, listener::note, stop)
        .labelled(
            rows, readers, labels, members.get(0).config().labelling(), input(members), limit);
  }

  /** Logits (models, documents, classes) of the rows. */
  static float[][][] measured(
      List<SavedModel> members, EvaluationSet rows, EvaluationListener listener, Stop stop) {
    long all = rows.stores().stream().mapToLong(TokenStore::tokens).sum();
    listener.scored(0, all);
    float[][][] logits = new float[members.size()][][];
    long before = 0;
    for (int m = 0; m < logits.length; m++) {
      TokenStore store = rows.stores().get(m);
      long start = before;
      logits[m] =
          members
              .get(m)
              .measured(
                  store,
                  done -> {
                    stop.check("between the rows; nothing was written");
                    listener.scored(start + done, all);
                  });
      before += store.tokens();
    }
    return logits;
  }

  /** Logits (documents, classes) of logits (models, documents, classes). */
  static float[][] combined(Combination combination, float[][][] logits) {
    float[][] all = new float[logits[0].length][];
    Arrays.setAll(
        all, d -> combination.of(Arrays.stream(logits).map(own -> own[d]).toArray(float[][]::new)));
    return all;
  }
}
