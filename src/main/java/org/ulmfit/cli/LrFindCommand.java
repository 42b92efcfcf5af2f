package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.Start;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.lm.LmFineTuning;
import org.ulmfit.lm.LmStart;
import org.ulmfit.report.LrPicture;
import org.ulmfit.run.Runs;
import org.ulmfit.run.Training;
import org.ulmfit.run.Work;
import org.ulmfit.train.LrCurve;
import org.ulmfit.train.RateSweep;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit lr-find}: the loss as the learning rate rises. */
@Command(
    name = "lr-find",
    header = "Try learning rates on a corpus; suggest some, save no model.",
    description = {
      "",
      "Trains a few steps with a rate that rises until the loss blows up: a classifier where"
          + " --encoder, --from or --family says so, else a language model. Take valley, or a rate"
          + " where the loss falls steadily; minimum is where it is about to blow up, divided by"
          + " ten.",
      ""
    })
final class LrFindCommand implements Callable<Integer> {
  private static final double LINEAR_END = 10; // times the phase's rate: lesson 10
  private static final int WIDTH = 60; // of the curve on a terminal
  private static final String BARS = "▁▂▃▄▅▆▇█";

  @ParentCommand private Main main;
  @Mixin private CorpusArgument corpus;
  @ArgGroup private @Nullable StartOptions start;

  @Option(
      names = "--backwards",
      description = "Of a language model: read every document from its end.")
  private boolean backwards;

  @Option(
      names = "--family",
      paramLabel = "FAMILY",
      converter = ChoiceConverter.Family.class,
      description = "Of a classifier that needs no encoder: ${COMPLETION-CANDIDATES}.",
      completionCandidates = FamilyNames.WithoutEncoder.class)
  private Recipe.@Nullable Family family;

  @Option(
      names = "--phase",
      paramLabel = "N",
      defaultValue = "1",
      converter = CorpusMixin.Count.class,
      description =
          "Phase of the recipe (default: 1): its layer groups are trained, with its distances"
              + " between their rates.")
  private int phase;

  @Option(
      names = "--linear",
      description =
          "Let the rate rise by the same amount each step, from 0 (default: by a factor).")
  private boolean linear;

  @Option(
      names = "--start",
      paramLabel = "RATE",
      description = "First rate of the last layer group (default: 1e-7).")
  private @Nullable Double first;

  @Option(
      names = "--end",
      paramLabel = "RATE",
      description = "Last rate (default: 10; with --linear ten times the phase's).")
  private @Nullable Double last;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "100",
      converter = CorpusMixin.Count.class,
      description = "Batches (default: 100), of several epochs if one has fewer.")
  private int steps;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where lr-find.svg, lr-find.png and lr-find.json go (default: nowhere).")
  private @Nullable Path out;

  @Option(names = "--overwrite", description = "Replace those files.")
  private boolean overwrite;

  @Mixin private LanguageMixin language;
  @Mixin private RecipeMixin recipe;
  @Mixin private EngineMixin engine;

  /** One of them, or none: the language model that comes with the installation. */
  static final class StartOptions {
    @Option(
        names = "--encoder",
        paramLabel = "RUN",
        description = "Of a classifier: run of lm-finetune, or a folder that holds an encoder.")
    private @Nullable Path encoder;

    @Option(
        names = "--from",
        paramLabel = "RUN",
        description = "Of a classifier that goes on: run of classify, or a folder that holds one.")
    private @Nullable Path classifier;

    @Option(
        names = "--pretrained",
        paramLabel = "DIR",
        description =
            "Language model or run to start from (default: wiki-small, with --backwards"
                + " wiki-small-backward).")
    private @Nullable Path pretrained;

    @Option(names = "--from-scratch", description = "A language model from random weights.")
    private boolean fromScratch;
  }

  @Override
  public Integer call() {
    engine.apply();
    OutFiles.check(out, LrPicture.NAMES, overwrite, "--out");
    Recipe asked = recipe();
    Training<?, ?, ?> training = training(asked);
    language.check(training.recipe());
    RateSweep sweep = sweep(training);
    Progress progress = new Progress(main.console(), training.phases(training.recipe()));
    LrCurve curve = Runs.sweep(training, engine.device(), phase - 1, sweep, progress, new Stop());
    progress.done();
    show(curve, training);
    if (out != null) {
      LrPicture.write(curve, out).forEach(file -> main.console().data("written: " + file));
    }
    return 0;
  }

  private Recipe recipe() {
    List<String> options = language.overrides();
    if (family == null) {
      return recipe.recipe(options);
    }
    recipe.under(options);
    return recipe.recipe(Recipes.word(family), "classifier.family");
  }

  private Training<?, ?, ?> training(Recipe asked) {
    Family its = Family.of(asked.classifier().family());
    boolean onEncoder = start != null && (start.encoder != null || start.classifier != null);
    if (onEncoder || !its.startsFromEncoder()) {
      return classifier(asked, its);
    }
    Path pretrained =
        PretrainedOption.path(start == null ? null : start.pretrained, isScratch(), backwards);
    LmStart from = LmStart.of(pretrained, backwards);
    return new LmFineTuning(corpus.corpus(), corpus.limit(), from, asked);
  }

  private boolean isScratch() {
    return start != null && start.fromScratch;
  }

  private Training<?, ?, ?> classifier(Recipe asked, Family its) {
    if (backwards) {
      throw UlmfitException.usage(
          "--backwards: a classifier reads as its encoder does; leave it out");
    }
    if (start != null && !its.startsFromEncoder()) {
      throw UlmfitException.usage(
          "the family " + its.name() + " starts from the texts alone; give no model to start from");
    }
    recipe.check(List.of(its));
    engine.check(List.of(its));
    Start from = start == null ? Start.NONE : new Start(start.encoder, start.classifier, null);
    Work<?, ?> work = its.work(from, corpus.corpus(), corpus.limit(), asked);
    if (work instanceof Training<?, ?, ?> training) {
      return training;
    }
    throw UlmfitException.usage(
        "the family " + its.name() + " is fitted without steps; it has no learning rate");
  }

  private RateSweep sweep(Training<?, ?, ?> training) {
    List<Recipe.Phase> phases = training.phases(training.recipe());
    if (phase > phases.size()) {
      throw UlmfitException.usage(
          Shown.format("--phase %d: the recipe has %d", phase, phases.size()));
    }
    if (!linear) {
      RateSweep usual = RateSweep.USUAL;
      return new RateSweep(
          RateSweep.Shape.EXPONENTIAL, or(first, usual.start()), or(last, usual.end()), steps);
    }
    if (first != null) {
      throw UlmfitException.usage("--start: with --linear the rate rises from 0; leave it out");
    }
    Double rate = phases.get(phase - 1).rates().last();
    if (last == null && rate == null) {
      throw UlmfitException.usage("--end RATE is missing: the phase's own rate is auto");
    }
    double end = last == null ? LINEAR_END * Objects.requireNonNull(rate) : last;
    return new RateSweep(RateSweep.Shape.LINEAR, end / steps, end, steps);
  }

  private static double or(@Nullable Double given, double usual) {
    return given == null ? usual : given;
  }

  private void show(LrCurve curve, Training<?, ?, ?> training) {
    Console console = main.console();
    List<LrCurve.Suggestion> suggestions = curve.suggestions();
    if (curve.points().isEmpty()) {
      throw UlmfitException.failure("the loss was not finite from the first step on", null);
    }
    console.say(
        Shown.format(
            "%d of %d steps%s, rates from %s to %s",
            curve.points().size(),
            curve.sweep().steps(),
            curve.blewUp() ? ", then the loss blew up" : "",
            rate(curve.points().get(0).rate()),
            rate(curve.points().get(curve.points().size() - 1).rate())));
    console.say("loss  " + line(curve));
    if (suggestions.isEmpty()) {
      throw UlmfitException.failure(
          "the curve is too short for a suggestion; "
              + (linear ? "end lower with --end" : "begin lower with --start, or end lower"),
          null);
    }
    for (LrCurve.Suggestion one : suggestions) {
      console.data(
          Shown.format(
              "%-8s %s  loss %s",
              one.method().word(), rate(one.rate()), Figures.fixed(one.loss(), 4)));
    }
    Stream.of(LrCurve.Method.VALLEY, LrCurve.Method.MINIMUM)
        .flatMap(method -> curve.edge(method).map(edge -> wider(method, edge, curve)).stream())
        .limit(1)
        .forEach(console::say);
    curve
        .suggestion(LrCurve.Method.VALLEY)
        .ifPresent(one -> console.data("take it: " + set(training, one.rate())));
  }

  /** What helps where a suggestion lies at an end of the rates tried. */
  private static String wider(LrCurve.Method method, LrCurve.Edge edge, LrCurve curve) {
    RateSweep sweep = curve.sweep();
    boolean low = edge == LrCurve.Edge.LOW;
    String option =
        !low
            ? "--end " + plain(10 * sweep.end())
            : sweep.shape() == RateSweep.Shape.LINEAR
                ? "--end " + plain(sweep.end() / 10)
                : "--start " + plain(sweep.start() / 100);
    return Shown.format(
        "%s was found at the %s end of the rates tried; a better one may lie beyond: try %s",
        method.word(), low ? "low" : "high", option);
  }

  private static String plain(double rate) {
    return Shown.format("%.1e", rate);
  }

  /** The option that takes a rate over. */
  private String set(Training<?, ?, ?> training, double rate) {
    Recipe.Rates rates = training.phases(training.recipe()).get(phase - 1).rates();
    return "--set '" + rates.at(rate).override(training.kind() + ".stages." + (phase - 1)) + "'";
  }

  private static String rate(double rate) {
    return Shown.format("%.2e", rate);
  }

  /** The curve in bars; what lies above its start is cut off. */
  private static String line(LrCurve curve) {
    List<LrCurve.Point> points = curve.points();
    double low = points.stream().mapToDouble(LrCurve.Point::loss).min().orElse(0);
    double high = points.get(0).loss();
    int columns = Math.min(WIDTH, points.size());
    StringBuilder bars = new StringBuilder();
    for (int column = 0; column < columns; column++) {
      int from = column * points.size() / columns;
      int to = Math.max(from + 1, (column + 1) * points.size() / columns);
      double mean =
          points.subList(from, to).stream().mapToDouble(LrCurve.Point::loss).average().orElse(0);
      double height = high > low ? (mean - low) / (high - low) : 0;
      bars.append(BARS.charAt((int) Math.min(BARS.length() - 1, height * BARS.length())));
    }
    return bars.toString();
  }
}
