package org.ulmfit.train;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ulmfit.Labelling;

/**
 * A classifier's answers on a labelled set, in the set's order.
 *
 * @param split name of the set; empty: nothing to tell
 * @param labelling how many labels a document has, in truth and answer
 * @param labels names of the classes in index order
 * @param ids of the documents
 * @param truth indices of each document's labels
 * @param probabilities (documents, classes)
 * @param predicted indices of the labels that were answered for each document
 * @param loss mean over the documents, nats: cross-entropy (the log loss) with one label a
 *     document, binary cross-entropy with several
 * @param lengths of the documents in tokens, as the model reads them; empty: not known
 */
public record Scores(
    String split,
    Labelling labelling,
    List<String> labels,
    List<String> ids,
    int[][] truth,
    float[][] probabilities,
    int[][] predicted,
    double loss,
    int[] lengths) {

  /** Documents. */
  public int rows() {
    return truth.length;
  }

  /**
   * True against predicted label.
   *
   * @throws IllegalStateException if documents may have several labels
   */
  public ConfusionMatrix confusion() {
    if (labelling != Labelling.SINGLE) {
      throw new IllegalStateException("no confusion matrix of documents with several labels");
    }
    ConfusionMatrix matrix = new ConfusionMatrix(labels.size());
    for (int d = 0; d < truth.length; d++) {
      matrix.add(truth[d][0], predicted[d][0]);
    }
    return matrix;
  }

  /** Hits and misses label by label. */
  public LabelCounts counts() {
    return LabelCounts.of(truth, predicted, labels.size());
  }

  /** Share of documents whose labels are all right, and no other given. */
  public double accuracy() {
    return labelling == Labelling.SINGLE ? confusion().accuracy() : counts().subsetAccuracy();
  }

  /**
   * How well the documents of a label are ranked before the others: the area under precision
   * against recall, as scikit-learn's {@code average_precision_score}; 0 if there are none.
   *
   * @param label its index
   */
  public double averagePrecision(int label) {
    return Ranking.of(probabilities, truth, label).averagePrecision();
  }

  /**
   * A document whose answer is wrong.
   *
   * @param row its place
   * @param label the label that the answer is most wrong about: of one label a document the one
   *     that was answered, of several that of the wrong ones whose probability is farthest from the
   *     truth
   */
  public record Miss(int row, int label) {}

  /**
   * The wrong answers that were given with most confidence: with one label a document those that
   * gave the true label the least probability, with several those with the greatest error of a
   * label's.
   *
   * @param most how many
   */
  public List<Miss> surestErrors(int most) {
    return IntStream.range(0, rows())
        .filter(row -> !Arrays.equals(sorted(truth[row]), sorted(predicted[row])))
        .mapToObj(row -> new Ranked(row, worst(row), error(row, worst(row))))
        .sorted(Comparator.comparingDouble(ranked -> -ranked.error))
        .limit(most)
        .map(
            ranked ->
                new Miss(
                    ranked.row,
                    labelling == Labelling.SINGLE ? predicted[ranked.row][0] : ranked.label))
        .toList();
  }

  private record Ranked(int row, int label, double error) {}

  private static int[] sorted(int[] labels) {
    return Arrays.stream(labels).sorted().toArray();
  }

  /** The label whose error counts: the true one, or of several wrong ones that of the greatest. */
  private int worst(int row) {
    return labelling == Labelling.SINGLE
        ? truth[row][0]
        : IntStream.range(0, labels.size())
            .filter(label -> has(truth[row], label) != has(predicted[row], label))
            .boxed()
            .max(Comparator.comparingDouble(label -> error(row, label)))
            .orElseThrow();
  }

  private static boolean has(int[] labels, int label) {
    return Arrays.stream(labels).anyMatch(own -> own == label);
  }

  private double error(int row, int label) {
    return Math.abs((has(truth[row], label) ? 1 : 0) - probabilities[row][label]);
  }

  /** The same with other answers. */
  public Scores answering(int[][] answers) {
    return new Scores(split, labelling, labels, ids, truth, probabilities, answers, loss, lengths);
  }

  /** The figures the loop reports. */
  public Evaluation evaluation() {
    if (labelling == Labelling.SINGLE) {
      ConfusionMatrix matrix = confusion();
      return new Evaluation(loss, matrix.accuracy(), matrix.macroF1(), rows());
    }
    LabelCounts counts = counts();
    return new Evaluation(loss, counts.subsetAccuracy(), counts.macro().f1(), rows());
  }

  /**
   * All figures of the whole set, by the names of the field and in the order of the reports.
   *
   * <pre>
   * one label   accuracy balancedAccuracy macroF1 weightedF1 matthews logLoss
   * several     subsetAccuracy, {micro,macro,weighted,samples}{F1,Precision,Recall},
   *             meanAveragePrecision microAveragePrecision hammingLoss loss
   * </pre>
   *
   * <p>They are scikit-learn's, with {@code zero_division=0}. With one label, the macro mean is
   * taken over the classes that occur in truth or answers; with several, over all labels.
   */
  public Map<String, Double> figures() {
    return labelling == Labelling.SINGLE ? singleFigures() : multiFigures();
  }

  private Map<String, Double> singleFigures() {
    ConfusionMatrix matrix = confusion();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("accuracy", matrix.accuracy());
    figures.put("balancedAccuracy", matrix.balancedAccuracy());
    figures.put("macroF1", matrix.macroF1());
    figures.put("weightedF1", matrix.weightedF1());
    figures.put("matthews", matrix.matthews());
    figures.put("logLoss", loss);
    return figures;
  }

  private Map<String, Double> multiFigures() {
    LabelCounts counts = counts();
    Map<String, LabelCounts.Average> averages = new LinkedHashMap<>();
    averages.put("micro", counts.micro());
    averages.put("macro", counts.macro());
    averages.put("weighted", counts.weighted());
    averages.put("samples", counts.samples());
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("subsetAccuracy", counts.subsetAccuracy());
    averages.forEach((name, average) -> figures.put(name + "F1", average.f1()));
    averages.forEach((name, average) -> figures.put(name + "Precision", average.precision()));
    averages.forEach((name, average) -> figures.put(name + "Recall", average.recall()));
    int[] all = IntStream.range(0, labels.size()).toArray();
    double mean = IntStream.of(all).mapToDouble(this::averagePrecision).average().orElse(0);
    figures.put("meanAveragePrecision", mean);
    figures.put("microAveragePrecision", Ranking.of(probabilities, truth, all).averagePrecision());
    figures.put("hammingLoss", counts.hammingLoss());
    figures.put("loss", loss);
    return figures;
  }
}
