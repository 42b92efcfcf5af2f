package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ulmfit.predict.Prediction;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.runtimes.DjlModel;
import org.ulmfit.vocab.Vocab;

/** A classifier that was exported as TorchScript, used as the README beside it says. */
final class ExportedClassifier {

  private static final List<String> TEXTS =
      List.of(
          "What a film!", "", "Never again: it was <br />LONG and dull ... " + "so ".repeat(400));

  private ExportedClassifier() {}

  /** Exports a model and compares DJL's logits with our own: tokenize, look up, call. */
  static void assertAnswersAs(Path model, Path out) throws Exception {
    List<String> written =
        Cli.run("export", "" + model, "--format=torchscript", "--out=" + out).ok().lines();
    assertEquals("written: " + out.resolve("model.pt"), written.get(0));
    Vocab vocab = Vocab.read(out.resolve("vocab.txt"));
    List<int[]> ids = new ArrayList<>();
    String lines = String.join("\n", TEXTS) + "\n";
    for (String line : Cli.run(lines, List.of("tokenize", "--prefix", "-")).ok().lines()) {
      ids.add(vocab.ids(new ObjectMapper().readValue(line, new TypeReference<List<String>>() {})));
    }
    try (TextClassifier own = TextClassifier.load(model, "cpu", "fp32");
        DjlModel djl = new DjlModel(out)) {
      List<Prediction> answers = own.predict(TEXTS);
      float[][] logits = djl.logits(ids.toArray(int[][]::new));
      for (int i = 0; i < logits.length; i++) {
        assertArrayEquals(answers.get(i).logits(), logits[i], 1e-5f, TEXTS.get(i));
      }
    }
  }
}
