package org.ulmfit.classifier;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.Precision;
import org.ulmfit.report.Mistake;
import org.ulmfit.train.Scores;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/** The surest errors of the model that a run has saved. */
final class SavedMistakes {
  private SavedMistakes() {}

  /**
   * Those on rows, with what their words weigh.
   *
   * @param dir the saved model's
   * @param scores its answers on the rows
   */
  static List<Mistake> of(Path dir, Scores scores, TokenStore rows) {
    ModelFolder folder = ModelFolder.open(dir, "classifier");
    ModelConfig config = ModelConfig.of(folder);
    Vocab vocab = config.vocabulary(folder);
    Family family = Family.of(config);
    int[] order = IntStream.range(0, config.classes()).toArray();
    Answering answering = new Answering(order, config.divisor());
    try (Held backend = new Held(family.onEngine());
        Inference answers = open(folder, config, vocab, family, backend);
        SavedExplainer explainer =
            new SavedExplainer(folder, config, vocab.padId(), "cpu", answers)) {
      Mistakes.Weigher weigher =
          (row, words, groups, label) -> {
            if (explainer.answers(words) > Mistakes.DEAREST) {
              return null;
            }
            Target odds = answering.of(Target.logOdds(config.labelling(), label));
            return explainer.explain(rows.ids(row), groups, odds).tokens();
          };
      return new Mistakes(config, vocab).of(scores, rows::ids, weigher);
    }
  }

  private static Inference open(
      ModelFolder folder, ModelConfig config, Vocab vocab, Family family, Held backend) {
    try (Safetensors.Reader file = Safetensors.Reader.open(folder.file("model.safetensors"))) {
      return family.open(new Opening(backend::get, config, vocab.padId(), folder, file, null));
    }
  }

  /** The engine, if it is needed. */
  private record Held(Optional<Backend> backend) implements AutoCloseable {
    Held(boolean needed) {
      this(
          needed
              ? Optional.of(Backend.open(Device.cpu(), Precision.of("fp32", Device.cpu())))
              : Optional.empty());
    }

    Backend get() {
      return backend.orElseThrow();
    }

    @Override
    public void close() {
      backend.ifPresent(Backend::close);
    }
  }
}
