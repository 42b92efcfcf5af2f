package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.stream.IntStream;
import org.ulmfit.io.Safetensors;
import org.ulmfit.lm.LanguageModel;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.DocumentEncoder;
import org.ulmfit.nn.PoolingHead;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.Weights;

/**
 * The concat-pooling classifier from embedded words on. Of a long document the first words are read
 * without a gradient.
 */
final class EmbeddedPooling implements EmbeddedModel {
  private static final int MOST = 8192; // steps with a gradient, which keep some 1.4 GB

  private final NDManager manager;
  private final AwdLstm encoder;
  private final DocumentEncoder documents;
  private final PoolingHead head;
  private final Collator collator;

  private EmbeddedPooling(
      NDManager manager,
      AwdLstm encoder,
      DocumentEncoder documents,
      PoolingHead head,
      Collator collator) {
    this.manager = manager;
    this.encoder = encoder;
    this.documents = documents;
    this.head = head;
    this.collator = collator;
  }

  /**
   * Opens a stored classifier.
   *
   * @throws org.ulmfit.UlmfitException (bad model) if a tensor is missing or has another shape
   */
  static EmbeddedPooling open(
      Backend backend, ModelConfig config, int padId, Safetensors.Reader file) {
    NDManager manager = backend.manager().newSubManager();
    AwdLstm.Sizes sizes = LanguageModel.sizes(config.awdLstm());
    AwdLstm encoder = new AwdLstm(manager, backend.kernels(), sizes, Weights.ZERO);
    PoolingHead.Layout shape = Classifier.headLayout(config, 0, 0);
    PoolingHead head = new PoolingHead(manager, backend.kernels(), shape, Weights.ZERO);
    encoder.parameters().forEach(p -> Tensors.read(file, Classifier.ENCODER + p.name(), p.value()));
    Classifier.tensors(head).forEach((name, array) -> Tensors.read(file, name, array));
    PoolingInference.Layout layout = PoolingInference.Layout.of(config, padId);
    DocumentEncoder documents =
        new DocumentEncoder(
            encoder, layout.documents(), layout.head().bptt(), layout.head().maxLength());
    return new EmbeddedPooling(manager, encoder, documents, head, layout.collator());
  }

  @Override
  public NDManager manager() {
    return manager;
  }

  @Override
  public Steps steps(int[] document) {
    long[] ids = collator.collate(new int[][] {document}).ids();
    int[] tokens = IntStream.range(0, ids.length).toArray();
    if (document.length == 0) {
      tokens[0] = -1;
    } else if (collator.backward()) {
      tokens = IntStream.range(0, ids.length).map(t -> ids.length - 1 - t).toArray();
    }
    int open = Math.max(documents.pooledSteps(ids.length), Math.min(ids.length, MOST));
    return new Steps(ids, tokens, ids.length - open);
  }

  @Override
  public NDArray embedded(NDManager step, long[] ids) {
    return encoder.embedded(step, ids);
  }

  @Override
  public NDArray logits(NDManager step, Steps steps, NDArray x) {
    return head.forward(step, documents.pooled(step, steps.ids(), x), false);
  }

  @Override
  public void close() {
    manager.close();
  }
}
