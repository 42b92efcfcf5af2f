package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.nn.Perturbation;
import org.ulmfit.nn.Torch;
import org.ulmfit.random.Seeds;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.MemoryEstimate;
import org.ulmfit.train.Task;
import org.ulmfit.vocab.TokenStore;

/** Training a classifier: batches of documents of similar length, each for the objective. */
public final class ClassifierTask implements Task {

  private final TextModel model;
  private final ClassifierRows rows;
  private final TokenStore train;
  private final Recipe.Classifier settings;
  private final Objective objective;
  private final boolean plainStream;
  private final int[] lengths;
  private final int steps;
  private final long largestBatch; // rows times steps
  private final Consumer<String> notes;

  private final @Nullable Adversary adversary;
  private final @Nullable UnlabelledBatches others;

  private final long seed;
  private final Map<List<Integer>, Integer> counts = new HashMap<>(); // of phase and epoch
  private List<int[]> batches = List.of();
  private long before; // batches of the phase's epochs before
  private int next;
  private long[] pass = {}; // seed, phase and epoch of the batches

  /**
   * @param notes told what takes long between epochs, in lines
   */
  public ClassifierTask(
      TextModel model, ClassifierRows rows, Recipe recipe, Consumer<String> notes) {
    this.model = model;
    this.notes = notes;
    this.train = rows.train();
    this.rows = rows;
    this.settings = recipe.classifier();
    this.objective =
        Objective.of(
            settings, rows.labelling(), train.labelCounts(rows.labels().size()), train.size());
    this.plainStream = recipe.corpus().standardise() == Recipe.Standardise.LESSON;
    Recipe.Adversarial adversarial = settings.adversarial();
    this.adversary =
        adversarial.isActive() ? new Adversary(adversarial, rows.labelling(), model) : null;
    this.others =
        rows.unlabelled() == null || adversarial.unlabelled() == 0
            ? null
            : new UnlabelledBatches(rows.unlabelled(), settings);
    this.lengths = lengths(train);
    this.seed = recipe.seed();
    List<int[]> first = order(seed, 0, 0);
    this.steps = first.size();
    long largest = first.stream().mapToLong(batch -> keptTokens(batch, lengths)).max().orElse(0);
    this.largestBatch =
        others == null
            ? largest
            : Math.max(largest, others.largest(seed, batch -> keptTokens(batch, others.lengths())));
  }

  /** Tokens of each document, one at least. */
  static int[] lengths(TokenStore store) {
    int[] lengths = new int[store.size()];
    Arrays.setAll(lengths, doc -> Math.max(1, store.length(doc)));
    return lengths;
  }

  /**
   * Rows times steps whose gradients a batch keeps.
   *
   * @param of lengths of the documents
   */
  private long keptTokens(int[] documents, int[] of) {
    int longest = Arrays.stream(documents).map(doc -> of[doc]).max().orElse(0);
    return (long) documents.length * model.steps(longest, settings);
  }

  /** As far as the batches of the first epoch say. */
  @Override
  public MemoryEstimate memory(Kernels.Arithmetic arithmetic) {
    return MemoryEstimate.of(
        model.groups(),
        model.activationBytes(largestBatch, arithmetic),
        MemoryEstimate.ofAverages(model.groups(), settings.ema()));
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
  public String accuracyName() {
    return rows.labelling().accuracyName();
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

  /** Where long texts make batches smaller, the random order decides how many there are. */
  @Override
  public int batches(int phase, int epoch) {
    return settings.maxBatchTokens() == 0
        ? steps
        : counts.computeIfAbsent(List.of(phase, epoch), pair -> order(seed, phase, epoch).size());
  }

  @Override
  public int steps(int phase, double epochs) {
    if (settings.maxBatchTokens() == 0) {
      return Task.super.steps(phase, epochs);
    }
    int whole = (int) epochs;
    double all = epochs(phase, whole);
    double rest = epochs - whole;
    return (int) Math.max(1, Math.round(all + (rest > 0 ? rest * batches(phase, whole) : 0)));
  }

  /** Batches of a phase's first epochs. */
  private long epochs(int phase, int epochs) {
    return IntStream.range(0, epochs).mapToLong(epoch -> batches(phase, epoch)).sum();
  }

  @Override
  public void startEpoch(long seed, int phase, int epoch, int skip) {
    pass = new long[] {seed, phase, epoch};
    batches = order(seed, phase, epoch);
    before = epochs(phase, epoch);
    next = skip;
    model.startEpoch(train, notes);
  }

  @Override
  public boolean hasNext() {
    return next < batches.size();
  }

  @Override
  public StepLoss step(NDManager step, GradientCollector collector) {
    int[] documents = batches.get(next++).clone();
    Samplers.sort(documents, 0, documents.length, lengths, true);
    Labels labels = labels(documents);
    long tokens = Arrays.stream(documents).mapToLong(doc -> lengths[doc]).sum();
    if (adversary == null) {
      TextModel.Forward forward = model.forward(step, train, documents);
      double loss = Objective.backward(collector, forward, labels.losses(step, forward));
      return new StepLoss(loss, tokens);
    }
    List<Adversary.Texts> beside = new ArrayList<>();
    if (others != null) {
      for (int[] unlabelled : others.beside(pass, before + next - 1)) {
        tokens += others.tokens(unlabelled);
        beside.add(texts(others.store(), unlabelled, beside.size() + 1));
      }
    }
    double loss = adversary.backward(step, collector, texts(train, documents, 0), labels, beside);
    return new StepLoss(loss, tokens);
  }

  /** What answers to a batch are held against. */
  interface Labels {
    /** The loss with its regularisers, and without. */
    NDList losses(NDManager owner, TextModel.Forward read);
  }

  private Labels labels(int[] documents) {
    SoftLabels soft = rows.soft();
    if (soft != null) {
      float[] targets = soft.targets(train, documents, rows.labels());
      return (owner, read) -> objective.losses(owner, model.kernels(), read, targets);
    }
    int[][] truth = Arrays.stream(documents).mapToObj(train::labels).toArray(int[][]::new);
    return (owner, read) -> objective.losses(owner, model.kernels(), read, truth);
  }

  /**
   * A batch that is read under the same dropout each time.
   *
   * @param which of the step's batches it is
   */
  private Adversary.Texts texts(TokenStore store, int[] documents, int which) {
    long seed = Seeds.of(pass[0], pass[1], pass[2], next, which);
    return new Adversary.Texts() {
      @Override
      public int rows() {
        return documents.length;
      }

      @Override
      public TextModel.Forward read(NDManager owner, Perturbation perturbation) {
        Torch.seed(seed);
        return model.forward(owner, store, documents, perturbation);
      }
    };
  }

  @Override
  public Evaluation validate() {
    try (Inference now = model.inference()) {
      TokenStore valid = rows.valid();
      float[][] logits = Scorer.logits(now, valid, settings);
      return Scorer.fit(logits, valid, rows.labels(), rows.labelling()).scores().evaluation();
    }
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
