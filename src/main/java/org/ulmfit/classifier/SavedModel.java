package org.ulmfit.classifier;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.Torch;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * The classifier of one model folder: ids in, logits out, and what tokens add to them. Its weights
 * are read when they are first asked for; what explains answers has them a second time, in float32.
 * Thread-safe; explanations go one at a time, beside answers.
 */
public final class SavedModel implements AutoCloseable {
  private static final String WEIGHTS = "model.safetensors";

  private final ModelFolder folder;
  private final ModelConfig config;
  private final Vocab vocab;
  private final Answering answering;
  private final Device device;
  private final Precision precision;
  private final @Nullable Path vectors;
  private final Safetensors.Reader weights; // of this model, whatever takes its folder's place

  private final Object explaining = new Object(); // guards the two below
  private @Nullable Backend gradients; // opened if its family explains by the engine
  private @Nullable Explainer explainer;

  private @Nullable Backend backend; // null: not yet opened, or it is none of the engine's
  private @Nullable Inference model;

  private SavedModel(
      ModelFolder folder,
      ModelConfig config,
      Answering answering,
      Device device,
      Precision precision,
      @Nullable Path vectors) {
    this.folder = folder;
    this.config = config;
    this.vocab = config.vocabulary(folder);
    this.answering = answering;
    this.device = device;
    this.precision = precision;
    this.vectors = vectors;
    this.weights = Safetensors.Reader.open(folder.file(WEIGHTS));
  }

  /**
   * One whose weights are not yet read.
   *
   * @param labels of the answers, in their order; the model's own in any order
   * @param precision null: as the model is measured
   * @param vectors file of a sentence encoder's vectors; null: none are kept
   * @throws UlmfitException (bad model) if it does not fit together, or has other labels
   */
  public static SavedModel of(
      ModelFolder folder,
      List<String> labels,
      String device,
      @Nullable String precision,
      @Nullable Path vectors) {
    ModelConfig config = ModelConfig.of(folder);
    List<String> own = folder.labels();
    if (config.classes() != own.size()) {
      throw UlmfitException.badModel(
          folder.path() + ": config.json and labels.json do not fit together; train it again");
    }
    int[] order = labels.stream().mapToInt(own::indexOf).toArray();
    if (own.size() != order.length || Arrays.stream(order).anyMatch(i -> i < 0)) {
      throw UlmfitException.badModel(
          folder.path() + ": its labels are not those of the ensemble; make the ensemble anew");
    }
    boolean engine = Family.of(config).onEngine();
    Device where = engine ? Torch.device(device) : Device.cpu();
    String arithmetic = precision == null ? config.measured().precision() : precision;
    return new SavedModel(
        folder,
        config,
        new Answering(order, config.divisor()),
        where,
        Precision.of(engine ? arithmetic : "fp32", where),
        vectors);
  }

  /**
   * One that answers at once.
   *
   * @throws UlmfitException (bad model) as {@link #of}, or if its weights cannot be read
   */
  public static SavedModel open(
      ModelFolder folder,
      List<String> labels,
      String device,
      @Nullable String precision,
      @Nullable Path vectors) {
    SavedModel opened = of(folder, labels, device, precision, vectors);
    try {
      opened.model();
      return opened;
    } catch (RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  /** As {@link ModelFolder#trainedOn}. */
  public String trainedOn() {
    return folder.trainedOn();
  }

  public ModelConfig config() {
    return config;
  }

  public Vocab vocab() {
    return vocab;
  }

  /** Whether the engine computes its answers. */
  public boolean onEngine() {
    return Family.of(config).onEngine();
  }

  /** Of the answers; float32 where the engine does not compute. */
  public Precision precision() {
    return precision;
  }

  /** What its logits mean. */
  public Output output() {
    return Output.of(thresholds(config, answering.order()));
  }

  /**
   * A model's thresholds for labels in another order than its own.
   *
   * @param order place of each label among the model's own
   * @return null: of a model that gives one label a document
   */
  public static @Nullable List<Double> thresholds(ModelConfig config, int[] order) {
    List<Double> own = config.thresholds();
    return own == null ? null : Arrays.stream(order).mapToObj(own::get).toList();
  }

  /** Logits (documents, labels). */
  public float[][] logits(int[][] ids) {
    return answering.of(model().logits(ids));
  }

  /**
   * Logits (documents, labels), as the saved model is measured.
   *
   * @param done told the tokens read so far, now and then
   */
  public float[][] measured(TokenStore store, LongConsumer done) {
    Inference own = model();
    return answering.of(Scorer.logits(own, store, own.measuring(config.measured()), done));
  }

  /**
   * Vectors (documents, width).
   *
   * @throws UlmfitException (usage) if its family makes none
   */
  public float[][] vectors(int[][] ids) {
    return model().vectors(ids);
  }

  /** As {@link Explainer#method}. */
  public String method() {
    synchronized (explaining) {
      return explainer().method();
    }
  }

  /** As {@link Explainer#answers}. */
  public int answers(int words) {
    synchronized (explaining) {
      return explainer().answers(words);
    }
  }

  /** As {@link Explainer#baseline}, of the answers (labels). */
  public float[] baseline(int[] document, int[] groups) {
    synchronized (explaining) {
      return answering.of(explainer().baseline(document, groups));
    }
  }

  /**
   * What tokens add to a target of the answers (labels), as {@link Explainer#explain}.
   *
   * @param document ids (tokens)
   * @param groups (tokens) word of each; -1: none
   */
  public Attribution explain(int[] document, int[] groups, Target target, Stop stop) {
    synchronized (explaining) {
      Attribution own = explainer().explain(document, groups, answering.of(target), stop);
      return new Attribution(own.tokens(), own.whole(), answering.of(own.baseline()));
    }
  }

  private synchronized Inference model() {
    Inference opened = model;
    if (opened == null) {
      opened = Family.of(config).open(opening(this::backend, vectors));
      model = opened;
    }
    return opened;
  }

  private Explainer explainer() {
    Explainer opened = explainer;
    if (opened == null) {
      // on a thread that nobody interrupts: that would close the weights' file
      opened =
          Torch.aside(
              () -> Family.of(config).explainer(opening(this::gradients, null), this::model));
      explainer = opened;
    }
    return opened;
  }

  private Opening opening(Supplier<Backend> engine, @Nullable Path kept) {
    return new Opening(engine, config, vocab.padId(), folder, weights, kept);
  }

  private Backend backend() {
    Backend opened = backend;
    if (opened == null) {
      opened = Backend.open(device, precision);
      backend = opened;
    }
    return opened;
  }

  private Backend gradients() {
    Backend opened = gradients;
    if (opened == null) {
      opened = Backend.open(device, Precision.of("fp32", device));
      gradients = opened;
    }
    return opened;
  }

  @Override
  public void close() {
    synchronized (explaining) {
      if (explainer != null) {
        explainer.close();
      }
      if (gradients != null) {
        gradients.close();
      }
    }
    synchronized (this) {
      if (model != null) {
        model.close();
      }
      if (backend != null) {
        backend.close();
      }
      weights.close();
    }
  }
}
