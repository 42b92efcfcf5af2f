package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.Safetensors;
import org.ulmfit.lm.LanguageModel;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.Reading;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.DocumentEncoder;
import org.ulmfit.nn.InferenceEncoder;
import org.ulmfit.nn.InferencePooling;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.PoolingHead;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.Weights;

/** Answers of the concat-pooling classifier, batched by length. */
final class PoolingInference implements Inference {

  /** Rows at which bfloat16 matrix products reach their speed; more cost memory only. */
  static final int ROWS = 128;

  /** Ids of a batch at most, padding included: 8 MB. */
  private static final int BATCH_TOKENS = 1 << 20;

  /**
   * How documents become features: the encoder's sizes aside, all that a model file does not say.
   */
  record Layout(ModelConfig.Head head, Collator collator) {
    static Layout of(ModelConfig config, int padId) {
      ModelConfig.Head head = Objects.requireNonNull(config.head()); // a classifier has one
      return new Layout(head, Collator.of(head.layout(), padId, config.backward()));
    }

    boolean lesson() {
      return head.layout() == Recipe.Layout.LESSON;
    }

    DocumentEncoder.Layout documents() {
      return lesson() ? DocumentEncoder.Layout.LESSON : DocumentEncoder.Layout.MASKED;
    }
  }

  private final NDManager manager;
  private final InferenceEncoder encoder;
  private final InferencePooling documents;
  private final PoolingHead head;
  private final Layout layout;

  PoolingInference(NDManager manager, InferenceEncoder encoder, PoolingHead head, Layout layout) {
    this.manager = manager;
    this.encoder = encoder;
    this.head = head;
    this.layout = layout;
    ModelConfig.Head h = layout.head();
    this.documents = new InferencePooling(encoder, layout.documents(), h.bptt(), h.maxLength());
  }

  /**
   * Opens a stored classifier, its embedding mapped.
   *
   * @throws org.ulmfit.UlmfitException (bad model) if a tensor is missing or has another shape
   */
  static PoolingInference open(
      Backend backend, ModelConfig config, int padId, Safetensors.Reader file) {
    NDManager manager = backend.manager().newSubManager();
    AwdLstm.Sizes sizes = LanguageModel.sizes(config.awdLstm());
    InferenceEncoder encoder =
        InferenceEncoder.open(manager, backend.kernels(), sizes, file, Classifier.ENCODER);
    PoolingHead.Layout shape = Classifier.headLayout(config, 0, 0);
    PoolingHead head = new PoolingHead(manager, backend.kernels(), shape, Weights.ZERO);
    Classifier.tensors(head).forEach((name, array) -> Tensors.read(file, name, array));
    return new PoolingInference(manager, encoder, head, Layout.of(config, padId));
  }

  /** Each as it is alone: in the lesson's layout, where padding is read, there is none. */
  @Override
  public float[][] logits(int[][] ids) {
    return alone(ids, (step, pooled) -> head.forward(step, pooled, false));
  }

  /** Pooled features (documents, 3E), each as it is alone: last step, greatest, mean. */
  @Override
  public float[][] vectors(int[][] ids) {
    return alone(ids, (step, pooled) -> pooled);
  }

  private float[][] alone(int[][] ids, Answer answer) {
    int[] lengths = lengths(ids);
    int[] order = Samplers.sorted(lengths, true);
    List<int[]> batches =
        layout.lesson()
            ? Batches.ofOneLength(order, lengths, ROWS, BATCH_TOKENS)
            : Batches.cut(order, lengths, ROWS, BATCH_TOKENS);
    return read(ids, batches, tokens -> {}, answer);
  }

  /** In the masked layout the tokens of a batch are bounded in any case. */
  @Override
  public float[][] logits(int[][] ids, Batching batching, LongConsumer done) {
    return read(ids, batching, done, (step, pooled) -> head.forward(step, pooled, false));
  }

  @Override
  public Batching measuring(Reading reading) {
    int maxTokens = reading.maxBatchTokens() == null ? 0 : reading.maxBatchTokens();
    boolean ascending = "ascending".equals(reading.order());
    return new Batching(layout.lesson() ? reading.batchSize() : ROWS, maxTokens, ascending);
  }

  /**
   * Pooled features (documents, 3E) in the order given. In the masked layout they do not depend on
   * the batches.
   *
   * @param done told the tokens read so far, after each batch
   */
  float[][] features(int[][] ids, LongConsumer done) {
    return read(ids, new Batching(ROWS, 0, false), done, (step, pooled) -> pooled);
  }

  /** What is made of pooled features (rows, 3E): an array with as many rows. */
  private interface Answer {
    NDArray of(NDManager step, NDArray pooled);
  }

  private float[][] read(int[][] ids, Batching batching, LongConsumer done, Answer answer) {
    int[] lengths = lengths(ids);
    int[] order = Samplers.sorted(lengths, !(layout.lesson() && batching.ascending()));
    int bound = layout.lesson() ? batching.maxTokens() : BATCH_TOKENS;
    return read(ids, Batches.cut(order, lengths, batching.rows(), bound), done, answer);
  }

  private static int[] lengths(int[][] ids) {
    return Arrays.stream(ids).mapToInt(d -> Math.max(1, d.length)).toArray();
  }

  private float[][] read(int[][] ids, List<int[]> batches, LongConsumer done, Answer answer) {
    float[][] answers = new float[ids.length][];
    long answered = 0;
    for (int[] batch : batches) {
      int[][] texts = Arrays.stream(batch).mapToObj(i -> ids[i]).toArray(int[][]::new);
      DocumentEncoder.Batch collated = layout.collator().collate(texts);
      float[][] part = Kernels.withoutRecording(() -> read(collated, answer));
      for (int i = 0; i < batch.length; i++) {
        answers[batch[i]] = part[i];
        answered += ids[batch[i]].length;
      }
      done.accept(answered);
    }
    return answers;
  }

  private float[][] read(DocumentEncoder.Batch batch, Answer answer) {
    try (NDManager step = manager.newSubManager()) {
      NDArray pooled = documents.pooled(step, batch); // (rows, 3E)
      float[] flat = answer.of(step, pooled).toFloatArray();
      int width = flat.length / batch.rows();
      float[][] rows = new float[batch.rows()][];
      for (int r = 0; r < rows.length; r++) {
        rows[r] = Arrays.copyOfRange(flat, r * width, (r + 1) * width);
      }
      return rows;
    }
  }

  @Override
  public void close() {
    encoder.close();
    manager.close();
  }
}
