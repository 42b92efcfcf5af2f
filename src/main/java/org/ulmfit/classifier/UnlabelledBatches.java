package org.ulmfit.classifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import org.ulmfit.config.Recipe;
import org.ulmfit.random.NumpyRandom;
import org.ulmfit.vocab.TokenStore;

/**
 * Batches of texts without labels beside those with labels, in passes of their own that run on
 * through the epochs of a phase: which they are follows from the step alone.
 */
final class UnlabelledBatches {
  private static final int STREAM = 1; // other orders than those of labelled texts

  private final TokenStore store;
  private final Recipe.Classifier settings;
  private final int[] lengths;

  private List<int[]> batches = List.of(); // of a pass
  private long[] phase = {}; // its seed and number
  private int pass;
  private long before; // batches of the passes before

  UnlabelledBatches(TokenStore store, Recipe.Classifier settings) {
    this.store = store;
    this.settings = settings;
    this.lengths = ClassifierTask.lengths(store);
  }

  TokenStore store() {
    return store;
  }

  /** Tokens of each document. */
  int[] lengths() {
    return lengths;
  }

  /**
   * Rows times steps of the largest batch whose gradients are kept, as far as one pass says.
   *
   * @param kept of a batch
   */
  long largest(long seed, ToLongFunction<int[]> kept) {
    phase = new long[] {seed, 0};
    pass = 0;
    before = 0;
    batches = order();
    return batches.stream().mapToLong(kept).max().orElse(0);
  }

  /** Tokens of a batch. */
  long tokens(int[] documents) {
    return Arrays.stream(documents).mapToLong(doc -> lengths[doc]).sum();
  }

  /**
   * The batches beside one of labelled texts, each with its longest first.
   *
   * @param epoch seed, phase and epoch
   * @param step of the phase
   */
  List<int[]> beside(long[] epoch, long step) {
    int count = settings.adversarial().unlabelled();
    long first = step * count;
    List<int[]> beside = new ArrayList<>();
    long[] wanted = {epoch[0], epoch[1]};
    if (!Arrays.equals(wanted, phase) || first < before) {
      phase = wanted;
      before = 0;
      pass = 0;
      batches = order();
    }
    for (int i = 0; i < count; i++) {
      while (first + i >= before + batches.size()) {
        before += batches.size();
        pass++;
        batches = order();
      }
      int[] documents = batches.get((int) (first + i - before)).clone();
      Samplers.sort(documents, 0, documents.length, lengths, true);
      beside.add(documents);
    }
    return beside;
  }

  private List<int[]> order() {
    var random = new NumpyRandom(phase[0], phase[1], pass, STREAM);
    int[] order = Samplers.training(settings.sampler(), lengths, settings.batchSize(), random);
    return Batches.cutForTraining(order, lengths, settings.batchSize(), settings.maxBatchTokens());
  }
}
