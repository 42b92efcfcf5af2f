package org.ulmfit.classifier;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.lm.Pretrained;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.ModelSettings;
import org.ulmfit.nn.Backend;
import org.ulmfit.prepare.Predecessor;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.prepare.PreparedClassifier;
import org.ulmfit.run.Trained;
import org.ulmfit.train.Evaluation;

/** Stage 3: a classifier on a saved encoder, or a saved classifier that goes on with other rows. */
public final class ClassifierTraining extends NeuralTraining<EncoderModel> {

  private final Path startPath;
  private final Pretrained start;
  private final boolean goesOn;
  private final Recipe recipe;
  private final @Nullable SoftLabels soft;
  private final boolean setAside;

  /**
   * Opens the encoder.
   *
   * @param limit documents per split at most, every class kept; 0 = all
   * @param encoder model folder or run that holds one
   * @throws UlmfitException (bad model) if the encoder cannot be used; (usage) if it contradicts
   *     the recipe, or if the recipe would choose the model by the rows it is tested on
   */
  public static ClassifierTraining on(Path encoder, Corpus corpus, int limit, Recipe recipe) {
    return new ClassifierTraining(encoder, false, corpus, limit, recipe, null, true);
  }

  /**
   * The same with distributions in place of the labels of some rows.
   *
   * @param soft null: there are none
   * @param setAside whether the corpus's validation rows are others than those it trains on; if
   *     not, the model tells nothing of how well it does on them
   * @throws UlmfitException as {@link #on(Path, Corpus, int, Recipe)}
   */
  public static ClassifierTraining on(
      Path encoder, Corpus corpus, Recipe recipe, @Nullable SoftLabels soft, boolean setAside) {
    return new ClassifierTraining(encoder, false, corpus, 0, recipe, soft, setAside);
  }

  /**
   * Opens a classifier that is to go on. Its labels keep their places; labels that it does not know
   * come after them and start with random weights.
   *
   * @param limit documents per split at most, every class kept; 0 = all
   * @param classifier model folder or run that holds one
   * @throws UlmfitException as {@link #on}
   */
  public static ClassifierTraining from(Path classifier, Corpus corpus, int limit, Recipe recipe) {
    return new ClassifierTraining(classifier, true, corpus, limit, recipe, null, true);
  }

  private ClassifierTraining(
      Path startPath,
      boolean goesOn,
      Corpus corpus,
      int limit,
      Recipe recipe,
      @Nullable SoftLabels soft,
      boolean setAside) {
    super(corpus, limit, recipe);
    this.soft = soft;
    this.setAside = setAside;
    this.startPath = startPath;
    this.goesOn = goesOn;
    this.start = Pretrained.open(startPath, goesOn ? "classifier" : "encoder");
    this.recipe =
        goesOn
            ? ModelSettings.decideClassifier(recipe, start.config(), start.path())
            : ModelSettings.decideOnEncoder(recipe, start.config(), start.path());
    checkAdversarial(this.recipe, goesOn);
  }

  @Override
  public Map<String, Path> inputs() {
    return Map.of(goesOn ? "model" : "encoder", startPath);
  }

  @Override
  public Recipe recipe() {
    return recipe;
  }

  @Override
  public PreparedClassifier prepare(Recipe wanted, Path dir, Consumer<String> notes, Stop stop) {
    Prepare prepare = new Prepare(wanted, notes, stop);
    return checked(
        wanted,
        goesOn
            ? prepare.goingOn(corpus, predecessor(), dir, limit)
            : prepare.classifier(corpus, start.vocab(), dir, limit));
  }

  @Override
  @Nullable SoftLabels softLabels() {
    return soft;
  }

  @Override
  boolean setAside() {
    return setAside;
  }

  @Override
  public String startSum() {
    return ModelFolder.sum(start.path());
  }

  private Predecessor predecessor() {
    ModelConfig config = start.config();
    return new Predecessor(start.vocab(), start.labels(), config.labelling(), config.input());
  }

  @Override
  public String direction() {
    return start.config().direction();
  }

  @Override
  public long weightsStream() {
    return -2;
  }

  @Override
  public EncoderModel model(Recipe settled, PreparedClassifier data, Backend backend) {
    Output output = Output.of(data.labelling(), data.labels().size());
    ModelConfig config = config(settled, data, output);
    EncoderFamily family = (EncoderFamily) Family.of(config); // those of encoders are
    return family.create(backend, config, data.vocab().padId(), settled.classifier());
  }

  private ModelConfig config(Recipe settled, PreparedClassifier data, Output output) {
    AwdLstmSizes a = start.config().awdLstm();
    Recipe.Classifier c = settled.classifier();
    return config(
        start.config().family(),
        start.config().direction(),
        new AwdLstmSizes(
            data.vocab().size(), a.embeddingSize(), a.hiddenSize(), a.layers(), a.decoderBias()),
        ModelConfig.Head.of(data.labels().size(), c),
        settled,
        data,
        output);
  }

  @Override
  public boolean begin(
      Recipe settled, PreparedClassifier data, EncoderModel model, Consumer<String> notes) {
    if (goesOn) {
      model.goOn(start, data.labels());
      tellLabels(data, notes);
    } else {
      long[] counts = data.train().counts(data.vocab().size());
      model.begin(start, data.vocab(), settled.remap(), counts, notes);
    }
    return goesOn;
  }

  @Override
  public String before(PreparedClassifier data, Evaluation evaluation) {
    return Shown.format(
        "before: valid loss %.4f, %s %.4f, macro F1 %.4f",
        evaluation.loss(),
        data.labelling().accuracyName(),
        evaluation.accuracy(),
        evaluation.macroF1());
  }

  /** Which labels go on, which are new, and which the model may forget. */
  private void tellLabels(PreparedClassifier data, Consumer<String> notes) {
    List<String> known = start.labels();
    List<String> fresh = data.labels().subList(known.size(), data.labels().size());
    notes.accept(
        startPath
            + ": goes on with its "
            + known.size()
            + " labels"
            + (fresh.isEmpty() ? "" : "; new, with random weights: " + Shown.list(fresh, NAMED)));
    long[] rows = data.train().labelCounts(data.labels().size());
    List<String> gone =
        IntStream.range(0, known.size()).filter(l -> rows[l] == 0).mapToObj(known::get).toList();
    if (!gone.isEmpty()) {
      notes.accept(
          "WARNING: no training rows of "
              + Shown.list(gone, NAMED)
              + ": the model unlearns what it never sees; add rows of before");
    }
  }

  @Override
  ModelConfig config(Trained<PreparedClassifier, EncoderModel> trained, ClassifierResult result) {
    return config(trained.recipe(), trained.data(), result.output());
  }

  @Override
  Map<String, Object> origins(PreparedClassifier data) {
    Map<String, Object> origin = origin(data);
    origin.put(goesOn ? "classifier" : "encoder", startPath.getFileName().toString());
    return origin;
  }
}
