package org.ulmfit.predict;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Answering;
import org.ulmfit.classifier.Attribution;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.Inference;
import org.ulmfit.classifier.Opening;
import org.ulmfit.classifier.Output;
import org.ulmfit.classifier.SavedExplainer;
import org.ulmfit.classifier.Scorer;
import org.ulmfit.classifier.Target;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.Torch;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/** The network of one model folder: ids in, logits out. Thread-safe. */
final class Member implements AutoCloseable {

  private final ModelConfig config;
  private final Vocab vocab;
  private final Answering answering;
  private final @Nullable Backend backend; // null: the model is none of the engine's
  private final Inference model;
  private final SavedExplainer explainer;

  private Member(
      ModelConfig config,
      Vocab vocab,
      Answering answering,
      @Nullable Backend backend,
      Inference model,
      SavedExplainer explainer) {
    this.config = config;
    this.vocab = vocab;
    this.answering = answering;
    this.backend = backend;
    this.model = model;
    this.explainer = explainer;
  }

  /**
   * Opens a classifier.
   *
   * @param labels of the answers, in their order; the model's own in any order
   * @param precision null: as the model is measured
   * @param vectors file of a sentence encoder's vectors; null: none are kept
   * @throws UlmfitException (bad model) if it does not fit together, or has other labels
   */
  static Member open(
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
    Vocab vocab = config.vocabulary(folder);
    Family family = Family.of(config);
    Backend backend = family.onEngine() ? backend(config, device, precision) : null;
    try (Safetensors.Reader file = Safetensors.Reader.open(folder.file("model.safetensors"))) {
      Inference model =
          family.open(
              new Opening(
                  () -> Objects.requireNonNull(backend),
                  config,
                  vocab.padId(),
                  folder,
                  file,
                  vectors));
      SavedExplainer explainer =
          new SavedExplainer(folder, config, vocab.padId(), device, () -> model);
      Answering answering = new Answering(order, config.divisor());
      return new Member(config, vocab, answering, backend, model, explainer);
    } catch (RuntimeException | Error e) {
      if (backend != null) {
        backend.close();
      }
      throw e;
    }
  }

  private static Backend backend(ModelConfig config, String device, @Nullable String precision) {
    Device where = Torch.device(device);
    String arithmetic = precision == null ? config.measured().precision() : precision;
    return Backend.open(where, Precision.of(arithmetic, where));
  }

  ModelConfig config() {
    return config;
  }

  Vocab vocab() {
    return vocab;
  }

  boolean onEngine() {
    return backend != null;
  }

  /** Float32 where the engine does not compute. */
  Precision precision() {
    return backend == null ? Precision.of("fp32", Device.cpu()) : backend.precision();
  }

  /** What its logits mean. */
  Output output() {
    return Output.of(thresholds(config, answering.order()));
  }

  /**
   * A model's thresholds for labels in another order than its own.
   *
   * @param order place of each label among the model's own
   * @return null: of a model that gives one label a document
   */
  static @Nullable List<Double> thresholds(ModelConfig config, int[] order) {
    List<Double> own = config.thresholds();
    return own == null ? null : Arrays.stream(order).mapToObj(own::get).toList();
  }

  /** Logits (documents, labels). */
  float[][] logits(int[][] ids) {
    return answering.of(model.logits(ids));
  }

  /**
   * Vectors (documents, width).
   *
   * @throws UlmfitException (usage) if its family makes none
   */
  float[][] vectors(int[][] ids) {
    return model.vectors(ids);
  }

  /** How it weighs tokens, for people. */
  String method() {
    return explainer.method();
  }

  /** How many answers it may take to weigh so many words. */
  int answers(int words) {
    return explainer.answers(words);
  }

  /** Logits (labels) of a document (tokens) whose words (tokens) say nothing. */
  float[] baseline(int[] document, int[] groups) {
    return answering.of(explainer.baseline(document, groups));
  }

  /**
   * What tokens add to a target.
   *
   * @param document ids (tokens)
   * @param groups (tokens) word of each; -1: none
   * @param target of logits (labels)
   */
  Attribution explain(int[] document, int[] groups, Target target) {
    return explainer.explain(document, groups, answering.of(target));
  }

  /**
   * Logits (documents, labels), as the saved model is measured.
   *
   * @param done told the tokens read so far, now and then
   */
  float[][] measured(TokenStore store, LongConsumer done) {
    return answering.of(Scorer.logits(model, store, model.measuring(config.measured()), done));
  }

  @Override
  public void close() {
    explainer.close();
    model.close();
    if (backend != null) {
      backend.close();
    }
  }
}
