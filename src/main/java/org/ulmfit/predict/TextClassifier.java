package org.ulmfit.predict;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Classifier;
import org.ulmfit.classifier.Inference;
import org.ulmfit.classifier.Scores;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.lm.ModelConfig;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.Torch;
import org.ulmfit.text.FieldMarks;
import org.ulmfit.text.FieldNumbers;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.train.Metrics;
import org.ulmfit.vocab.Coverage;
import org.ulmfit.vocab.TextEncoder;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * A trained classifier: text in, label and probabilities out. Thread-safe; one instance serves a
 * whole program. Texts go through exactly the rules and the tokenizer of training.
 */
public final class TextClassifier implements AutoCloseable {

  private final Recipe recipe;
  private final InputColumns input;
  private final List<String> labels;
  private final TextEncoder encoder;
  private final NDManager manager;
  private final Kernels kernels;
  private final Inference model;
  private final Coverage coverage;
  private final Precision precision;

  private TextClassifier(
      Recipe recipe,
      InputColumns input,
      List<String> labels,
      TextEncoder encoder,
      NDManager manager,
      Kernels kernels,
      Precision precision,
      Inference model) {
    this.recipe = recipe;
    this.input = input;
    this.labels = labels;
    this.encoder = encoder;
    this.manager = manager;
    this.kernels = kernels;
    this.precision = precision;
    this.model = model;
    this.coverage = encoder.coverage();
  }

  /**
   * Opens a classifier on the best device there is.
   *
   * @param dirOrRun model folder, or the run folder of {@code ulmfit classify}
   * @throws UlmfitException if there is no such folder or it is incomplete or damaged
   */
  public static TextClassifier load(Path dirOrRun) {
    return load(dirOrRun, "auto");
  }

  /**
   * Opens a classifier in the precision of its recipe.
   *
   * @param device {@code auto | cpu | cuda:N}
   */
  public static TextClassifier load(Path dirOrRun, String device) {
    return load(dirOrRun, device, null);
  }

  /**
   * Opens a classifier.
   *
   * @param device {@code auto | cpu | cuda:N}
   * @param precision {@code auto | fp32 | bf16}; null = the recipe's
   */
  public static TextClassifier load(Path dirOrRun, String device, String precision) {
    Torch.startAside();
    ModelFolder folder = ModelFolder.open(dirOrRun, "classifier");
    ModelConfig config = ModelConfig.of(folder);
    Recipe recipe = Recipes.load(folder.file("recipe.yaml"), List.of());
    List<String> labels = folder.labels();
    Vocab vocab = Vocab.read(ModelConfig.vocabulary(folder));
    if (config.head() == null
        || config.head().classes() != labels.size()
        || config.architecture().vocabularySize() != vocab.size()) {
      throw UlmfitException.badModel(
          folder.path()
              + ": config.json, labels.json and vocab.txt do not fit together; train it again");
    }
    TextEncoder encoder = encoder(config.text(), vocab);
    Torch.engine(); // waits for it: two threads must not start it at once
    Device where = Torch.device(device);
    NDManager manager = NDManager.newBaseManager(where);
    String arithmetic = precision == null ? recipe.precision().name() : precision;
    Precision read = Precision.of(arithmetic, where);
    Kernels kernels = Kernels.load(where, read.arithmetic());
    try (Safetensors.Reader file = Safetensors.Reader.open(folder.file("model.safetensors"))) {
      Inference model = Inference.open(manager, kernels, config, vocab.padId(), file);
      return new TextClassifier(
          recipe, config.input(), labels, encoder, manager, kernels, read, model);
    }
  }

  private static TextEncoder encoder(Recipe.Text text, Vocab vocab) {
    return TextEncoder.of(
        Rules.of(text.rules()),
        TokenizerSpec.parse(text.tokenizer()),
        FieldMarks.of(text.markFields()),
        FieldNumbers.of(text.fieldNumbers()),
        vocab);
  }

  /** Labels in index order. */
  public List<String> labels() {
    return labels;
  }

  /** The columns the model was trained on; null: not known. */
  public InputColumns inputColumns() {
    return input;
  }

  /** The recipe the model was trained with. */
  public Recipe recipe() {
    return recipe;
  }

  public Vocab vocab() {
    return encoder.vocab();
  }

  /** The arithmetic it answers in, and what would be faster. */
  public Precision precision() {
    return precision;
  }

  /**
   * Answers on a prepared, labelled set.
   *
   * @param done told the tokens scored so far, now and then
   */
  public Scores score(TokenStore store, LongConsumer done) {
    return model.score("", store, labels, recipe.classifier(), done);
  }

  /** How much of all texts classified so far the vocabulary knows. */
  public Coverage coverage() {
    return coverage;
  }

  /** Classifies one text. */
  public Prediction predict(String text) {
    return predict(List.of(text)).get(0);
  }

  /** Classifies texts, batched by length; answers come in input order. */
  public List<Prediction> predict(List<String> texts) {
    return predictFields(texts.stream().map(List::of).toList());
  }

  /**
   * Classifies rows of several text columns.
   *
   * @param rows as many texts each as the model was trained on
   * @throws UlmfitException (bad data) for another number of texts
   */
  public List<Prediction> predictFields(List<List<String>> rows) {
    for (List<String> fields : rows) {
      if (input != null && fields.size() != input.fields()) {
        throw UlmfitException.badData(
            "a row has "
                + fields.size()
                + (fields.size() == 1 ? " text" : " texts")
                + ", but the model was trained on "
                + input.describe()
                + "; give each row as many");
      }
    }
    int[][] ids =
        rows.stream()
            .map(encoder::tokens)
            .peek(coverage::add)
            .map(encoder::ids)
            .toArray(int[][]::new);
    return Arrays.stream(model.logits(ids)).map(this::answer).toList();
  }

  private Prediction answer(float[] logits) {
    float[] p = Classifier.probabilities(logits);
    Map<String, Double> byLabel = new LinkedHashMap<>();
    IntStream.range(0, p.length).forEach(i -> byLabel.put(labels.get(i), (double) p[i]));
    int best = Metrics.argMax(p);
    return new Prediction(labels.get(best), p[best], byLabel, logits);
  }

  @Override
  public void close() {
    model.close();
    kernels.close();
    manager.close();
    encoder.close();
  }
}
