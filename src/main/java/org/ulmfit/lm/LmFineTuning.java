package org.ulmfit.lm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.model.Evidence;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.ModelSettings;
import org.ulmfit.model.ModelWriter;
import org.ulmfit.model.Reading;
import org.ulmfit.nn.Backend;
import org.ulmfit.prepare.CorpusSummary;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.prepare.PreparedLm;
import org.ulmfit.run.Trained;
import org.ulmfit.run.Training;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Metrics;
import org.ulmfit.train.Task;
import org.ulmfit.vocab.Vocab;

/**
 * Stage 2: a language model on the corpus, from remapped pretrained weights or from random ones.
 */
public final class LmFineTuning
    implements Training<PreparedLm, LanguageModel, LmFineTuning.Result> {

  private final Corpus corpus;
  private final int limit;
  private final LmStart start;
  private final @Nullable Pretrained pretrained; // null: from random weights
  private final Recipe recipe;

  /**
   * What came of it.
   *
   * @param before validation before training; empty when starting from random weights
   * @param after validation of the model that was saved
   */
  public record Result(Path model, Path encoder, Optional<Evaluation> before, Evaluation after) {}

  /**
   * Opens the pretrained model, if there is one.
   *
   * @param limit documents at most; 0 = all
   * @throws UlmfitException (bad model) if the pretrained model cannot be used; (usage) if it
   *     contradicts the recipe or the direction
   */
  public LmFineTuning(Corpus corpus, int limit, LmStart start, Recipe recipe) {
    this.corpus = corpus;
    this.limit = limit;
    this.start = start;
    Pretrained opened = start.open();
    this.pretrained = opened;
    this.recipe =
        opened == null ? recipe : ModelSettings.decide(recipe, opened.config(), opened.path());
  }

  @Override
  public String kind() {
    return "lm";
  }

  @Override
  public String title() {
    return "Language model";
  }

  @Override
  public Corpus corpus() {
    return corpus;
  }

  @Override
  public Map<String, Path> inputs() {
    Path pretrainedPath = start.pretrained();
    return pretrainedPath == null ? Map.of() : Map.of("model", pretrainedPath);
  }

  @Override
  public Recipe recipe() {
    return recipe;
  }

  @Override
  public PreparedLm prepare(Recipe wanted, Path dir, Consumer<String> notes, Stop stop) {
    Vocab words = pretrained == null ? null : pretrained.vocab();
    return new Prepare(wanted, notes, stop).languageModel(corpus, words, dir, limit);
  }

  @Override
  public Recipe settle(Recipe wanted, PreparedLm data) {
    return DataChoices.settle(wanted, data);
  }

  @Override
  public List<String> choices(Recipe settled, PreparedLm data) {
    List<String> lines = DataChoices.lines(recipe, settled, corpus, pretrained != null, data);
    String language = settled.text().languageTag();
    if (pretrained != null && pretrained.config().backward() != start.backwards()) {
      lines.add(
          "direction: "
              + direction()
              + "; the pretrained model's is "
              + pretrained.config().direction()
              + ", so that its layers have to learn to read the other way (--any-direction)");
    }
    String was = pretrained == null ? null : pretrained.config().text().language();
    if (was != null && !was.equals(language)) {
      lines.add("language: " + language + "; the pretrained model's is " + was);
    }
    return lines;
  }

  @Override
  public List<String> describe(Recipe settled, PreparedLm data) {
    return List.of("vocabulary: " + data.vocab().size());
  }

  @Override
  public String startSum() {
    return pretrained == null ? "" : ModelFolder.sum(pretrained.path());
  }

  @Override
  public String direction() {
    return start.direction();
  }

  @Override
  public long weightsStream() {
    return -1;
  }

  @Override
  public LanguageModel model(Recipe settled, PreparedLm data, Backend backend) {
    Recipe.Model m = settled.model();
    return new LanguageModel(
        backend.manager(),
        backend.kernels(),
        new AwdLstmSizes(
            data.vocab().size(), m.embeddingSize(), m.hiddenSize(), m.layers(), m.decoderBias()));
  }

  @Override
  public Task task(Recipe settled, PreparedLm data, LanguageModel model, Consumer<String> notes) {
    return new LmTask(
        model, data.train(), data.valid(), settled, start.backwards(), data.vocab().padId());
  }

  @Override
  public List<Recipe.Phase> phases(Recipe settled) {
    return settled.lm().stages();
  }

  @Override
  public Recipe.Optimizer optimizer(Recipe settled) {
    return settled.lm().optimizer();
  }

  @Override
  public double ema(Recipe settled) {
    return settled.lm().ema();
  }

  @Override
  public String memoryKeys() {
    return "lm.batchSize or lm.bptt";
  }

  @Override
  public boolean begin(
      Recipe settled, PreparedLm data, LanguageModel model, Consumer<String> notes) {
    boolean unigram = settled.lm().startBias() == Recipe.StartBias.UNIGRAM;
    if (pretrained == null && !unigram) {
      return false;
    }
    long[] counts = data.train().counts(data.vocab().size());
    if (pretrained == null) {
      model.startBias(counts);
      return false;
    }
    boolean biased =
        pretrained.copyInto(
            model.encoder(), model.decoder(), data.vocab(), settled.remap(), counts, notes);
    if (!biased && unigram) {
      model.startBias(counts);
    }
    return true;
  }

  @Override
  public String before(PreparedLm data, Evaluation evaluation) {
    return Shown.format(
        "before fine-tuning: loss %.4f, perplexity %.2f",
        evaluation.loss(), Metrics.perplexity(evaluation.loss()));
  }

  @Override
  public Result result(Trained<PreparedLm, LanguageModel> trained) {
    return new Result(
        trained.folder(kind()), trained.folder("encoder"), trained.before(), trained.valid());
  }

  @Override
  public void save(Trained<PreparedLm, LanguageModel> trained, Result result) {
    LanguageModel model = trained.model();
    PreparedLm data = trained.data();
    ModelConfig config =
        new ModelConfig(
            kind(),
            ModelConfig.AWD_LSTM,
            direction(),
            ModelFolder.FORMAT_VERSION,
            model.architecture(),
            null,
            null,
            null,
            ModelConfig.TextProfile.of(trained.recipe().text()),
            Reading.of(trained.recipe(), kind()),
            null,
            null,
            null,
            null,
            data.summary().columns());
    Map<String, Object> metrics = new LinkedHashMap<>();
    result.before().ifPresent(e -> put(metrics, "before", e));
    put(metrics, "after", result.after());
    Map<String, Object> origin = trained.provenance(corpus);
    Path pretrainedPath = start.pretrained();
    origin.put("pretrained", pretrainedPath == null ? "none" : pretrainedPath.getFileName() + "");
    ModelWriter writer =
        new ModelWriter(
            config,
            data.vocab(),
            trained.recipe(),
            trained.arithmetic(),
            origin,
            metrics,
            evidence(data, result),
            data.tokenizer());
    writer.write(result.model(), model.tensors(), null);
    writer.as("encoder").write(result.encoder(), model.encoderTensors(), null);
  }

  private static Evidence evidence(PreparedLm data, Result result) {
    List<Evidence.Result> results = new ArrayList<>();
    results.add(Evidence.Result.ofWords("valid", result.after()));
    result.before().ifPresent(e -> results.add(Evidence.Result.ofWords("valid, untuned", e)));
    CorpusSummary summary = data.summary();
    return new Evidence(
        List.of(
            Evidence.Split.of("train", data.train(), 0, summary.unknownShare("lm/train")),
            Evidence.Split.of("valid", data.valid(), 0, summary.unknownShare("lm/valid"))),
        results);
  }

  private static void put(Map<String, Object> metrics, String name, Evaluation e) {
    metrics.put(name + ".loss", e.loss());
    metrics.put(name + ".perplexity", Metrics.perplexity(e.loss()));
    metrics.put(name + ".accuracy", e.accuracy());
    metrics.put(name + ".tokens", e.items());
  }
}
