package org.ulmfit.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.PrettyJson;
import org.ulmfit.vocab.Vocab;

/**
 * {@code config.json} of a model folder, all that is needed to read its weights: the recipe beside
 * it tells where the model comes from and is not read again.
 *
 * <pre>
 * {"kind": "lm", "family": "awd-lstm", "direction": "forward", "formatVersion": 2,
 *  "architecture": {"vocabularySize": 60008, "embeddingSize": 400, "hiddenSize": 1152,
 *                   "layers": 3, "decoderBias": true},
 *  "text": {"rules": "fastai-2", "tokenizer": "spacy-3", ...},
 *  "reading": {"standardise": "plain", "precision": "auto", "batchSize": 64, "bptt": 70}}
 * </pre>
 *
 * @param kind {@code lm | encoder | classifier}
 * @param family what kind of model it is: {@code awd-lstm | ngram-lr | ngram-nbsvm | ngram-mlp |
 *     embedding | mean-embedding | rnn | lstm | bilstm | sepcnn | dgcnn}
 * @param direction {@code forward | backward}: how documents are read, in training and ever after
 * @param architecture sizes of an AWD-LSTM; null of a model that is none
 * @param ngrams of a model on n-grams; null of others
 * @param network of one trained from random weights; null of others
 * @param embedder of a model on the vectors of a sentence encoder; null of others
 * @param reading how it is measured; null: as the default recipe does (imported weights)
 * @param head the classifier's; null otherwise
 * @param task of a classifier: {@code single | multi} labels a document; null: single
 * @param thresholds from which probability on each label is answered, under {@code multi}; null
 *     otherwise
 * @param temperature of a classifier: its logits are divided by it before anything is made of them,
 *     0.01 to 100; null: 1
 * @param input the columns it was trained on; null: not known (imported weights)
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelConfig(
    String kind,
    String family,
    String direction,
    int formatVersion,
    @Nullable AwdLstmSizes architecture,
    @Nullable NgramSizes ngrams,
    @Nullable NetworkSizes network,
    @Nullable EncoderUse embedder,
    TextProfile text,
    @Nullable Reading reading,
    @Nullable Head head,
    @Nullable String task,
    @Nullable List<Double> thresholds,
    @Nullable Double temperature,
    @Nullable InputColumns input) {

  /** The family of all language models and encoders, and of the classifiers on them. */
  public static final String AWD_LSTM = "awd-lstm";

  private static final ObjectMapper JSON = PrettyJson.mapper();

  /** A subword tokenizer's file in the model's folder, by which {@code config.json} names it. */
  static final String TOKENIZER = "tokenizer.json";

  private static final int LARGEST = 1 << 24;
  private static final String NONE = "none"; // as recipes write it

  /**
   * Text rules and tokenizer, as recipes write them.
   *
   * @param tokenizer a name, or the path of a tokenizer.json; in the file {@code tokenizer.json} is
   *     the one in the model's folder
   * @param normalise the Unicode normal form of texts; null: none
   * @param language a language tag; null: not known
   * @param icu version of ICU whose dictionaries found the words; null: it was not asked
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TextProfile(
      String rules,
      String tokenizer,
      String markFields,
      String fieldNumbers,
      @Nullable String normalise,
      @Nullable String language,
      @Nullable String icu) {

    /** The same as a part of a recipe. */
    public static TextProfile of(Recipe.Text text) {
      String form = Recipes.word(text.normalise());
      return new TextProfile(
          Recipes.word(text.rules()),
          text.tokenizer(),
          Recipes.word(text.markFields()),
          Recipes.word(text.fieldNumbers()),
          form.equals(NONE) ? null : form,
          text.languageTag(),
          text.icu());
    }

    private boolean isWhole() {
      return Stream.of(rules, tokenizer, markFields, fieldNumbers).allMatch(Objects::nonNull);
    }

    private TextProfile cutBy(String otherTokenizer) {
      return new TextProfile(
          rules, otherTokenizer, markFields, fieldNumbers, normalise, language, icu);
    }

    /** The keys of a recipe. */
    private List<String> keys() {
      return List.of(
          "text.rules=" + rules,
          Recipes.override("text.tokenizer", tokenizer),
          "text.markFields=" + markFields,
          "text.fieldNumbers=" + fieldNumbers,
          "text.normalise=" + (normalise == null ? NONE : normalise),
          Recipes.override("text.language", language == null ? NONE : language));
    }
  }

  /** Shape of the classifier's head and how documents are laid out for it. */
  public record Head(
      int classes, int hiddenSize, boolean bias, String encoder, int bptt, int maxLength) {

    /** As a recipe has it. */
    public static Head of(int classes, Recipe.Classifier c) {
      return new Head(
          classes, c.headSize(), c.headBias(), Recipes.word(c.encoder()), c.bptt(), c.maxLength());
    }

    /** How documents are laid out. */
    public Recipe.Layout layout() {
      return Recipes.choice(Recipe.Layout.class, encoder);
    }

    private boolean isSound() {
      return within(classes) && encoder != null;
    }
  }

  /** Texts of a row. */
  public int fields() {
    return input == null ? 1 : input.fields();
  }

  /** What its user should know before it reads texts here; empty: nothing. */
  public Optional<String> remark() {
    String here = readingRecipe().text().icu();
    return here == null || text.icu() == null || here.equals(text.icu())
        ? Optional.empty()
        : Optional.of(
            "WARNING: the model was trained on the words of ICU "
                + text.icu()
                + ", here is "
                + here
                + ", which may find others; install the same one, or train it again");
  }

  /** The same model as another kind, such as an encoder without its decoder. */
  public ModelConfig as(String otherKind) {
    return with(otherKind, text, temperature);
  }

  /** The same model with its tokenizer at another place. */
  ModelConfig cutBy(String tokenizer) {
    return with(kind, text.cutBy(tokenizer), temperature);
  }

  /**
   * The same classifier at another temperature.
   *
   * @param other null: 1
   */
  public ModelConfig withTemperature(@Nullable Double other) {
    return with(kind, text, other);
  }

  private ModelConfig with(
      String otherKind, TextProfile otherText, @Nullable Double otherTemperature) {
    return new ModelConfig(
        otherKind,
        family,
        direction,
        formatVersion,
        architecture,
        ngrams,
        network,
        embedder,
        otherText,
        reading,
        head,
        task,
        thresholds,
        otherTemperature,
        input);
  }

  /** The one of its sizes that it has. */
  private ModelSizes sizes() {
    return every().findFirst().orElseThrow();
  }

  private Stream<ModelSizes> every() {
    return Stream.<@Nullable ModelSizes>of(architecture, ngrams, network, embedder)
        .filter(Objects::nonNull);
  }

  /**
   * Its sizes, of the kind that its family has.
   *
   * @throws UlmfitException (bad model) if they are another's
   */
  public <S extends ModelSizes> S sizes(Class<S> kind) {
    ModelSizes sizes = sizes();
    if (!kind.isInstance(sizes)) {
      throw UlmfitException.badModel(
          "config.json: its sizes are not those of the family "
              + family
              + "; save the model again");
    }
    return kind.cast(sizes);
  }

  /** Sizes of the AWD-LSTM that it is. */
  public AwdLstmSizes awdLstm() {
    return sizes(AwdLstmSizes.class);
  }

  /** Classes of a classifier; 0 of another kind of model. */
  public int classes() {
    return head != null ? head.classes() : sizes().classes();
  }

  /** What kind of model it is and how large, in words. */
  public String describe() {
    return (architecture == null ? "" : direction + " ") + family + ", " + sizes().describe();
  }

  public boolean backward() {
    return direction.equals("backward");
  }

  /** How many labels a document has. */
  public Labelling labelling() {
    return Labelling.MULTI.word().equals(task) ? Labelling.MULTI : Labelling.SINGLE;
  }

  /** How it is measured. */
  public Reading measured() {
    return reading != null ? reading : Reading.of(Recipes.defaults(), kind);
  }

  /** The default recipe with what decides how this model reads a corpus. */
  public Recipe readingRecipe() {
    List<String> keys = new ArrayList<>(text.keys());
    keys.add("corpus.standardise=" + measured().standardise());
    return Recipes.with(Recipes.defaults(), keys);
  }

  /**
   * A classifier's, as it was trained.
   *
   * @param head of an AWD-LSTM; null: its sizes say all
   */
  public static ModelConfig classifier(
      String family,
      String direction,
      ModelSizes sizes,
      @Nullable Head head,
      Recipe recipe,
      Labelling labelling,
      @Nullable List<Double> thresholds,
      @Nullable InputColumns input) {
    return new ModelConfig(
        "classifier",
        family,
        direction,
        ModelFolder.FORMAT_VERSION,
        sizes instanceof AwdLstmSizes own ? own : null,
        sizes instanceof NgramSizes own ? own : null,
        sizes instanceof NetworkSizes own ? own : null,
        sizes instanceof EncoderUse own ? own : null,
        TextProfile.of(recipe.text()),
        Reading.of(recipe, "classifier"),
        head,
        labelling.word(),
        thresholds,
        null,
        input);
  }

  /** Reads and checks a model folder's config. */
  public static ModelConfig of(ModelFolder folder) {
    ModelConfig config;
    try {
      config = JSON.treeToValue(folder.config(), ModelConfig.class);
    } catch (UnrecognizedPropertyException e) {
      throw bad(
          folder.path(),
          "\"" + e.getPropertyName() + "\" is not known to this ulmfit; install a newer one");
    } catch (JsonProcessingException e) {
      throw bad(folder.path(), e.getOriginalMessage() + "; save the model again");
    }
    config.check(folder.path());
    boolean own = config.text.tokenizer().equals(TOKENIZER) && folder.has(TOKENIZER);
    return own ? config.cutBy(folder.file(TOKENIZER).toString()) : config;
  }

  private void check(Path path) {
    if (every().count() != 1
        || AWD_LSTM.equals(family) && architecture == null
        || text == null
        || direction == null
        || family == null) {
      throw bad(
          path,
          "lacks architecture (or ngrams, network or embedder), text, direction or family; save the model again");
    }
    if (!text.isWhole()) {
      throw bad(path, "text lacks rules, tokenizer, markFields or fieldNumbers; save it again");
    }
    if (!direction.equals("forward") && !direction.equals("backward")) {
      throw bad(path, "direction " + direction + " is neither forward nor backward");
    }
    boolean sound =
        sizes().sound()
            && (head == null || architecture != null)
            && (head == null || head.isSound())
            && (reading == null || reading.isSound())
            && hasSoundAnswer()
            && (input == null || input.whole());
    if (!sound) {
      throw bad(
          path,
          "sizes, reading, task, thresholds or input do not fit together; save the model again");
    }
    if (!hasSoundTemperature()) {
      throw bad(
          path,
          "temperature "
              + temperature
              + " is not a classifier's number from "
              + Tempering.LEAST
              + " to "
              + Tempering.MOST
              + "; train it again");
    }
    try {
      Recipes.with(readingRecipe(), keys());
    } catch (UlmfitException e) {
      throw bad(path, e.getMessage().substring(e.getMessage().indexOf(": ") + 2));
    }
  }

  /** What its logits are divided by. */
  public double divisor() {
    return temperature == null ? 1 : temperature;
  }

  private boolean hasSoundTemperature() {
    return temperature == null
        || classes() > 0 && temperature >= Tempering.LEAST && temperature <= Tempering.MOST;
  }

  private boolean hasSoundAnswer() {
    return isSoundAnswer(task, thresholds, classes());
  }

  /**
   * Whether a task is a known one and has the thresholds it needs.
   *
   * @param classes none of a model that answers with no labels
   */
  static boolean isSoundAnswer(
      @Nullable String task, @Nullable List<Double> thresholds, int classes) {
    if (Labelling.MULTI.word().equals(task)) {
      return classes > 0
          && thresholds != null
          && thresholds.size() == classes
          && thresholds.stream().allMatch(t -> t != null && t >= 0 && t <= 1);
    }
    return (task == null || task.equals(Labelling.SINGLE.word())) && thresholds == null;
  }

  /** As a recipe has them: nothing larger than can be trained is made room for. */
  private List<String> keys() {
    List<String> sizes = new ArrayList<>(sizes().keys());
    if (head != null) {
      sizes.add("classifier.headSize=" + head.hiddenSize());
      sizes.add("classifier.encoder=" + head.encoder());
      sizes.add("classifier.bptt=" + head.bptt());
      sizes.add("classifier.maxLength=" + head.maxLength());
    }
    if (reading != null && reading.bptt() != null) {
      sizes.add("lm.bptt=" + reading.bptt());
    }
    return sizes;
  }

  private static UlmfitException bad(Path path, String problem) {
    return UlmfitException.badModel(path + ": config.json: " + problem);
  }

  static boolean within(long size) {
    return size >= 1 && size <= LARGEST;
  }

  /** The file's content. */
  public String json() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The folder's vocabulary.
   *
   * @throws UlmfitException (bad model) if it is not that of this config's weights
   */
  public Vocab vocabulary(ModelFolder folder) {
    Vocab vocab = Vocab.read(folder.file("vocab.txt"));
    long rows = sizes().vocabularyRows().orElse(vocab.size());
    if (vocab.size() != rows) {
      throw UlmfitException.badModel(
          folder.path()
              + ": vocab.txt has "
              + vocab.size()
              + " entries, the embedding "
              + rows
              + " rows; the folder does not fit together, save it again");
    }
    return vocab;
  }
}
