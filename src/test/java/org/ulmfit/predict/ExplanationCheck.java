package org.ulmfit.predict;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.TextReader;

/**
 * How far explanations agree with what leaving words out of the text does. Spearman's correlation
 * of a text's weights with what the log-odds lack without each word, and the log-odds where the
 * words that weigh most are taken away, a share of them, beside as many at random (Samek et al.
 * 2017, Evaluating the Visualization of What a Deep Neural Network Has Learned).
 *
 * <p>{@code java ... org.ulmfit.predict.ExplanationCheck MODEL TEXTS COUNT MOST_WORDS}
 */
final class ExplanationCheck {
  static final double[] SHARES = {.05, .1, .2, .4};
  private static final long SEED = 42;
  private static final int TIMED = 12; // texts

  /**
   * What was found.
   *
   * @param correlation the mean over the texts
   * @param ranked (shares) mean log-odds without the words of greatest weight
   * @param random (shares) without others
   */
  record Found(int texts, double whole, double correlation, double[] ranked, double[] random) {}

  private final TextClassifier classifier;

  private ExplanationCheck(TextClassifier classifier) {
    this.classifier = classifier;
  }

  static Found of(TextClassifier classifier, List<String> texts) {
    return new ExplanationCheck(classifier).check(texts);
  }

  private Found check(List<String> texts) {
    Random random = new Random(SEED);
    double whole = 0;
    double correlation = 0;
    double[] ranked = new double[SHARES.length];
    double[] others = new double[SHARES.length];
    for (String text : texts) {
      Explanation explanation = classifier.explain(text);
      List<Explanation.Word> words = explanation.words();
      double full = odds(List.of(text), explanation.label())[0];
      double[] weights = words.stream().mapToDouble(Explanation.Word::weight).toArray();
      double[] left = odds(each(text, words), explanation.label());
      whole += full / texts.size();
      correlation +=
          spearman(weights, Arrays.stream(left).map(odds -> full - odds).toArray()) / texts.size();
      List<Explanation.Word> byWeight = new ArrayList<>(words);
      byWeight.sort(Comparator.comparingDouble(word -> -word.weight()));
      List<Explanation.Word> shuffled = new ArrayList<>(words);
      java.util.Collections.shuffle(shuffled, random);
      add(ranked, odds(without(text, byWeight), explanation.label()), texts.size());
      add(others, odds(without(text, shuffled), explanation.label()), texts.size());
    }
    return new Found(texts.size(), whole, correlation, ranked, others);
  }

  private static void add(double[] sums, double[] values, int count) {
    Arrays.setAll(sums, i -> sums[i] + values[i] / count);
  }

  private static List<String> each(String text, List<Explanation.Word> words) {
    return words.stream().map(word -> without(text, List.of(word), 1)).toList();
  }

  private static List<String> without(String text, List<Explanation.Word> order) {
    return Arrays.stream(SHARES)
        .mapToObj(share -> without(text, order, (int) Math.ceil(share * order.size())))
        .toList();
  }

  private static String without(String text, List<Explanation.Word> order, int count) {
    StringBuilder left = new StringBuilder(text);
    order.stream()
        .limit(count)
        .sorted(Comparator.comparingInt(word -> -word.start()))
        .forEach(word -> left.delete(word.start(), word.end()));
    return left.toString();
  }

  private double[] odds(List<String> texts, String label) {
    return classifier.predict(texts).stream()
        .mapToDouble(p -> odds(p, classifier.labels().indexOf(label)))
        .toArray();
  }

  private static double odds(Prediction prediction, int label) {
    float[] z = prediction.logits();
    double others =
        IntStream.range(0, z.length).filter(c -> c != label).mapToDouble(c -> Math.exp(z[c])).sum();
    return z[label] - Math.log(others);
  }

  /** Spearman's rank correlation, ties in the mean of their ranks. */
  static double spearman(double[] a, double[] b) {
    return pearson(ranks(a), ranks(b));
  }

  private static double[] ranks(double[] values) {
    Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
    double[] ranks = new double[values.length];
    for (int from = 0; from < order.length; ) {
      int to = from;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + to - 1) / 2.0;
      }
      from = to;
    }
    return ranks;
  }

  private static double pearson(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElse(0);
    double meanB = Arrays.stream(b).average().orElse(0);
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return aa == 0 || bb == 0 ? 0 : ab / Math.sqrt(aa * bb);
  }

  public static void main(String[] arguments) {
    int count = Integer.parseInt(arguments[2]);
    int most = Integer.parseInt(arguments[3]);
    try (TextClassifier classifier = TextClassifier.load(Path.of(arguments[0]));
        TextReader reader =
            TextReader.open(
                Path.of(arguments[1]),
                System.in,
                CorpusOptions.defaults(),
                classifier.inputColumns())) {
      List<String> texts = new ArrayList<>();
      for (var batch = reader.batch(256); !batch.isEmpty(); batch = reader.batch(256)) {
        batch.stream()
            .map(row -> row.fields().get(0))
            .filter(text -> text.split("\\s+").length <= most && texts.size() < count)
            .forEach(texts::add);
      }
      int timed = Math.min(TIMED, texts.size());
      classifier.explain(texts.get(0));
      long start = System.nanoTime();
      texts.subList(0, timed).forEach(classifier::explain);
      double seconds = (System.nanoTime() - start) / 1e9;
      Found found = of(classifier, texts);
      System.out.printf(
          Locale.ROOT,
          "%d texts, %.2f s each to explain; log-odds %.2f; Spearman %.3f;"
              + " without the first 5, 10, 20, 40 %%: ranked %s, random %s%n",
          found.texts,
          seconds / timed,
          found.whole,
          found.correlation,
          Arrays.toString(found.ranked),
          Arrays.toString(found.random));
    }
  }
}
