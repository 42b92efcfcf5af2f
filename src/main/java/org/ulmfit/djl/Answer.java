package org.ulmfit.djl;

import ai.djl.modality.Classifications;
import java.util.List;
import java.util.stream.IntStream;

/** Probabilities as DJL has them. */
final class Answer {
  private Answer() {}

  /** Of labels in their order. */
  static Classifications of(List<String> labels, float[] probabilities) {
    return new Classifications(
        labels,
        IntStream.range(0, probabilities.length).mapToObj(c -> (double) probabilities[c]).toList());
  }
}
