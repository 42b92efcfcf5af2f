package org.ulmfit.selftrain;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.ulmfit.Stop;
import org.ulmfit.corpus.Document;
import org.ulmfit.predict.Prediction;
import org.ulmfit.predict.TextClassifier;

/**
 * What classifiers answer to texts, in their order.
 *
 * @param labels of the columns
 * @param probabilities (texts, labels), the mean over the classifiers
 */
record Answers(List<String> labels, float[][] probabilities) {
  private static final int BATCH = 1_000;

  /** Texts that are read again for each classifier. */
  interface Texts {
    void forEach(Consumer<Document> sink);
  }

  /**
   * Asks one.
   *
   * @param labels in whose order it is to answer
   */
  static Answers of(TextClassifier classifier, List<String> labels, Texts texts, Stop stop) {
    List<float[]> all = new ArrayList<>();
    List<List<String>> batch = new ArrayList<>();
    Runnable flush =
        () -> {
          stop.check(SelfTraining.STOPPED);
          for (Prediction says : classifier.predictFields(batch)) {
            float[] own = new float[labels.size()];
            for (int c = 0; c < own.length; c++) {
              own[c] = says.probabilities().getOrDefault(labels.get(c), 0.0).floatValue();
            }
            all.add(own);
          }
          batch.clear();
        };
    texts.forEach(
        text -> {
          batch.add(text.fields());
          if (batch.size() == BATCH) {
            flush.run();
          }
        });
    if (!batch.isEmpty()) {
      flush.run();
    }
    return new Answers(labels, all.toArray(float[][]::new));
  }

  /** The same with a share of what another classifier answers added, and less of these. */
  void join(Answers other, int joined) {
    for (int text = 0; text < probabilities.length; text++) {
      for (int c = 0; c < labels.size(); c++) {
        float own = probabilities[text][c];
        probabilities[text][c] = own + (other.probabilities[text][c] - own) / (joined + 1);
      }
    }
  }

  /** Index of a text's most probable label. */
  int answer(int text) {
    float[] p = probabilities[text];
    int best = 0;
    for (int c = 1; c < p.length; c++) {
      best = p[c] > p[best] ? c : best;
    }
    return best;
  }

  /** How probable its answer is. */
  float confidence(int text) {
    return probabilities[text][answer(text)];
  }

  /** Share of texts for which two have one answer. */
  double agreement(Answers other) {
    long same =
        IntStream.range(0, probabilities.length)
            .filter(text -> answer(text) == other.answer(text))
            .count();
    return (double) same / Math.max(1, probabilities.length);
  }

  /** Probabilities of a text as logits whose softmax they are; 0 counts as a millionth. */
  float[] logits(int text) {
    float[] logits = probabilities[text].clone();
    for (int c = 0; c < logits.length; c++) {
      logits[c] = (float) Math.log(Math.max(1e-6, logits[c]));
    }
    return logits;
  }

  /** Indices of the labels of some rows that were answered rightly. */
  int hits(int[] truth) {
    int hits = 0;
    for (int text = 0; text < truth.length; text++) {
      hits += answer(text) == truth[text] ? 1 : 0;
    }
    return hits;
  }

  /** Mean negative log-likelihood of the rows' labels, nats. */
  double loss(int[] truth) {
    return IntStream.range(0, truth.length)
        .mapToDouble(text -> -Math.log(Math.max(1e-12, probabilities[text][truth[text]])))
        .average()
        .orElse(0);
  }
}
