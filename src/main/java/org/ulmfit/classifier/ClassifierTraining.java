package org.ulmfit.classifier;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
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
import org.ulmfit.prepare.Prepare;
import org.ulmfit.prepare.PreparedClassifier;
import org.ulmfit.run.Trained;
import org.ulmfit.run.Training;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Scores;
import org.ulmfit.train.Task;
import org.ulmfit.vocab.TokenStore;

/** Stage 3: a classifier on a saved encoder. */
public final class ClassifierTraining
    implements Training<PreparedClassifier, TextModel, ClassifierTraining.Result> {

  private static final int NAMED = 60; // labels in a line

  private final Corpus corpus;
  private final int limit;
  private final Path encoderPath;
  private final Pretrained encoder;
  private final Recipe recipe;

  /**
   * What came of it.
   *
   * @param valid of the model that was saved
   * @param test on the corpus's test split, if it has one
   */
  public record Result(Path model, Evaluation valid, Optional<Scores> test) {}

  /**
   * Opens the encoder.
   *
   * @param limit documents per split at most, every class kept; 0 = all
   * @param encoder model folder or run that holds one
   * @throws UlmfitException (bad model) if the encoder cannot be used; (usage) if it contradicts
   *     the recipe, or if the recipe would choose the model by the rows it is tested on
   */
  public ClassifierTraining(Corpus corpus, int limit, Path encoder, Recipe recipe) {
    this.corpus = corpus;
    this.limit = limit;
    this.encoderPath = encoder;
    this.encoder = Pretrained.open(encoder, "encoder");
    if (recipe.checkpoint().best() == Recipe.Best.SAVE
        && recipe.classifier().validateOn() == Recipe.ValidateOn.TEST) {
      throw UlmfitException.usage(
          "checkpoint.best=save with classifier.validateOn=test would choose the model by the rows"
              + " it is tested on; set one of them otherwise");
    }
    this.recipe = ModelSettings.decide(recipe, this.encoder.config(), this.encoder.path());
  }

  @Override
  public String kind() {
    return "classifier";
  }

  @Override
  public String title() {
    return "Classifier";
  }

  @Override
  public Corpus corpus() {
    return corpus;
  }

  @Override
  public Map<String, Path> inputs() {
    return Map.of("encoder", encoderPath);
  }

  @Override
  public Recipe recipe() {
    return recipe;
  }

  @Override
  public PreparedClassifier prepare(Recipe wanted, Path dir, Consumer<String> notes, Stop stop) {
    return new Prepare(wanted, notes, stop).classifier(corpus, encoder.vocab(), dir, limit);
  }

  @Override
  public List<String> describe(Recipe settled, PreparedClassifier data) {
    List<String> lines = new ArrayList<>();
    lines.add("test: " + (data.test() == null ? "none" : data.test().description()));
    lines.add("labels: " + Shown.list(data.labels(), NAMED));
    return lines;
  }

  @Override
  public String direction() {
    return encoder.config().direction();
  }

  @Override
  public long weightsStream() {
    return -2;
  }

  @Override
  public TextModel model(Recipe settled, PreparedClassifier data, Backend backend) {
    ModelConfig config = config(settled, data);
    return Family.of(config).create(backend, config, data.vocab().padId(), settled.classifier());
  }

  private ModelConfig config(Recipe settled, PreparedClassifier data) {
    ModelConfig.Architecture a = encoder.config().architecture();
    Recipe.Classifier c = settled.classifier();
    return new ModelConfig(
        kind(),
        encoder.config().family(),
        encoder.config().direction(),
        ModelFolder.FORMAT_VERSION,
        new ModelConfig.Architecture(
            data.vocab().size(), a.embeddingSize(), a.hiddenSize(), a.layers(), a.decoderBias()),
        ModelConfig.TextProfile.of(settled.text()),
        Reading.of(settled, kind()),
        ModelConfig.Head.of(data.labels().size(), c),
        data.summary().columns());
  }

  @Override
  public Task task(
      Recipe settled, PreparedClassifier data, TextModel model, Consumer<String> notes) {
    return new ClassifierTask(
        model, data.train(), watched(settled, data), data.labels(), settled, notes);
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
  public String memoryKeys() {
    return "classifier.maxBatchTokens or classifier.batchSize";
  }

  @Override
  public Optional<Evaluation> begin(
      Recipe settled, PreparedClassifier data, TextModel model, Task task, Consumer<String> notes) {
    long[] counts = data.train().counts(data.vocab().size());
    model.begin(encoder, data.vocab(), settled.remap(), counts, notes);
    return Optional.empty();
  }

  @Override
  public Result result(Trained<PreparedClassifier, TextModel> trained) {
    PreparedClassifier data = trained.data();
    Optional<Scores> test =
        Optional.ofNullable(data.test())
            .map(
                store ->
                    Scorer.score(
                        "test",
                        trained.model(),
                        store,
                        data.labels(),
                        trained.recipe().classifier()));
    return new Result(trained.folder(kind()), trained.valid(), test);
  }

  @Override
  public Optional<Scores> scores(Result result) {
    return result.test();
  }

  @Override
  public void save(Trained<PreparedClassifier, TextModel> trained, Result result) {
    PreparedClassifier data = trained.data();
    Map<String, Object> metrics = new LinkedHashMap<>();
    put(metrics, "valid", result.valid());
    result.test().ifPresent(t -> put(metrics, "test", t.evaluation()));
    Map<String, Object> origin = trained.provenance(corpus);
    origin.put("test", data.test() == null ? "none" : data.test().description());
    origin.put("encoder", encoderPath.getFileName().toString());
    ModelConfig config = config(trained.recipe(), data);
    new ModelWriter(
            config,
            data.vocab(),
            trained.recipe(),
            trained.arithmetic(),
            origin,
            metrics,
            data.tokenizer())
        .write(result.model(), trained.model().tensors(), data.labels());
  }

  private static void put(Map<String, Object> metrics, String split, Evaluation e) {
    metrics.put(split + ".accuracy", e.accuracy());
    metrics.put(split + ".loss", e.loss());
    metrics.put(split + ".documents", e.items());
  }
}
