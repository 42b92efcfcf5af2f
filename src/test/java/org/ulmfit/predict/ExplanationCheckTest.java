package org.ulmfit.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Ulmfit;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;

/** A short run of {@link ExplanationCheck} on a network that has learned four words. */
@Tag("engine")
class ExplanationCheckTest {
  private static final String[] TELLING = {"awful", "dull", "lovely", "brilliant"};
  private static final String[] PLAIN = {"the", "film", "was", "a", "story", "about", "people"};

  @TempDir Path dir;

  /** Two telling words among plain ones. */
  private static String text(int i) {
    int label = i % 2;
    StringBuilder text = new StringBuilder();
    for (int w = 0; w < 12; w++) {
      boolean telling = w == i % 5 || w == 5 + i % 7;
      String word =
          telling ? TELLING[2 * label + (i / 2 + w) % 2] : PLAIN[(i * 7 + w * 3) % PLAIN.length];
      text.append(word).append(' ');
    }
    return text.toString().trim();
  }

  @Test
  void whatWeighsIsWhatIsMissedWhereItIsLeftOut() {
    Corpus corpus =
        Corpus.of(
            IntStream.range(0, 400)
                .mapToObj(i -> Document.of(text(i), i % 2 == 0 ? "neg" : "pos"))
                .toList());
    Ulmfit.classifier(corpus)
        .set("classifier.family", "lstm")
        .set("classifier.minSteps", 0)
        .set("network.embeddingSize", 8)
        .set("network.units", "[8]")
        .set(
            "classifier.stages",
            "[{freezeTo: 0, epochs: 4, rates: {lr: 1.0e-2, factor: 1}, schedule: {kind: constant}}]")
        .device("cpu")
        .into(dir.resolve("run"));
    try (TextClassifier classifier = TextClassifier.load(dir.resolve("run"), "cpu", "fp32")) {
      List<String> texts = IntStream.range(0, 12).mapToObj(i -> text(i + 1000)).toList();
      ExplanationCheck.Found found = ExplanationCheck.of(classifier, texts);
      assertTrue(found.correlation() > .5, found.toString());
      for (int share = 0; share < ExplanationCheck.SHARES.length; share++) {
        assertTrue(found.ranked()[share] < found.random()[share] - .5, found.toString());
      }
      for (String text : texts) {
        List<String> most =
            classifier.explain(text).most(2).stream().map(Explanation.Word::text).toList();
        assertTrue(List.of(TELLING).containsAll(most), text + ": " + most);
      }
    }
    assertEquals(
        1, ExplanationCheck.spearman(new double[] {1, 5, 9}, new double[] {0, 1, 8}), 1e-9);
    assertEquals(
        0, ExplanationCheck.spearman(new double[] {1, 1, 1}, new double[] {0, 1, 8}), 1e-9);
  }
}
