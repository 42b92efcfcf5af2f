package org.ulmfit.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.nn.Masks;
import org.ulmfit.nn.SampledDecoder;
import org.ulmfit.nn.TiedDecoder;
import org.ulmfit.random.NumpyRandom;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.MemoryEstimate;
import org.ulmfit.train.Task;
import org.ulmfit.vocab.TokenStore;

/**
 * Training the language model by truncated BPTT; the hidden state carries over from batch to batch.
 */
public final class LmTask implements Task {

  private static final double FLOATS_A_UNIT = 10.6; // numbers a token keeps of each unit; measured

  private final LanguageModel model;
  private final TokenStore train;
  private final TokenStore valid;
  private final LmBatches.Config training;
  private final LmBatches.Config validation;
  private final Masks.Rates rates;
  private final Recipe.LanguageModel settings;
  private final long seed;
  private final int padId;
  private final SampledDecoder sampled;
  private final @Nullable WordSampler words; // null: the full softmax

  @SuppressWarnings("NullAway.Init") // startEpoch opens them
  private LmBatches batches;

  private long[] pass = {}; // seed, phase and epoch of the batches
  private AwdLstm.@Nullable State state;

  /**
   * @param recipe settled: its softmax is full or sampled
   * @throws org.ulmfit.UlmfitException (bad data) if there are too few tokens for a batch
   */
  public LmTask(
      LanguageModel model,
      TokenStore train,
      TokenStore valid,
      Recipe recipe,
      boolean backward,
      int padId) {
    this.model = model;
    this.train = train;
    this.valid = valid;
    this.settings = recipe.lm();
    this.training = LmBatches.Config.training(recipe, backward);
    this.validation = LmBatches.Config.validation(recipe, backward);
    if (stepsPerEpoch() < 1) {
      throw LmBatches.tooFew(train.tokens(), training);
    }
    Recipe.Dropouts d = settings.dropout();
    this.rates =
        new Masks.Rates(d.input(), d.embedding(), d.weight(), d.hidden(), d.output())
            .times(settings.dropMult());
    this.seed = recipe.seed();
    this.padId = padId;
    this.sampled = new SampledDecoder(model.encoder(), model.decoder(), SampledDecoder.CHUNK_ROWS);
    this.words = samples(recipe.lm(), model) ? sampler(recipe.lm(), model, train) : null;
  }

  private static boolean samples(Recipe.LanguageModel settings, LanguageModel model) {
    return switch (settings.softmax()) {
      case AUTO -> throw new IllegalArgumentException("lm.softmax is not settled");
      case FULL -> false;
      case SAMPLED -> settings.negatives() < model.architecture().vocabularySize();
    };
  }

  private static WordSampler sampler(
      Recipe.LanguageModel settings, LanguageModel model, TokenStore train) {
    int vocabulary = Math.toIntExact(model.architecture().vocabularySize());
    return new WordSampler(train.counts(vocabulary), settings.negatives());
  }

  @Override
  public String name() {
    return "lm";
  }

  @Override
  public String lossName() {
    return words == null ? "loss" : "sampled loss";
  }

  @Override
  public Kernels kernels() {
    return model.kernels();
  }

  @Override
  public NDManager manager() {
    return model.manager();
  }

  @Override
  public MemoryEstimate memory(Kernels.Arithmetic arithmetic) {
    AwdLstm.Sizes sizes = model.encoder().sizes();
    long tokens = (long) training.batchSize() * training.bptt();
    long rows = Math.min(tokens, TiedDecoder.chunkRows(arithmetic, sizes.vocabulary()));
    int bytes = arithmetic == Kernels.Arithmetic.FLOAT32 ? 3 * Float.BYTES : Short.BYTES;
    return MemoryEstimate.of(
        model.groups(),
        model.encoder().activationBytes(tokens, FLOATS_A_UNIT),
        rows * sizes.vocabulary() * bytes
            + MemoryEstimate.ofAverages(model.groups(), settings.ema()));
  }

  @Override
  public List<LayerGroup> groups() {
    return model.groups();
  }

  @Override
  public int stepsPerEpoch() {
    return training.batches(train.tokens());
  }

  @Override
  public void startEpoch(long epochSeed, int phase, int epoch, int skip) {
    batches = LmBatches.open(train, training, epochSeed, phase, epoch);
    pass = new long[] {epochSeed, phase, epoch};
    batches.skip(Math.min(skip, batches.batches()));
    if (skip == 0) {
      replaceState(model.encoder().zeroState(model.manager(), training.batchSize()));
    }
  }

  private void replaceState(AwdLstm.State next) {
    if (state != null) {
      state.close();
    }
    state = next;
  }

  @Override
  public boolean hasNext() {
    return batches.hasNext();
  }

  @Override
  public StepLoss step(NDManager step, GradientCollector collector) {
    LmStep.Softmax softmax = softmax();
    LmBatch batch = batches.next();
    LmStep.Result result =
        LmStep.run(
            step,
            collector,
            model,
            softmax,
            batch,
            Objects.requireNonNull(state), // from startEpoch, or a checkpoint
            model.encoder().masks(step, rates, batch.rows()),
            model.encoder().outputMask(step, rates, batch.rows()),
            LmStep.Regularisation.of(settings),
            padId);
    replaceState(result.state().attach(model.manager()));
    return new StepLoss(result.loss(), (long) batch.time() * batch.rows());
  }

  /** A sampled one draws its words from (seed, phase, epoch, batch). */
  private LmStep.Softmax softmax() {
    if (words == null) {
      return model.decoder()::lossAndGradients;
    }
    var random = new NumpyRandom(pass[0], pass[1], pass[2], batches.position());
    SampledDecoder.Negatives negatives = words.draw(random);
    return (step, h, targets) -> sampled.lossAndGradients(step, h, targets, negatives);
  }

  @Override
  public Evaluation validate() {
    return LmValidation.of(model, valid, validation, seed);
  }

  @Override
  public Map<String, NDArray> tensors() {
    return model.tensors();
  }

  @Override
  public Map<String, NDArray> carried() {
    Map<String, NDArray> all = new LinkedHashMap<>();
    for (int l = 0; state != null && l < state.h().size(); l++) {
      all.put("h." + l, state.h().get(l));
      all.put("c." + l, state.c().get(l));
    }
    return all;
  }

  @Override
  public Map<String, NDArray> allocateCarried() {
    replaceState(model.encoder().zeroState(model.manager(), training.batchSize()));
    return carried();
  }
}
