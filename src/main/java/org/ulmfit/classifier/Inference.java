package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.Safetensors;
import org.ulmfit.lm.ModelConfig;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.DocumentEncoder;
import org.ulmfit.nn.InferenceEncoder;
import org.ulmfit.nn.InferencePooling;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.PoolingHead;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.Weights;
import org.ulmfit.vocab.TokenStore;

/**
 * A classifier that only answers: token ids in, logits out. Thread-safe; no state outlives a call.
 */
public final class Inference implements AutoCloseable {

  /** Rows at which bfloat16 matrix products reach their speed; more cost memory only. */
  static final int ROWS = 128;

  /** Fed padding costs time, so in the lesson layout batches are smaller. */
  private static final int LESSON_ROWS = 64;

  private static final int LESSON_TOKENS = 32_768;

  /** Ids of a batch at most, padding included: 8 MB. */
  private static final int BATCH_TOKENS = 1 << 20;

  /**
   * How documents become features: the encoder's sizes aside, all that a model file does not say.
   */
  record Reading(ModelConfig.Head head, Collator collator) {
    boolean lesson() {
      return head.encoder().equals("lesson");
    }

    DocumentEncoder.Layout layout() {
      return lesson() ? DocumentEncoder.Layout.LESSON : DocumentEncoder.Layout.MASKED;
    }
  }

  private final NDManager manager;
  private final InferenceEncoder encoder;
  private final InferencePooling documents;
  private final PoolingHead head;
  private final Reading reading;

  Inference(NDManager manager, InferenceEncoder encoder, PoolingHead head, Reading reading) {
    this.manager = manager;
    this.encoder = encoder;
    this.head = head;
    this.reading = reading;
    ModelConfig.Head h = reading.head();
    this.documents = new InferencePooling(encoder, reading.layout(), h.bptt(), h.maxLength());
  }

  /**
   * Opens a stored classifier, its embedding mapped.
   *
   * @throws org.ulmfit.UlmfitException (bad model) if a tensor is missing or has another shape
   */
  public static Inference open(
      NDManager parent, Kernels kernels, ModelConfig config, int padId, Safetensors.Reader file) {
    NDManager manager = parent.newSubManager();
    AwdLstm.Sizes sizes = config.architecture().sizes();
    InferenceEncoder encoder =
        InferenceEncoder.open(manager, kernels, sizes, file, Classifier.ENCODER);
    PoolingHead.Layout layout = Classifier.headLayout(config, 0, 0);
    PoolingHead head = new PoolingHead(manager, kernels, layout, Weights.ZERO);
    Classifier.tensors(head).forEach((name, array) -> Tensors.read(file, name, array));
    Collator collator = Collator.of(config.head().encoder(), padId, config.backward());
    return new Inference(manager, encoder, head, new Reading(config.head(), collator));
  }

  /** Logits (documents, classes) in the order given. */
  public float[][] logits(int[][] ids) {
    int rows = reading.lesson() ? LESSON_ROWS : ROWS;
    return logits(ids, rows, LESSON_TOKENS, tokens -> {});
  }

  /**
   * Logits (documents, classes) in the order given, batched by length.
   *
   * @param ids tokens of each document
   * @param rows documents of a batch at most
   * @param maxTokens rows times longest document of a batch at most; 0 = no bound. In the lesson
   *     layout both decide what padding a document meets, and so its logits in small; otherwise the
   *     tokens are bounded in any case and this has no effect
   * @param done told the tokens answered so far, after each batch
   */
  float[][] logits(int[][] ids, int rows, int maxTokens, LongConsumer done) {
    return read(ids, rows, maxTokens, done, (step, pooled) -> head.forward(step, pooled, false));
  }

  /**
   * Pooled features (documents, 3E) in the order given. In the masked layout they do not depend on
   * the batches.
   *
   * @param done told the tokens read so far, after each batch
   */
  float[][] features(int[][] ids, LongConsumer done) {
    return read(ids, ROWS, 0, done, (step, pooled) -> pooled);
  }

  /** What is made of pooled features (rows, 3E): an array with as many rows. */
  private interface Answer {
    NDArray of(NDManager step, NDArray pooled);
  }

  private float[][] read(int[][] ids, int rows, int maxTokens, LongConsumer done, Answer answer) {
    int[] lengths = Arrays.stream(ids).mapToInt(d -> Math.max(1, d.length)).toArray();
    int[] order = Samplers.sorted(lengths, true);
    float[][] answers = new float[ids.length][];
    long answered = 0;
    int bound = reading.lesson() ? maxTokens : BATCH_TOKENS;
    for (int[] batch : Batches.cut(order, lengths, rows, bound)) {
      int[][] texts = Arrays.stream(batch).mapToObj(i -> ids[i]).toArray(int[][]::new);
      ClassifierBatch collated = reading.collator().collate(texts);
      float[][] part = Kernels.withoutRecording(() -> read(collated, answer));
      for (int i = 0; i < batch.length; i++) {
        answers[batch[i]] = part[i];
        answered += ids[batch[i]].length;
      }
      done.accept(answered);
    }
    return answers;
  }

  private float[][] read(ClassifierBatch batch, Answer answer) {
    try (NDManager step = manager.newSubManager()) {
      NDArray pooled = documents.pooled(step, Classifier.of(batch)); // (rows, 3E)
      float[] flat = answer.of(step, pooled).toFloatArray();
      int width = flat.length / batch.rows();
      float[][] rows = new float[batch.rows()][];
      for (int r = 0; r < rows.length; r++) {
        rows[r] = Arrays.copyOfRange(flat, r * width, (r + 1) * width);
      }
      return rows;
    }
  }

  /**
   * Answers on a labelled set.
   *
   * @param settings of the batches, where those matter to the answers (lesson layout)
   * @param done told the tokens scored so far, now and then
   */
  public Scores score(
      String split,
      TokenStore store,
      List<String> labels,
      Recipe.Classifier settings,
      LongConsumer done) {
    int rows = reading.lesson() ? settings.evalBatchSize() : ROWS;
    return Scores.of(split, this, store, labels, rows, settings.maxBatchTokens(), done);
  }

  @Override
  public void close() {
    encoder.close();
    manager.close();
  }
}
