package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.nn.Masks;
import org.ulmfit.nn.Parameter;
import org.ulmfit.train.MemoryEstimate;
import org.ulmfit.train.Task;
import org.ulmfit.vocab.TokenStore;

/** Training the classifier: batches of similar length, cross-entropy, AR and TAR. */
public final class ClassifierTask implements Task {

  // measured: numbers that a token keeps for each unit of a layer
  private static final double FLOATS_A_UNIT = 16.4;
  private static final double FLOATS_A_UNIT_BFLOAT16 = 12.5;

  private final Classifier model;
  private final TokenStore train;
  private final TokenStore valid;
  private final List<String> labels;
  private final Recipe.Classifier settings;
  private final boolean plainStream;
  private final Masks.Rates rates;
  private final int[] lengths;
  private final int steps;
  private final long largestBatch; // rows times steps
  private final Consumer<String> notes;

  private Optional<FrozenFeatures> features; // null: not read in this stage
  private List<int[]> batches = List.of();
  private int next;

  /**
   * @param notes told what takes long between epochs, in lines
   */
  public ClassifierTask(
      Classifier model,
      TokenStore train,
      TokenStore valid,
      List<String> labels,
      Recipe recipe,
      Consumer<String> notes) {
    this.model = model;
    this.notes = notes;
    this.train = train;
    this.valid = valid;
    this.labels = labels;
    this.settings = recipe.classifier();
    this.plainStream = recipe.corpus().standardise().equals("lesson");
    Recipe.Dropouts d = settings.dropout();
    this.rates =
        new Masks.Rates(d.input(), d.embedding(), d.weight(), d.hidden(), 0)
            .times(settings.dropMult());
    this.lengths = new int[train.size()];
    Arrays.setAll(lengths, doc -> Math.max(1, train.length(doc)));
    List<int[]> first = order(recipe.seed(), 0, 0);
    this.steps = first.size();
    this.largestBatch = first.stream().mapToLong(this::keptTokens).max().orElse(0);
  }

  /** Rows times steps whose gradients a batch keeps. */
  private long keptTokens(int[] documents) {
    int longest = Arrays.stream(documents).map(doc -> lengths[doc]).max().orElse(0);
    return (long) documents.length * Math.min(longest, settings.maxLength());
  }

  /** What training holds at most, as far as the batches of the first epoch say. */
  MemoryEstimate memory(Kernels.Arithmetic arithmetic) {
    double floats =
        arithmetic == Kernels.Arithmetic.FLOAT32 ? FLOATS_A_UNIT : FLOATS_A_UNIT_BFLOAT16;
    return MemoryEstimate.of(
        model.groups(), model.encoder().activationBytes(largestBatch, floats), 0);
  }

  private List<int[]> order(long seed, int phase, int epoch) {
    int[] order =
        Samplers.training(
            settings.sampler(), lengths, settings.batchSize(), seed, phase, epoch, plainStream);
    return Batches.cutForTraining(order, lengths, settings.batchSize(), settings.maxBatchTokens());
  }

  @Override
  public String name() {
    return "classifier";
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
  public List<LayerGroup> groups() {
    return model.groups();
  }

  @Override
  public int stepsPerEpoch() {
    return steps;
  }

  @Override
  public void startEpoch(long seed, int phase, int epoch, int skip) {
    batches = order(seed, phase, epoch);
    next = skip;
    if (!featuresLast()) {
      features = null;
    } else if (features == null) {
      features = FrozenFeatures.read(model, train, notes);
    }
  }

  /** Whether a document has the same features in every epoch. */
  private boolean featuresLast() {
    return !settings.frozenDropout()
        && model.collator().padding() == Collator.Padding.RIGHT
        && model.encoder().parameters().stream().noneMatch(Parameter::trainable);
  }

  @Override
  public boolean hasNext() {
    return next < batches.size();
  }

  @Override
  public StepLoss step(NDManager step, GradientCollector collector) {
    int[] documents = batches.get(next++).clone();
    Samplers.sort(documents, 0, documents.length, lengths, true);
    Classifier.Training forward =
        features != null && features.isPresent()
            ? model.train(step, features.get().of(step, documents))
            : model.train(
                step, model.collator().collate(train, documents), rates, settings.frozenDropout());
    long[] classes = Arrays.stream(documents).mapToLong(train::label).toArray();
    NDArray targets = step.create(classes); // (rows)
    float[] regularisers = {(float) settings.alpha(), (float) settings.beta()};
    NDList loss =
        model
            .kernels()
            .call(
                step,
                "classifier_loss",
                forward.logits(),
                targets,
                forward.features().kept(),
                forward.features().mask(),
                step.create(regularisers));
    collector.backward(loss.get(0));
    model.embeddingBackward(step, forward.features());
    long tokens = Arrays.stream(documents).mapToLong(doc -> lengths[doc]).sum();
    return new StepLoss(loss.get(1).getFloat(), tokens);
  }

  @Override
  public Evaluation validate() {
    return Scores.of(
            "valid", model, valid, labels, settings.evalBatchSize(), settings.maxBatchTokens())
        .evaluation();
  }

  @Override
  public Map<String, NDArray> tensors() {
    return model.tensors();
  }

  @Override
  public Map<String, NDArray> carried() {
    return Map.of();
  }

  @Override
  public Map<String, NDArray> allocateCarried() {
    return Map.of();
  }
}
