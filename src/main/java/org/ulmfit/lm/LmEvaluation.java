package org.ulmfit.lm;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.Torch;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.train.Task;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/** How well a language model foretells the words of other texts: its full softmax, no dropout. */
public final class LmEvaluation {

  private LmEvaluation() {}

  /**
   * Reads the texts as validation does: one stream after another, the state carried on.
   *
   * @param model a model folder of kind lm, or a run that holds one
   * @param precision {@code auto | fp32 | bf16}; null = the model's recipe's
   * @param limit documents at most; 0 = all
   * @return loss in nats a token of the model's own vocabulary, unknown words counted as one word
   */
  public static Task.Evaluation run(
      Path model,
      Path corpus,
      CorpusOptions options,
      String device,
      String precision,
      int limit,
      Consumer<String> progress) {
    Pretrained weights = Pretrained.open(model, "lm");
    if (!weights.config().kind().equals("lm")) {
      throw UlmfitException.badModel(
          model + ": an encoder foretells no words; give the language model");
    }
    Recipe recipe = weights.recipe();
    try (ScratchFolder scratch = ScratchFolder.make();
        TokenStore texts =
            Prepare.texts(
                corpus,
                options,
                recipe,
                weights.vocab(),
                weights.config().input(),
                scratch.path(),
                limit,
                progress)) {
      progress.accept("evaluating " + texts.description());
      String arithmetic = precision == null ? recipe.precision().name() : precision;
      Device where = Torch.device(device);
      Precision read = Precision.of(arithmetic, where);
      read.advice().ifPresent(progress);
      return evaluate(weights, recipe, texts, where, read);
    }
  }

  private static Task.Evaluation evaluate(
      Pretrained weights, Recipe recipe, TokenStore texts, Device device, Precision precision) {
    Vocab vocab = weights.vocab();
    Recipe full = Recipes.with(recipe, List.of("lm.softmax=full")); // nothing is trained
    try (NDManager manager = NDManager.newBaseManager(device);
        Kernels kernels = Kernels.load(device, precision.arithmetic());
        LanguageModel model =
            new LanguageModel(manager, kernels, weights.config().architecture())) {
      long[] counts = texts.counts(vocab.size());
      weights.copyInto(
          model.encoder(), model.decoder(), vocab, recipe.remap(), counts, ignored -> {});
      boolean backward = weights.config().backward();
      return new LmTask(model, texts, texts, full, backward, vocab.padId()).validate();
    }
  }
}
