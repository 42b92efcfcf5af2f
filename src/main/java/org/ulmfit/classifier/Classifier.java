package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.Safetensors;
import org.ulmfit.lm.LanguageModel;
import org.ulmfit.lm.Pretrained;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.DocumentEncoder;
import org.ulmfit.nn.InferenceEncoder;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.nn.Masks;
import org.ulmfit.nn.Parameter;
import org.ulmfit.nn.Perturbation;
import org.ulmfit.nn.PoolingHead;
import org.ulmfit.nn.Tensors;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * The concat-pooling classifier in training: encoder, pooling, head (Howard and Ruder 2018 §3.3).
 * Tensor names are fastai 2's. {@link #inference()} answers.
 */
public final class Classifier implements EncoderModel {

  static final String ENCODER = "0.module.";
  private static final String HEAD = "1.";

  // measured: numbers that a token keeps for each unit of a layer
  private static final double FLOATS_A_UNIT = 16.4;
  private static final double FLOATS_A_UNIT_BFLOAT16 = 12.5;

  private final NDManager manager;
  private final Kernels kernels;
  private final AwdLstm encoder;
  private final DocumentEncoder documents;
  private final PoolingHead head;
  private final PoolingInference.Layout layout;
  private final Masks.Rates rates;
  private final boolean frozenDropout;
  private final boolean adversarial; // which reads documents anew

  private boolean asked; // for features, in this phase
  private Optional<FrozenFeatures> features = Optional.empty();

  /**
   * A model with random weights (seed the engine first).
   *
   * @param config with its head
   * @param settings its dropouts
   */
  public Classifier(
      NDManager parent,
      Kernels kernels,
      ModelConfig config,
      int padId,
      Recipe.Classifier settings) {
    this.manager = parent.newSubManager();
    this.kernels = kernels;
    this.layout = PoolingInference.Layout.of(config, padId);
    ModelConfig.Head h = Objects.requireNonNull(config.head()); // a classifier has one
    Recipe.Dropouts d = settings.dropout();
    this.rates =
        new Masks.Rates(d.input(), d.embedding(), d.weight(), d.hidden(), 0)
            .times(settings.dropMult());
    this.frozenDropout = settings.frozenDropout();
    this.adversarial = settings.adversarial().isActive();
    this.encoder = new AwdLstm(manager, kernels, LanguageModel.sizes(config.awdLstm()));
    this.documents = new DocumentEncoder(encoder, layout.documents(), h.bptt(), h.maxLength());
    double first = d.output() * settings.dropMult();
    this.head =
        new PoolingHead(manager, kernels, headLayout(config, first, settings.headDropout()));
  }

  static PoolingHead.Layout headLayout(
      ModelConfig config, double firstDropout, double lastDropout) {
    ModelConfig.Head h = Objects.requireNonNull(config.head()); // a classifier has one
    int features = 3 * config.awdLstm().embeddingSize();
    return new PoolingHead.Layout(
        features, h.hiddenSize(), h.classes(), h.bias(), firstDropout, lastDropout);
  }

  @Override
  public NDManager manager() {
    return manager;
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  AwdLstm encoder() {
    return encoder;
  }

  /** Width 3E of the pooled features. */
  int headInputs() {
    return head.layout().features();
  }

  Collator collator() {
    return layout.collator();
  }

  /** Embedding, each LSTM, head: five groups for three layers (fastai awd_lstm_clas_split). */
  @Override
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
  @Override
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

  @Override
  public void begin(
      Pretrained pretrained,
      Vocab vocab,
      Recipe.Remap options,
      long[] counts,
      Consumer<String> notes) {
    pretrained.copyInto(encoder, null, vocab, options, counts, notes);
  }

  @Override
  public void goOn(Pretrained saved, List<String> labels) {
    List<String> known = saved.labels();
    try (Safetensors.Reader file = saved.weights()) {
      tensors()
          .forEach(
              (name, array) -> {
                if (PoolingHead.isByClass(name)) {
                  readRows(file, name, array, known, labels);
                } else {
                  Tensors.read(file, name, array);
                }
              });
    }
  }

  /**
   * The rows of the labels that are known.
   *
   * @param array (classes, width) or (classes)
   */
  private static void readRows(
      Safetensors.Reader file,
      String name,
      NDArray array,
      List<String> known,
      List<String> labels) {
    int width = (int) (array.size() / labels.size());
    float[] old = new float[known.size() * width];
    file.read(name, old);
    float[] values = array.toFloatArray();
    for (int label = 0; label < labels.size(); label++) {
      int from = known.indexOf(labels.get(label));
      if (from >= 0) {
        System.arraycopy(old, from * width, values, label * width, width);
      }
    }
    Tensors.set(array, FloatBuffer.wrap(values));
  }

  /** Reads the documents once where they have the same features in every epoch. */
  @Override
  public void startEpoch(TokenStore train, Consumer<String> notes) {
    boolean last =
        !frozenDropout
            && !adversarial
            && !layout.lesson()
            && encoder.parameters().stream().noneMatch(Parameter::trainable);
    if (!last) {
      features = Optional.empty();
      asked = false;
    } else if (!asked) {
      features = FrozenFeatures.read(this, train, notes);
      asked = true;
    }
  }

  @Override
  public Forward forward(NDManager step, TokenStore train, int[] rows) {
    return features.isPresent()
        ? forward(step, features.get().of(step, rows))
        : forward(step, collator().collate(train, rows));
  }

  /** Training of the head alone, on pooled features (rows, 3E) read before. */
  private Forward forward(NDManager step, NDArray pooled) {
    NDArray logits = head.forward(step, pooled, true); // (rows, classes)
    return Forward.of(step, logits, () -> {});
  }

  @Override
  public Forward forward(NDManager step, TokenStore store, int[] rows, Perturbation perturbation) {
    return forward(step, collator().collate(store, rows), perturbation);
  }

  Forward forward(NDManager step, DocumentEncoder.Batch batch) {
    return forward(step, batch, Perturbation.NONE);
  }

  Forward forward(NDManager step, DocumentEncoder.Batch batch, Perturbation perturbation) {
    DocumentEncoder.Features read =
        documents.train(step, batch, rates, frozenDropout, perturbation);
    NDArray logits = // (rows, classes)
        head.forward(step, read.pooled(), true, perturbation.statistics());
    return new Forward(
        logits,
        read.kept(),
        read.mask(),
        () -> read.lookups().forEach(l -> encoder.lookupBackward(step, l, collator().padId())),
        read.parts());
  }

  @Override
  public long activationBytes(long tokens, Kernels.Arithmetic arithmetic) {
    boolean single = arithmetic == Kernels.Arithmetic.FLOAT32;
    return encoder.activationBytes(tokens, single ? FLOATS_A_UNIT : FLOATS_A_UNIT_BFLOAT16);
  }

  /** Shares the embedding and the head: not to be trained on before it is closed. */
  @Override
  public PoolingInference inference() {
    NDManager owner = manager.newSubManager();
    return new PoolingInference(owner, InferenceEncoder.of(owner, encoder), head, layout);
  }

  @Override
  public void close() {
    manager.close();
  }
}
