package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.DocumentEncoder;
import org.ulmfit.nn.InferenceEncoder;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.nn.Masks;
import org.ulmfit.nn.PoolingHead;

/**
 * The concat-pooling classifier: encoder, pooling, head (Howard and Ruder 2018 §3.3). Tensor names
 * are fastai 2's. {@link #inference()} answers.
 */
public final class Classifier implements AutoCloseable {

  static final String ENCODER = "0.module.";
  private static final String HEAD = "1.";

  private final NDManager manager;
  private final Kernels kernels;
  private final AwdLstm encoder;
  private final DocumentEncoder documents;
  private final PoolingHead head;
  private final Inference.Reading reading;

  /**
   * A model with random weights (seed the engine first).
   *
   * @param config with its head
   * @param firstDropout dropout before the head's first linear layer, in training
   * @param lastDropout before its last
   */
  public Classifier(
      NDManager parent,
      Kernels kernels,
      ModelConfig config,
      int padId,
      double firstDropout,
      double lastDropout) {
    this.manager = parent.newSubManager();
    this.kernels = kernels;
    ModelConfig.Head h = config.head();
    Collator collator = Collator.of(h.encoder(), padId, config.backward());
    this.reading = new Inference.Reading(h, collator);
    this.encoder = new AwdLstm(manager, kernels, config.architecture().sizes());
    this.documents = new DocumentEncoder(encoder, reading.layout(), h.bptt(), h.maxLength());
    this.head = new PoolingHead(manager, kernels, headLayout(config, firstDropout, lastDropout));
  }

  static PoolingHead.Layout headLayout(
      ModelConfig config, double firstDropout, double lastDropout) {
    ModelConfig.Head h = config.head();
    int features = 3 * config.architecture().embeddingSize();
    return new PoolingHead.Layout(
        features, h.hiddenSize(), h.classes(), h.bias(), firstDropout, lastDropout);
  }

  public NDManager manager() {
    return manager;
  }

  public Kernels kernels() {
    return kernels;
  }

  public AwdLstm encoder() {
    return encoder;
  }

  /** Width 3E of the pooled features. */
  int headInputs() {
    return head.layout().features();
  }

  public Collator collator() {
    return reading.collator();
  }

  /** Embedding, each LSTM, head: five groups for three layers (fastai awd_lstm_clas_split). */
  public List<LayerGroup> groups() {
    List<LayerGroup> groups = new ArrayList<>();
    groups.add(new LayerGroup("embedding", List.of(encoder.embedding())));
    for (int l = 0; l < encoder.sizes().layers(); l++) {
      groups.add(new LayerGroup("lstm " + l, encoder.layer(l)));
    }
    groups.add(new LayerGroup("head", head.parameters()));
    return groups;
  }

  /** All tensors, batch-norm statistics included, under their file names. */
  public Map<String, NDArray> tensors() {
    Map<String, NDArray> all = new LinkedHashMap<>();
    encoder.parameters().forEach(p -> all.put(ENCODER + p.name(), p.value()));
    all.putAll(tensors(head));
    return all;
  }

  /** The head's tensors under their file names. */
  static Map<String, NDArray> tensors(PoolingHead head) {
    Map<String, NDArray> all = new LinkedHashMap<>();
    head.parameters().forEach(p -> all.put(HEAD + p.name(), p.value()));
    head.statistics().forEach((name, array) -> all.put(HEAD + name, array));
    return all;
  }

  /** Logits (rows, classes) of a training batch and what its loss and backward pass need. */
  record Training(NDArray logits, DocumentEncoder.Features features) {}

  Training train(NDManager step, ClassifierBatch batch, Masks.Rates rates, boolean frozenDropout) {
    return head(step, documents.train(step, of(batch), rates, frozenDropout));
  }

  /** Training of the head alone, on pooled features (rows, 3E) read before. */
  Training train(NDManager step, NDArray pooled) {
    Shape none = new Shape(1, 1, 1);
    return head(
        step, new DocumentEncoder.Features(pooled, step.zeros(none), step.zeros(none), List.of()));
  }

  private Training head(NDManager step, DocumentEncoder.Features features) {
    return new Training(head.forward(step, features.pooled(), true), features);
  }

  void embeddingBackward(NDManager step, DocumentEncoder.Features features) {
    features.lookups().forEach(l -> encoder.lookupBackward(step, l, collator().padId()));
  }

  static DocumentEncoder.Batch of(ClassifierBatch batch) {
    return new DocumentEncoder.Batch(batch.time(), batch.rows(), batch.ids(), batch.lengths());
  }

  /** A reader of the weights as they are now; its encoder's are copied, so train no further. */
  public Inference inference() {
    NDManager owner = manager.newSubManager();
    return new Inference(owner, InferenceEncoder.of(owner, encoder), head, reading);
  }

  /** Softmax of one row of logits. */
  public static float[] probabilities(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (float z : logits) {
      max = Math.max(max, z);
    }
    double sum = 0;
    double[] e = new double[logits.length];
    for (int i = 0; i < e.length; i++) {
      e[i] = Math.exp(logits[i] - max);
      sum += e[i];
    }
    float[] p = new float[e.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = (float) (e[i] / sum);
    }
    return p;
  }

  @Override
  public void close() {
    manager.close();
  }
}
