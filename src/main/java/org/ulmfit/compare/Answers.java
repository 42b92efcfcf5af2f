package org.ulmfit.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ulmfit.Stop;
import org.ulmfit.corpus.Document;
import org.ulmfit.predict.HeldOutAnswers;
import org.ulmfit.predict.Prediction;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.prepare.RowFiles;

/**
 * A classifier's answers to the rows of a file, in their order.
 *
 * @param truth indices of each row's labels
 * @param predicted indices of each row's answers
 * @param seconds that answering took, reading aside
 */
record Answers(int[][] truth, int[][] predicted, double seconds) {
  private static final int BATCH = 1_000;
  private static final int WARM = 200;
  private static final int SAMPLE = 256; // rows that show how fast a model is

  /** Asks for them, after some of the rows were answered unmeasured. */
  static Answers of(TextClassifier classifier, RowFiles rows, RowFiles.Part part, Stop stop) {
    Collector collector = new Collector(classifier, rows.labels(), stop);
    rows.forEach(part, 0, 0, collector::add);
    collector.flush();
    return new Answers(
        collector.truth.toArray(int[][]::new),
        collector.predicted.toArray(int[][]::new),
        collector.nanos / 1e9);
  }

  /** What was said of rows held out. */
  static Answers of(HeldOutAnswers held, List<String> labels) {
    return new Answers(
        held.rows().stream().map(row -> indices(row.labels(), labels)).toArray(int[][]::new),
        held.rows().stream().map(row -> indices(row.answer(), labels)).toArray(int[][]::new),
        0);
  }

  /** The same, had each row taken so long. */
  Answers in(double secondsARow) {
    return new Answers(truth, predicted, secondsARow * truth.length);
  }

  /** How long a row takes: of the first rows of a file, after some were answered unmeasured. */
  static double secondsARow(
      TextClassifier classifier, RowFiles rows, RowFiles.Part part, Stop stop) {
    Collector collector = new Collector(classifier, rows.labels(), stop);
    List<Document> first = new ArrayList<>();
    rows.forEach(
        part,
        0,
        0,
        (row, labelsOf) -> {
          if (first.size() < SAMPLE) {
            first.add(row);
            collector.add(row, labelsOf);
          }
        });
    collector.flush();
    return collector.nanos / 1e9 / Math.max(1, first.size());
  }

  private static int[] indices(List<String> names, List<String> labels) {
    return names.stream().mapToInt(labels::indexOf).sorted().toArray();
  }

  /** A classifier's answers to the rows that were held out of a fold. */
  static HeldOutAnswers held(
      TextClassifier classifier, RowFiles rows, int count, int fold, Stop stop) {
    List<HeldOutAnswers.Row> all = new ArrayList<>();
    List<Document> batch = new ArrayList<>();
    List<List<String>> truth = new ArrayList<>();
    Runnable flush =
        () -> {
          stop.check(Comparison.STOPPED);
          List<Prediction> says =
              batch.isEmpty()
                  ? List.of()
                  : classifier.predictFields(batch.stream().map(Document::fields).toList());
          for (int i = 0; i < says.size(); i++) {
            String id = batch.get(i).id();
            all.add(HeldOutAnswers.Row.of(id, truth.get(i), classifier.labels(), says.get(i)));
          }
          batch.clear();
          truth.clear();
        };
    rows.forEach(
        RowFiles.Part.HELD,
        count,
        fold,
        (row, labelsOf) -> {
          batch.add(row);
          truth.add(Arrays.stream(labelsOf).mapToObj(rows.labels()::get).toList());
          if (batch.size() == BATCH) {
            flush.run();
          }
        });
    flush.run();
    return new HeldOutAnswers(all);
  }

  int rows() {
    return truth.length;
  }

  /** Whether all labels of a row are right, and no other given. */
  boolean[] right() {
    boolean[] right = new boolean[truth.length];
    for (int row = 0; row < right.length; row++) {
      right[row] = Arrays.equals(truth[row], predicted[row]);
    }
    return right;
  }

  int hits() {
    int hits = 0;
    for (boolean right : right()) {
      hits += right ? 1 : 0;
    }
    return hits;
  }

  private static final class Collector {
    private final TextClassifier classifier;
    private final List<String> labels;
    private final Stop stop;
    private final List<List<String>> batch = new ArrayList<>();
    private final List<int[]> truth = new ArrayList<>();
    private final List<int[]> predicted = new ArrayList<>();
    private long nanos;

    Collector(TextClassifier classifier, List<String> labels, Stop stop) {
      this.classifier = classifier;
      this.labels = labels;
      this.stop = stop;
    }

    void add(Document row, int[] labelsOf) {
      batch.add(row.fields());
      truth.add(labelsOf);
      if (batch.size() == BATCH) {
        flush();
      }
    }

    void flush() {
      stop.check(Comparison.STOPPED);
      if (batch.isEmpty()) {
        return;
      }
      if (predicted.isEmpty()) {
        classifier.predictFields(batch.subList(0, Math.min(WARM, batch.size())));
      }
      long started = System.nanoTime();
      List<Prediction> answers = classifier.predictFields(batch);
      nanos += System.nanoTime() - started;
      answers.forEach(answer -> predicted.add(indices(answer.labels(), labels)));
      batch.clear();
    }
  }
}
