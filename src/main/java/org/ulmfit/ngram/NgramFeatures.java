package org.ulmfit.ngram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Safetensors;

/**
 * The n-grams that a network reads of documents, chosen and weighed.
 *
 * @param tfIdf null: as {@code counted} says
 * @param counted whether an n-gram weighs as often as it occurs, else 1
 * @param chosen columns of the n-grams, ascending: feature i is column chosen[i]
 */
public record NgramFeatures(Ngrams ngrams, @Nullable TfIdf tfIdf, boolean counted, int[] chosen) {
  private static final String CHOSEN = "chosen";

  /** What an n-gram weighs in a document. */
  public enum Weighting {
    TF_IDF,
    COUNTS,
    /** 1: the document as a set. */
    BINARY
  }

  /** Which n-grams are chosen. */
  public enum Selection {
    /** Those that tell most of the label, by {@link AnovaF}. */
    ANOVA,
    /** Those of most documents. */
    FREQUENT
  }

  /** One document's: ascending features, and what each weighs. */
  public record Row(int[] features, float[] values) {}

  /**
   * Chooses of the training documents' n-grams.
   *
   * @param sublinear {@link TfIdf#sublinear}
   * @param most how many
   */
  public static NgramFeatures choose(
      Ngrams ngrams,
      Documents documents,
      Truth truth,
      Weighting weighting,
      boolean sublinear,
      Selection selection,
      int most,
      Stop stop) {
    SparseMatrix counts = ngrams.counts(documents, stop);
    int[] all = IntStream.range(0, counts.rows()).toArray();
    TfIdf tfIdf = weighting == Weighting.TF_IDF ? TfIdf.learn(counts, all, sublinear) : null;
    NgramFeatures every =
        new NgramFeatures(
            ngrams,
            tfIdf,
            weighting == Weighting.COUNTS,
            IntStream.range(0, ngrams.columns()).toArray());
    double[] worth =
        selection == Selection.FREQUENT
            ? counts.present(all, row -> 1)
            : AnovaF.of(every.weighed(counts), truth);
    int[] chosen =
        IntStream.range(0, worth.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer c) -> -worth[c]).thenComparingInt(c -> c))
            .limit(most)
            .mapToInt(c -> c)
            .sorted()
            .toArray();
    return new NgramFeatures(ngrams, tfIdf, every.counted, chosen);
  }

  private SparseMatrix weighed(SparseMatrix counts) {
    if (tfIdf != null) {
      return tfIdf.of(counts);
    }
    float[] values = new float[counts.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = counted ? counts.value(i) : 1;
    }
    return counts.with(values);
  }

  /** Number of features. */
  public int size() {
    return chosen.length;
  }

  /** A document's features. */
  public Row row(int[] ids) {
    NgramRow counts = NgramRow.of(ngrams, ids);
    NgramRow row = tfIdf == null ? counts : tfIdf.of(counts);
    int[] features = new int[row.columns().length];
    float[] values = new float[features.length];
    int n = 0;
    for (int i = 0; i < features.length; i++) {
      int feature = Arrays.binarySearch(chosen, row.columns()[i]);
      if (feature >= 0) {
        features[n] = feature;
        values[n++] = tfIdf != null || counted ? row.counts()[i] : 1;
      }
    }
    return new Row(Arrays.copyOf(features, n), Arrays.copyOf(values, n));
  }

  /** Its tensors: those of the n-grams, {@code idf} where there are weights, {@code chosen}. */
  public List<Safetensors.Entry> entries() {
    List<Safetensors.Entry> entries = new ArrayList<>(NgramTensors.entries(ngrams, tfIdf));
    entries.add(
        Safetensors.Entry.longs(
            CHOSEN,
            new long[] {chosen.length},
            () -> Arrays.stream(chosen).asLongStream().toArray()));
    return entries;
  }

  /**
   * Reads them.
   *
   * @throws UlmfitException (bad model) if a tensor is missing or does not fit the others
   */
  public static NgramFeatures read(
      Safetensors.Reader file, int shortest, boolean sublinear, boolean counted) {
    NgramTensors tensors = new NgramTensors(file);
    Ngrams ngrams = tensors.ngrams(shortest);
    int[] chosen = tensors.ints(CHOSEN);
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i] < 0 || chosen[i] >= ngrams.columns() || i > 0 && chosen[i] <= chosen[i - 1]) {
        throw tensors.broken(CHOSEN, "column " + chosen[i]);
      }
    }
    return new NgramFeatures(ngrams, tensors.tfIdf(ngrams, sublinear), counted, chosen);
  }
}
