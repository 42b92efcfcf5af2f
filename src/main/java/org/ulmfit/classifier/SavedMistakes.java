package org.ulmfit.classifier;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Backend;
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
    int[] order = IntStream.range(0, config.classes()).toArray();
    Answering answering = new Answering(order, config.divisor());
    try (Answers answers = new Answers(folder, config, vocab.padId());
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

  /** The model's answers, opened where they are needed to weigh words. */
  private static final class Answers implements Supplier<Inference>, AutoCloseable {
    private final ModelFolder folder;
    private final ModelConfig config;
    private final int padId;
    private @Nullable Backend backend;
    private @Nullable Inference model;

    Answers(ModelFolder folder, ModelConfig config, int padId) {
      this.folder = folder;
      this.config = config;
      this.padId = padId;
    }

    @Override
    public Inference get() {
      try (Safetensors.Reader file = Safetensors.Reader.open(folder.file("model.safetensors"))) {
        Inference opened =
            Family.of(config).open(new Opening(this::engine, config, padId, folder, file, null));
        model = opened;
        return opened;
      }
    }

    private Backend engine() {
      Backend opened = Backend.open("cpu", "fp32");
      backend = opened;
      return opened;
    }

    @Override
    public void close() {
      if (model != null) {
        model.close();
      }
      if (backend != null) {
        backend.close();
      }
    }
  }
}
