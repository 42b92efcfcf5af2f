package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.ClassifierResult;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.FamilyKeys;
import org.ulmfit.classifier.Start;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.report.ScoreTables;
import org.ulmfit.run.Invocation;
import org.ulmfit.run.RunOptions;
import org.ulmfit.run.Runs;
import org.ulmfit.run.Work;
import org.ulmfit.selftrain.SelfTraining;
import org.ulmfit.selftrain.SelfTrainingJob;
import org.ulmfit.selftrain.SelfTrainingReport;
import org.ulmfit.train.Evaluation;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit classify}: stage 3. */
@Command(
    name = "classify",
    aliases = "train",
    header = "Stage 3: TRAIN a classifier on a saved encoder ('predict' labels texts).",
    description = {
      "",
      "Takes the encoder of any lm-finetune run, remaps it if the vocabulary differs, and trains"
          + " in the phases of the recipe: all layers at once, or gradual unfreezing.",
      ""
    })
final class ClassifyCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Option(
      names = "--no-texts",
      description =
          "Keep texts of the corpus out of the report, which else shows those of the surest errors.")
  private boolean noTexts;

  @Mixin private CorpusArgument corpus;

  @ArgGroup private @Nullable StartOptions start;

  @Option(
      names = "--family",
      paramLabel = "FAMILY",
      converter = ChoiceConverter.Family.class,
      description =
          "awd-lstm (ULMFiT, the default), or a model that needs no encoder, to compare or to do"
              + " without one: ${COMPLETION-CANDIDATES}. Its recipe is that of its name.",
      completionCandidates = FamilyNames.WithoutEncoder.class)
  private Recipe.@Nullable Family family;

  @Option(
      names = "--embedder",
      paramLabel = "FOLDER|JAR",
      description =
          "Sentence encoder of --family embedding: a folder with model.onnx and tokenizer.json, or a"
              + " jar that holds both; the same as --set embedding.embedder=...")
  private @Nullable Path embedder;

  @Option(
      names = "--ngrams",
      paramLabel = "OF",
      converter = ChoiceConverter.NgramsOf.class,
      description =
          "Of an n-gram family: word (words and pairs of words, the default) or char (2 to 5"
              + " characters: --set text.tokenizer=chars, ngrams.low=2, ngrams.high=5).")
  private @Nullable NgramsOf ngrams;

  @Mixin private RoundsMixin rounds;
  @Mixin private RunMixin run;
  @Mixin private RecipeMixin recipe;
  @Mixin private EngineMixin engine;

  /** What n-grams are of, and the keys that say so. */
  enum NgramsOf {
    WORD("ngrams.low=1", "ngrams.high=2"),
    CHAR("text.tokenizer=" + CHARACTERS, "ngrams.low=2", "ngrams.high=5");

    private final List<String> keys;

    NgramsOf(String... keys) {
      this.keys = List.of(keys);
    }

    String option() {
      return "--ngrams " + name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String CHARACTERS = "chars";

  /** One of the two. */
  static final class StartOptions {
    @Option(
        names = "--encoder",
        paramLabel = "RUN",
        description = "Run of lm-finetune, or a folder that holds an encoder.")
    private @Nullable Path encoder;

    @Option(
        names = "--from",
        paramLabel = "RUN",
        description =
            "Run of classify, or a folder that holds a classifier, to go on with these rows: its"
                + " labels stay, new ones start with random weights.")
    private @Nullable Path classifier;
  }

  @Override
  public Integer call() {
    engine.apply();
    if (noTexts) {
      run.withoutTexts();
    }
    if (rounds.asked()) {
      selfTrain();
      return 0;
    }
    TrainingRun trainings = TrainingRun.of(main.console(), run, engine);
    Recipe effective = effective();
    if (trainings.go(work(effective), this::show)) {
      main.console().say("next: echo 'some text' | ulmfit predict " + run.out());
    }
    return 0;
  }

  /** Rounds in place of one training. */
  private void selfTrain() {
    Console console = main.console();
    if (family != null && family != Recipe.Family.AWD_LSTM) {
      throw UlmfitException.usage(
          "--family: rounds of --unlabelled are of awd-lstm, which starts again from its language"
              + " model; leave it out, or make the other family the --teacher");
    }
    if (start == null || start.encoder == null) {
      throw UlmfitException.usage(
          "--unlabelled: every round starts from a language model: give --encoder RUN");
    }
    for (String share : List.of("corpus.validFraction", "corpus.testFraction")) {
      if (!recipe.gives(share)) {
        recipe.under(List.of(share + "=0")); // all rows are trained on unless asked
      }
    }
    Recipe effective = effective();
    Work<?, ClassifierResult> first = work(effective);
    RunOptions options =
        run.dryRun() ? RunOptions.in(Path.of("rounds")) : run.options(engine.device());
    Invocation invocation = options.invocation();
    SelfTrainingJob job =
        new SelfTrainingJob(
            corpus.corpus(),
            corpus.limit(),
            corpus.texts(rounds.unlabelled()),
            start.encoder,
            rounds.teacher(),
            first.recipe(),
            rounds.takes(),
            rounds.seeds(effective.seed()),
            options.out(),
            engine.device(),
            options.resume(),
            options.overwrite(),
            invocation == null ? null : invocation.command());
    if (run.dryRun()) { // there is nothing to save: a signal just ends it
      SelfTraining.plan(job, new RunsProgress(console), new Stop()).forEach(console::data);
      return;
    }
    SelfTrainingReport report =
        Interrupts.running(stop -> SelfTraining.run(job, new RunsProgress(console), stop));
    console.data(report.text());
    console.data("report: " + options.out().resolve("report.md"));
    console.say("next: echo 'some text' | ulmfit predict " + options.out());
  }

  /** A family without a recipe file has the recipe of its name. */
  private Recipe effective() {
    recipe.under(ngrams == null ? List.of() : ngrams.keys);
    Recipe asked =
        family == null
            ? recipe.recipe()
            : family == Recipe.Family.AWD_LSTM
                ? recipe.recipe(List.of("classifier.family=awd-lstm"))
                : recipe.recipe(Recipes.word(family), "classifier.family");
    if (ngrams != null) {
      check(ngrams, asked);
    }
    if (embedder == null) {
      return asked;
    }
    if (asked.classifier().family() != Recipe.Family.EMBEDDING) {
      throw UlmfitException.usage(
          "--embedder: only the family embedding has one; add --family embedding, or leave it out");
    }
    return Recipes.with(
        asked, List.of(Recipes.override("embedding.embedder", embedder.toString())));
  }

  private static void check(NgramsOf ngrams, Recipe asked) {
    FamilyKeys.check(
        List.of(Family.of(asked.classifier().family())),
        List.of(new Recipes.Given("ngrams.low", ngrams.option())));
    boolean characters = asked.text().tokenizer().equals(CHARACTERS);
    if (characters != (ngrams == NgramsOf.CHAR)) {
      throw UlmfitException.usage(
          Shown.format(
              "%s: but text.tokenizer is %s; leave one of them out",
              ngrams.option(), asked.text().tokenizer()));
    }
  }

  private Work<?, ClassifierResult> work(Recipe effective) {
    Family asked = Family.of(effective.classifier().family());
    recipe.check(List.of(asked));
    recipe.checkAdversarial(effective);
    engine.check(List.of(asked));
    if (start == null && asked.startsFromEncoder()) {
      throw UlmfitException.usage(
          "--encoder RUN or --from RUN is missing: a classifier begins with the encoder of an"
              + " lm-finetune run, or goes on with another; --family ngram-nbsvm needs neither");
    }
    if (start != null && !asked.startsFromEncoder()) {
      throw UlmfitException.usage(
          (start.classifier != null ? "--from" : "--encoder")
              + ": the family "
              + asked.name()
              + " starts from the texts alone; leave it out");
    }
    return asked.work(
        start == null ? Start.NONE : new Start(start.encoder, start.classifier, null),
        corpus.corpus(),
        corpus.limit(),
        effective);
  }

  private void show(Runs.Finished<ClassifierResult> finished) {
    Console console = main.console();
    ClassifierResult result = finished.result();
    console.data("classifier: " + result.model());
    Evaluation valid = result.valid();
    String accuracy = result.output().labelling().accuracyName();
    console.data("valid " + accuracy + ": " + Figures.fixed(valid.accuracy(), 4));
    console.data("valid macro F1: " + Figures.fixed(Objects.requireNonNull(valid.macroF1()), 4));
    console.data("valid loss: " + Figures.fixed(valid.loss(), 4));
    result.test().ifPresent(test -> console.data(new ScoreTables(test).text()));
    console.data("report: " + finished.report());
  }
}
