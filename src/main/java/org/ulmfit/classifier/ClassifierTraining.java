package org.ulmfit.classifier;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.lm.Pretrained;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.ModelSettings;
import org.ulmfit.model.ModelWriter;
import org.ulmfit.model.Reading;
import org.ulmfit.nn.Backend;
import org.ulmfit.prepare.Predecessor;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.prepare.PreparedClassifier;
import org.ulmfit.run.Trained;
import org.ulmfit.run.Training;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Task;
import org.ulmfit.vocab.TokenStore;

/** Stage 3: a classifier on a saved encoder, or a saved classifier that goes on with other rows. */
public final class ClassifierTraining extends ClassifierWork
    implements Training<PreparedClassifier, TextModel, ClassifierResult> {

  private static final int NAMED = 60; // labels in a line

  private final Path startPath;
  private final Pretrained start;
  private final boolean goesOn;
  private final Recipe recipe;

  /**
   * Opens the encoder.
   *
   * @param limit documents per split at most, every class kept; 0 = all
   * @param encoder model folder or run that holds one
   * @throws UlmfitException (bad model) if the encoder cannot be used; (usage) if it contradicts
   *     the recipe, or if the recipe would choose the model by the rows it is tested on
   */
  public static ClassifierTraining on(Path encoder, Corpus corpus, int limit, Recipe recipe) {
    return new ClassifierTraining(encoder, false, corpus, limit, recipe);
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
    return new ClassifierTraining(classifier, true, corpus, limit, recipe);
  }

  private ClassifierTraining(
      Path startPath, boolean goesOn, Corpus corpus, int limit, Recipe recipe) {
    super(corpus, limit);
    this.startPath = startPath;
    this.goesOn = goesOn;
    this.start = Pretrained.open(startPath, goesOn ? "classifier" : "encoder");
    boolean byTest = recipe.classifier().validateOn() == Recipe.ValidateOn.TEST;
    refuse(byTest && recipe.checkpoint().best() == Recipe.Best.SAVE, "checkpoint.best=save");
    refuse(byTest && recipe.classifier().patience() > 0, "classifier.patience above 0");
    this.recipe =
        goesOn
            ? ModelSettings.decideClassifier(recipe, start.config(), start.path())
            : ModelSettings.decideOnEncoder(recipe, start.config(), start.path());
  }

  private static void refuse(boolean both, String what) {
    if (both) {
      throw UlmfitException.usage(
          what
              + " with classifier.validateOn=test would choose the model by the rows it is tested on;"
              + " set one of them otherwise");
    }
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
    PreparedClassifier data =
        goesOn
            ? prepare.goingOn(corpus, predecessor(), dir, limit)
            : prepare.classifier(corpus, start.vocab(), dir, limit);
    boolean byTest = wanted.classifier().validateOn() == Recipe.ValidateOn.TEST;
    if (byTest && data.labelling() == Labelling.MULTI) {
      data.close();
      refuse(true, "several labels a row, whose thresholds validation chooses,");
    }
    return data;
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
  public TextModel model(Recipe settled, PreparedClassifier data, Backend backend) {
    Output output = Output.of(data.labelling(), data.labels().size());
    ModelConfig config = config(settled, data, output);
    NeuralFamily family = (NeuralFamily) Family.of(config); // those of encoders are
    return family.create(backend, config, data.vocab().padId(), settled.classifier());
  }

  private ModelConfig config(Recipe settled, PreparedClassifier data, Output output) {
    ModelConfig.Architecture a = start.config().awdLstm();
    Recipe.Classifier c = settled.classifier();
    return new ModelConfig(
        kind(),
        start.config().family(),
        start.config().direction(),
        ModelFolder.FORMAT_VERSION,
        new ModelConfig.Architecture(
            data.vocab().size(), a.embeddingSize(), a.hiddenSize(), a.layers(), a.decoderBias()),
        null,
        ModelConfig.TextProfile.of(settled.text()),
        Reading.of(settled, kind()),
        ModelConfig.Head.of(data.labels().size(), c),
        data.labelling().word(),
        thresholds(output),
        data.summary().columns());
  }

  @Override
  public Task task(
      Recipe settled, PreparedClassifier data, TextModel model, Consumer<String> notes) {
    return new ClassifierTask(
        model,
        data.train(),
        watched(settled, data),
        data.labelling(),
        data.labels(),
        settled,
        notes);
  }

  /**
   * The split of the epoch table: validation, unless the recipe asks for test as the lesson did.
   */
  private static TokenStore watched(Recipe settled, PreparedClassifier data) {
    boolean test = settled.classifier().validateOn() == Recipe.ValidateOn.TEST;
    return test && data.test() != null ? data.test() : data.valid();
  }

  @Override
  public List<Recipe.Phase> phases(Recipe settled) {
    return settled.classifier().stages();
  }

  @Override
  public Recipe.Optimizer optimizer(Recipe settled) {
    return settled.classifier().optimizer();
  }

  @Override
  public int patience(Recipe settled) {
    return settled.classifier().patience();
  }

  @Override
  public String memoryKeys() {
    return "classifier.maxBatchTokens or classifier.batchSize";
  }

  @Override
  public Optional<Evaluation> begin(
      Recipe settled, PreparedClassifier data, TextModel model, Task task, Consumer<String> notes) {
    if (goesOn) {
      model.goOn(start, data.labels());
      tellLabels(data, notes);
      Evaluation before = task.validate();
      notes.accept(
          String.format(
              Locale.ROOT,
              "before: valid loss %.4f, %s %.4f, macro F1 %.4f",
              before.loss(),
              data.labelling().accuracyName(),
              before.accuracy(),
              before.macroF1()));
      return Optional.of(before);
    }
    long[] counts = data.train().counts(data.vocab().size());
    model.begin(start, data.vocab(), settled.remap(), counts, notes);
    return Optional.empty();
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
  public ClassifierResult result(Trained<PreparedClassifier, TextModel> trained) {
    try (Inference model = trained.model().inference()) {
      return ClassifierResult.measured(
          trained.folder(kind()),
          model,
          trained.data(),
          trained.recipe().classifier(),
          Optional.of(trained.valid()));
    }
  }

  @Override
  public void save(Trained<PreparedClassifier, TextModel> trained, ClassifierResult result) {
    PreparedClassifier data = trained.data();
    Map<String, Object> origin = origin(data);
    origin.put(goesOn ? "classifier" : "encoder", startPath.getFileName().toString());
    ModelConfig config = config(trained.recipe(), data, result.output());
    new ModelWriter(
            config,
            data.vocab(),
            trained.recipe(),
            trained.arithmetic(),
            origin,
            result.metrics(),
            data.tokenizer())
        .write(result.model(), trained.model().tensors(), data.labels());
  }
}
