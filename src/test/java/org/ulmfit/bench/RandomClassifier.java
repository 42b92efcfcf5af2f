package org.ulmfit.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A classifier of random weights with the sizes of {@code pretrained/wiki-small}.
 *
 * @param words some that it knows
 */
public record RandomClassifier(Path model, List<String> words) {
  private static final int VOCABULARY = 8000;
  private static final int WORDS = 200;

  /** Writes it there. */
  public static RandomClassifier in(Path dir) throws IOException {
    Spec spec = Spec.create(dir, "predict", 42, 2);
    PredictionBench.write(
        spec, new PredictionBench.Size(VOCABULARY, 300, 600, Map.of(60, 1), 1, 1));
    PredictionBench.models(spec, List.of("auto"));
    List<String> vocabulary = Spec.lines(spec.path("vocab"));
    return new RandomClassifier(
        PredictionBench.model(spec, "auto"),
        vocabulary.subList(vocabulary.size() - WORDS, vocabulary.size()));
  }
}
