package org.ulmfit.lm;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.Reading;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.Torch;
import org.ulmfit.prepare.EvaluationData;
import org.ulmfit.train.Evaluation;
import org.ulmfit.vocab.TokenStore;

/** How well a language model predicts the words of other texts: its full softmax, no dropout. */
public final class LmEvaluation {

  private LmEvaluation() {}

  /**
   * Reads the texts as validation does: one stream after another, the state carried on.
   *
   * @param model a model folder of kind lm, or a run that holds one
   * @param device {@code auto | cpu | cuda:N}
   * @param precision {@code auto | fp32 | bf16}; null = as the model was trained
   * @param limit documents at most; 0 = all
   * @return loss in nats per token of the model's own vocabulary, unknown words counted as one word
   */
  public static Evaluation run(
      Path model,
      Corpus corpus,
      String device,
      @Nullable String precision,
      int limit,
      Consumer<String> notes,
      Stop stop) {
    Pretrained weights = Pretrained.open(model, "lm");
    ModelConfig config = weights.config();
    if (!config.kind().equals("lm")) {
      throw UlmfitException.badModel(
          model + ": an encoder predicts no words; give the language model");
    }
    Reading reading = config.measured();
    Recipe recipe = config.readingRecipe();
    try (ScratchFolder scratch = ScratchFolder.make();
        TokenStore texts =
            new EvaluationData(corpus, recipe, scratch.path(), notes, stop)
                .texts(weights.vocab(), config.input(), limit)) {
      notes.accept("evaluating " + texts.description());
      Precision read =
          Precision.of(precision == null ? reading.precision() : precision, Torch.device(device));
      read.advice().ifPresent(notes);
      config.remark().ifPresent(notes);
      try (Backend backend = Backend.open(Torch.device(device), read);
          LanguageModel opened = weights.languageModel(backend)) {
        LmBatches.Config batches = LmBatches.Config.measuring(reading, config.backward());
        long seed = reading.seed() == null ? recipe.seed() : reading.seed();
        return LmValidation.of(opened, texts, batches, seed);
      }
    }
  }
}
