package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ulmfit.lm.ModelConfig;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.DocumentEncoder;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.nn.Masks;
import org.ulmfit.nn.PoolingHead;

/**
 * The concat-pooling classifier: encoder, pooling, head (Howard and Ruder 2018 §3.3). Tensor names
 * are fastai 2's. Predicting is thread-safe: no state outlives a call.
 */
public final class Classifier implements AutoCloseable {

  private static final String ENCODER = "0.module.";
  private static final String HEAD = "1.";

  private final NDManager manager;
  private final Kernels kernels;
  private final AwdLstm encoder;
  private final DocumentEncoder documents;
  private final PoolingHead head;
  private final Collator collator;
  private final boolean lesson;

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
    this.lesson = h.encoder().equals("lesson");
    this.encoder = new AwdLstm(manager, kernels, config.architecture().sizes());
    DocumentEncoder.Layout layout =
        lesson ? DocumentEncoder.Layout.LESSON : DocumentEncoder.Layout.MASKED;
    this.documents = new DocumentEncoder(encoder, layout, h.bptt(), h.maxLength());
    int features = 3 * config.architecture().embeddingSize();
    this.head =
        new PoolingHead(
            manager,
            kernels,
            new PoolingHead.Layout(
                features, h.hiddenSize(), h.classes(), h.bias(), firstDropout, lastDropout));
    this.collator = Collator.of(h.encoder(), padId, config.backward());
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

  public Collator collator() {
    return collator;
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
    head.parameters().forEach(p -> all.put(HEAD + p.name(), p.value()));
    head.statistics().forEach((name, array) -> all.put(HEAD + name, array));
    return all;
  }

  /** Logits (rows, classes) of a training batch and what its loss and backward pass need. */
  record Training(NDArray logits, DocumentEncoder.Features features) {}

  Training train(NDManager step, ClassifierBatch batch, Masks.Rates rates) {
    DocumentEncoder.Features features = documents.train(step, of(batch), rates);
    return new Training(head.forward(step, features.pooled(), true), features);
  }

  void embeddingBackward(NDManager step, DocumentEncoder.Features features) {
    features.lookups().forEach(l -> encoder.lookupBackward(step, l, collator.padId()));
  }

  private static DocumentEncoder.Batch of(ClassifierBatch batch) {
    return new DocumentEncoder.Batch(batch.time(), batch.rows(), batch.ids(), batch.lengths());
  }

  /**
   * Logits (documents, classes) in the order given, batched by length.
   *
   * @param ids tokens of each document
   * @param rows documents of a batch at most
   * @param maxTokens rows times longest document of a batch at most; 0 = no bound
   */
  public float[][] logits(int[][] ids, int rows, int maxTokens) {
    int[] lengths = Arrays.stream(ids).mapToInt(d -> Math.max(1, d.length)).toArray();
    int[] order = Samplers.sorted(lengths, true);
    float[][] logits = new float[ids.length][];
    boolean was = Kernels.recording(false);
    try {
      for (int[] batch : Batches.cut(order, lengths, rows, maxTokens)) {
        int[][] texts = Arrays.stream(batch).mapToObj(i -> ids[i]).toArray(int[][]::new);
        float[][] part = evaluate(collator.collate(texts));
        for (int i = 0; i < batch.length; i++) {
          logits[batch[i]] = part[i];
        }
      }
    } finally {
      Kernels.recording(was);
    }
    return logits;
  }

  private float[][] evaluate(ClassifierBatch batch) {
    try (NDManager step = manager.newSubManager()) {
      DocumentEncoder.Features features = documents.evaluate(step, of(batch));
      NDArray z = head.forward(step, features.pooled(), false); // (rows, classes)
      float[] flat = z.toFloatArray();
      int classes = flat.length / batch.rows();
      float[][] rows = new float[batch.rows()][];
      for (int r = 0; r < rows.length; r++) {
        rows[r] = Arrays.copyOfRange(flat, r * classes, (r + 1) * classes);
      }
      return rows;
    }
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
