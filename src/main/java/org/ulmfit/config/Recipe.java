package org.ulmfit.config;

import java.util.List;

/**
 * One training recipe: everything that decides what a run computes. Read from YAML (see {@code
 * configs/}); a recipe file states what differs from {@code configs/default.yaml}. The effective
 * recipe is saved with every model.
 */
public record Recipe(
    long seed,
    Precision precision,
    Text text,
    Corpus corpus,
    Vocabulary vocab,
    Remap remap,
    Model model,
    LanguageModel lm,
    Classifier classifier,
    Lesson lesson,
    Checkpoints checkpoint) {

  /** Arithmetic of the kernels; master weights and optimiser are always float32. */
  public enum Precision {
    FP32,
    BF16,
    AUTO
  }

  /**
   * Text rules and tokenizer.
   *
   * @param rules {@code none | fastai-0.7 | fastai-1 | fastai-2}
   * @param tokenizer {@code spacy-2.0 | spacy-3 | path of a tokenizer.json}
   * @param markFields {@code auto} (only when there are several text columns), {@code always},
   *     {@code never}
   * @param fieldNumbers numbering of further columns for fastai-0.7: {@code lesson} (1, 1, 2) or
   *     {@code paper} (1, 2, 3)
   */
  public record Text(String rules, String tokenizer, String markFields, String fieldNumbers) {}

  /**
   * Standardisation.
   *
   * @param standardise {@code lesson} (FIDELITY 1.2: three permutations of one stream) or {@code
   *     plain} (given splits kept, else a seeded stratified hold-out)
   * @param validFraction share of the training labels held out for validation when the corpus has
   *     no validation split
   * @param testFraction share held out as test when the corpus has no test split; 0 = none
   */
  public record Corpus(String standardise, double validFraction, double testFraction) {}

  /**
   * Vocabulary construction (FIDELITY 3.1); specials and padding entries follow the text rules.
   *
   * @param minFreqStrict true: kept if count {@code >} minFreq (0.7); false: {@code >=}
   */
  public record Vocabulary(int maxSize, int minFreq, boolean minFreqStrict) {}

  /**
   * Remapping of pretrained rows (FIDELITY 3.6).
   *
   * @param zeroIsMissing row 0 counts as missing, as printed in the lesson
   * @param aliasSpecials match specials of other rule profiles ({@code _unk_} with {@code xxunk})
   */
  public record Remap(boolean zeroIsMissing, boolean aliasSpecials) {}

  /** Sizes of the AWD-LSTM when nothing pretrained decides them. */
  public record Model(int embeddingSize, int hiddenSize, int layers, boolean decoderBias) {}

  /** Dropout probabilities before multiplication by {@code dropMult} (FIDELITY 4.5). */
  public record Dropouts(
      double input, double embedding, double weight, double hidden, double output) {}

  /**
   * Adam (FIDELITY 7.1, 6.4, 6.5).
   *
   * @param epsilonMode {@code before-correction} (torch 0.3) or {@code after-correction}
   * @param decay {@code coupled} (L2 added to the gradient) or {@code decoupled} (AdamW)
   * @param decayNormAndBias whether batch-norm and head biases are decayed too
   * @param clip global gradient norm limit; 0 = none
   */
  public record Optimizer(
      double beta1,
      double beta2,
      double epsilon,
      String epsilonMode,
      double weightDecay,
      String decay,
      boolean decayNormAndBias,
      double clip) {}

  /**
   * Learning rates of the layer groups, first to last: exactly one of {@code lr} (with {@code
   * factor}, 1 = the same rate everywhere, 2.6 = each lower group 2.6 times lower), {@code list},
   * {@code slice} ({@code [a, b]} geometric, {@code [b]} = b/10 for all groups but the last).
   */
  public record Rates(Double lr, Double factor, List<Double> list, List<Double> slice) {}

  /**
   * Learning-rate schedule over one stage.
   *
   * @param kind {@code constant | clr | clr-beta | slanted-triangular | cosine | one-cycle-1 |
   *     one-cycle | flat-cos}
   * @param ratio clr, clr-beta, slanted-triangular: peak over start (32)
   * @param cut clr: batches per cycle over batches of the rise (10); clr-beta: per cent of the
   *     final descent; slanted-triangular: 1 / cut_frac
   * @param div one-cycle: peak over start (25)
   * @param divFinal one-cycle: peak over end (1e5)
   * @param pctStart one-cycle: share of the rise (0.25)
   * @param moms beta1 over the cycle; empty = the optimiser's beta1 throughout
   */
  public record Schedule(
      String kind,
      Double ratio,
      Double cut,
      Double div,
      Double divFinal,
      Double pctStart,
      List<Double> moms) {}

  /**
   * One stage of training.
   *
   * @param freezeTo index of the first trainable layer group; negative counts from the last; 0 =
   *     everything is trained
   * @param epochs passes over the data; a fraction ends the stage early
   */
  public record Stage(int freezeTo, double epochs, Rates rates, Schedule schedule) {}

  /**
   * Stage 2.
   *
   * @param includeTestText whether the texts (never the labels) of the test split are read
   * @param validFraction share of documents held out for the language model's validation
   * @param window {@code randomised} (FIDELITY 5.1, 0.7) or {@code fixed} (fastai 2)
   * @param shuffle whether documents are shuffled before every epoch
   * @param alpha activation regularisation (AR)
   * @param beta temporal activation regularisation (TAR)
   * @param regularise {@code raw} (0.7: AR on the undropped output) or {@code dropped} (fastai 2)
   */
  public record LanguageModel(
      boolean includeTestText,
      double validFraction,
      int batchSize,
      int bptt,
      String window,
      boolean shuffle,
      double dropMult,
      Dropouts dropout,
      Optimizer optimizer,
      double alpha,
      double beta,
      String regularise,
      List<Stage> stages) {}

  /**
   * Stage 3.
   *
   * @param encoder {@code masked} (every document gets what it would get alone) or {@code lesson}
   *     (padding on the left, fed and pooled)
   * @param bptt chunk length of the encoder; gradients do not cross chunks
   * @param maxLength tokens at the end of a document that are pooled (and get gradients)
   * @param sampler {@code sortish-2018-03 | sortish-2018-04 | sorted-dl}
   * @param batchSize rows in a training batch at most
   * @param evalBatchSize rows in an evaluation batch at most
   * @param maxBatchTokens rows times longest row in a batch at most; 0 = no bound
   * @param headSize width of the hidden layer of the head
   * @param headDropout dropout before the last linear layer; not scaled by dropMult
   * @param headBias whether the linear layers of the head have a bias (0.7, v1) or not (fastai 2)
   */
  public record Classifier(
      String encoder,
      int bptt,
      int maxLength,
      String sampler,
      int batchSize,
      int evalBatchSize,
      int maxBatchTokens,
      int headSize,
      double headDropout,
      boolean headBias,
      double dropMult,
      Dropouts dropout,
      Optimizer optimizer,
      double alpha,
      double beta,
      List<Stage> stages) {}

  /**
   * Which month of the 0.7 library the lesson's loaders follow: {@code 2018-03} (as printed) or
   * {@code 2018-06} (first window fixed, longest batch first, validation descending).
   */
  public record Lesson(String library) {}

  /** When checkpoints are written; 0 = not by that measure. */
  public record Checkpoints(int everySteps, double everyMinutes, int keep) {}
}
