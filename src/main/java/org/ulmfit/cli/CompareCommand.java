package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Family;
import org.ulmfit.compare.CompareJob;
import org.ulmfit.compare.CompareReport;
import org.ulmfit.compare.Comparison;
import org.ulmfit.config.Recipe;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code ulmfit compare}: the families on the same rows. */
@Command(
    name = "compare",
    header = "Train several kinds of classifiers on the same rows and tell which is worth it.",
    description = {
      "",
      "Splits the corpus once, trains every family on the same training rows and measures all on the"
          + " same test rows, the cheap ones first: accuracy and macro F1 with intervals, training"
          + " time, memory, size, speed, and which it would choose by the validation rows. The table"
          + " is in DIR/compare.md and DIR/compare.json, too; every model is a run in DIR, taken"
          + " wherever a run is.",
      "",
      "--config is the recipe of awd-lstm and says how the corpus is split; the other families have"
          + " the recipe of their name. --set applies to each family that reads the key.",
      ""
    })
final class CompareCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Mixin private CorpusArgument corpus;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder of the comparison: the rows, a run of each model, the tables. Needed, but for a dry"
              + " run.")
  private @Nullable Path out;

  @Option(
      names = "--families",
      paramLabel = "FAMILY",
      split = ",",
      converter = ChoiceConverter.Family.class,
      completionCandidates = FamilyNames.All.class,
      description = "Of ${COMPLETION-CANDIDATES} (default: all that can be made).")
  private @Nullable List<Recipe.Family> families;

  @Option(
      names = "--encoder",
      paramLabel = "RUN",
      description =
          "What awd-lstm starts from: a run of lm-finetune, or a folder that holds an encoder"
              + " (default: the model that comes with ulmfit, as it is).")
  private @Nullable Path encoder;

  @Option(
      names = "--embedder",
      paramLabel = "FOLDER|JAR",
      description =
          "Sentence encoder of the family embedding: a folder with model.onnx and tokenizer.json, or"
              + " a jar that holds both (default: none, embedding is left out).")
  private @Nullable Path embedder;

  @Option(
      names = "--labels",
      paramLabel = "N",
      split = ",",
      converter = Rows.class,
      description =
          "How many training rows to learn from, all among them, such as 100,1000,all (default:"
              + " all). Validation and test rows are the same for all.")
  private List<Integer> counts = List.of(0);

  @Option(
      names = "--seeds",
      paramLabel = "N",
      split = ",",
      description =
          "Several seeds of splits and trainings: means and deviations (default: the recipe's one).")
  private @Nullable List<Long> seeds;

  @Option(
      names = "--folds",
      paramLabel = "K",
      converter = CorpusMixin.Count.class,
      description =
          "Cut the training rows into K folds and train as often without one: mean and deviation, and"
              + " answers to rows held out, on which the weights of a stack of all are learned.")
  private int folds;

  @Option(
      names = "--search",
      paramLabel = "KEY=V1,V2",
      description =
          "Try values of a recipe key, for each family that reads it, and take the best by the"
              + " validation rows; several make a grid.")
  private List<String> searched = List.of();

  @Option(
      names = "--budget",
      paramLabel = "TIME",
      converter = Duration.class,
      description =
          "How long it may take, such as 90s, 30m or 2h, the time before --resume counted. Trainings"
              + " that would take longer get fewer epochs or are left out, which is told.")
  private @Nullable Double budget;

  @Option(
      names = "--resume",
      description = "Go on where DIR was left; give the same options again, or more of them.")
  private boolean resume;

  @Option(names = "--overwrite", description = "Replace the comparison that DIR holds.")
  private boolean overwrite;

  @Option(
      names = "--dry-run",
      description = "Tell the rows and what would be trained; train nothing, write nothing.")
  private boolean dryRun;

  @Mixin private RecipeMixin recipe;
  @Mixin private EngineMixin engine;

  @Override
  public Integer call() {
    engine.apply();
    Console console = main.console();
    if (out == null && !dryRun) {
      throw UlmfitException.usage(
          "--out DIR is missing; or look at what it would do with --dry-run");
    }
    Path dir = out == null ? Path.of("comparison") : out;
    CompareJob job = job(console, dir);
    if (dryRun) { // there is nothing to save: a signal just ends it
      Comparison.plan(job, new RunsProgress(console), new Stop()).forEach(console::data);
      return 0;
    }
    CompareReport report =
        Interrupts.running(stop -> Comparison.run(job, new RunsProgress(console), stop));
    console.data(report.text());
    console.say("report: " + dir.resolve("compare.md"));
    return 0;
  }

  private CompareJob job(Console console, Path dir) {
    CompareRecipes recipes = new CompareRecipes(recipe, embedder);
    List<Recipe.Family> compared = families(recipes, console);
    recipes.check(compared);
    engine.check(compared.stream().map(Family::of).toList());
    if (seeds != null && spec.commandLine().getParseResult().hasMatchedOption("--seed")) {
      throw UlmfitException.usage("--seed and --seeds exclude each other; give one");
    }
    List<Long> all =
        seeds == null ? List.of(recipe.recipe().seed()) : seeds.stream().distinct().toList();
    if (all.size() > 1 && corpus.corpus().isStandardInput()) {
      throw UlmfitException.usage(
          "-: standard input can be read once, and each of --seeds splits it anew; give a file");
    }
    return new CompareJob(
        corpus.corpus(),
        corpus.limit(),
        compared,
        start(compared, console),
        counts.stream().distinct().toList(),
        all,
        seeds != null,
        recipes,
        folds,
        searches(compared, recipes),
        budget,
        new TrainingCommands(spec, recipes, corpus.path(), encoder, embedder),
        dir,
        engine.device(),
        resume,
        overwrite);
  }

  private List<Recipe.Family> families(CompareRecipes recipes, Console console) {
    if (families != null) {
      if (embedder != null && !families.contains(Recipe.Family.EMBEDDING)) {
        throw UlmfitException.usage(
            "--embedder: only embedding has one; add it to --families, or leave it out");
      }
      return families.stream().distinct().toList();
    }
    List<Recipe.Family> all = new ArrayList<>(List.of(Recipe.Family.values()));
    if (!recipes.haveEmbedder()) {
      all.remove(Recipe.Family.EMBEDDING);
      console.say("embedding is left out: it needs a sentence encoder, --embedder FOLDER or JAR");
    }
    return all;
  }

  /** Null without awd-lstm. */
  private CompareJob.@Nullable Start start(List<Recipe.Family> compared, Console console) {
    if (!compared.contains(Recipe.Family.AWD_LSTM)) {
      if (encoder != null) {
        throw UlmfitException.usage(
            "--encoder: only awd-lstm starts from one; add it to --families, or leave it out");
      }
      return null;
    }
    if (encoder != null) {
      return new CompareJob.Start(encoder, false);
    }
    Path shipped =
        Installation.pretrained()
            .orElseThrow(
                () ->
                    UlmfitException.usage(
                        "--encoder RUN is missing: awd-lstm starts from a run of lm-finetune, and no"
                            + " model comes with this installation; or leave awd-lstm out:"
                            + " --families ngram-lr,ngram-nbsvm"));
    CompareJob.Start start = new CompareJob.Start(shipped, true);
    console.say(start.line());
    return start;
  }

  private List<CompareJob.Searched> searches(List<Recipe.Family> compared, CompareRecipes recipes) {
    if (folds == 1) {
      throw UlmfitException.usage("--folds 1: there must be at least 2");
    }
    List<CompareJob.Searched> all = new ArrayList<>();
    for (String search : searched) {
      CompareJob.Searched one = SearchOption.parse(search);
      if (all.stream().anyMatch(other -> other.key().equals(one.key()))) {
        throw UlmfitException.usage("--search " + one.key() + ": is given twice; join its values");
      }
      all.add(one);
    }
    recipes.checkSearched(compared, all);
    return all;
  }

  /** A time with its unit, in seconds. */
  static final class Duration implements ITypeConverter<Double> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)([smh])");

    @Override
    public Double convert(String given) {
      Matcher m = FORM.matcher(given);
      double seconds = m.matches() ? Double.parseDouble(m.group(1)) : 0;
      if (seconds <= 0) {
        throw new TypeConversionException(
            "'" + given + "' is not a time above 0 with its unit, such as 90s, 30m or 2h");
      }
      return seconds * (m.group(2).equals("s") ? 1 : m.group(2).equals("m") ? 60 : 3600);
    }
  }

  /** A number of rows, or all. */
  static final class Rows implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String given) {
      if (given.equals("all")) {
        return 0;
      }
      try {
        return new CorpusMixin.Count().convert(given);
      } catch (TypeConversionException e) {
        throw new TypeConversionException(e.getMessage() + ", nor 'all'");
      }
    }
  }
}
