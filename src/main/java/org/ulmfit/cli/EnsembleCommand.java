package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.predict.EnsembleJob;
import org.ulmfit.predict.EnsembleMaker;
import org.ulmfit.predict.StackingFigures;
import org.ulmfit.train.Evaluation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ulmfit ensemble}: several classifiers as one. */
@Command(
    name = "ensemble",
    header = "Join classifiers into one that averages or weighs their answers.",
    description = {
      "",
      "For the pair of directions: train a second language model with lm-finetune --backwards, a"
          + " classifier on each, and join the two. Members may differ in direction, vocabulary,"
          + " tokenizer and kind, not in labels. The folder holds them itself and is taken wherever a"
          + " classifier is asked for an answer: predict, evaluate.",
      "",
      "Their probabilities are averaged, or --stack learns a weight for each. The rows for it must be"
          + " held out: rows that a member was trained on, its validation data aside, speak for it"
          + " more than new ones will.",
      ""
    })
final class EnsembleCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "MODEL",
      description =
          "Runs of classify or folders of classifiers, two or more; an ensemble stands for its"
              + " members.")
  private List<Path> models;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder to write.")
  private Path out;

  @Option(names = "--overwrite", description = "Replace the model that DIR holds.")
  private boolean overwrite;

  @Option(
      names = "--stack",
      paramLabel = "VALID",
      description =
          "Labelled texts that no member was trained on, to learn weights on by logistic regression:"
              + " the validation split if there is one, else all if there is no other. The options"
              + " below tell how they are read.")
  private @Nullable Path stack;

  @Option(
      names = "--answers",
      split = ",",
      paramLabel = "FILE",
      description =
          "In place of --stack: what each model's kind said of training rows that were held out, as"
              + " compare --folds writes it; a file for each MODEL, in their order.")
  private List<Path> answers = List.of();

  @Mixin private CorpusMixin corpus;
  @Mixin private EngineMixin engine;
  @Mixin private PrecisionMixin precision;

  @Override
  public Integer call() {
    engine.apply();
    Console console = main.console();
    Scoring scoring = new Scoring(console, false);
    EnsembleJob job =
        new EnsembleJob(
            models,
            rows(),
            answers,
            corpus.limit(),
            engine.device(),
            precision.name(),
            out,
            overwrite);
    EnsembleMaker.Made made =
        Interrupts.running("nothing is written", stop -> EnsembleMaker.make(job, scoring, stop));
    scoring.end();
    made.figures().ifPresent(figures -> tell(figures, console));
    console.data("ensemble: " + made.folder());
    console.say("members: " + String.join(", ", made.members()));
    console.say("next: echo 'some text' | ulmfit predict " + made.folder());
    return 0;
  }

  private @Nullable Corpus rows() {
    if (stack != null && !answers.isEmpty()) {
      throw UlmfitException.usage("--stack and --answers exclude each other; give one");
    }
    if (stack != null) {
      return corpus.corpus(stack);
    }
    List<OptionSpec> reading = Objects.requireNonNull(spec.mixins().get("corpus")).options();
    for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
      if (reading.contains(given)) {
        throw UlmfitException.usage(
            given.longestName()
                + ": tells how the rows of --stack are read; add --stack VALID, or leave it out");
      }
    }
    return null;
  }

  private static void tell(StackingFigures figures, Console console) {
    console.say("on " + figures.rows() + ":");
    boolean several = figures.labelling() == Labelling.MULTI;
    Map<String, Evaluation> lines = new LinkedHashMap<>(figures.members());
    lines.put("mean", figures.mean());
    lines.put("weighted, on the rows the weights were learned on", figures.fitted());
    lines.put(
        "weighted, each row with weights learned on the other " + others(figures.folds()),
        figures.crossFitted());
    lines.forEach((name, figure) -> console.say("  " + name + ": " + line(several, figure)));
    console.say(
        "weights: "
            + figures.weights().entrySet().stream()
                .map(weight -> weight.getKey() + " " + Figures.fixed(weight.getValue(), 3))
                .collect(Collectors.joining(", ")));
  }

  private static String others(int folds) {
    return (folds - 1) + " of " + folds + " parts";
  }

  private static String line(boolean several, Evaluation figure) {
    String macro =
        figure.macroF1() == null ? "" : ", macro F1 " + Figures.fixed(figure.macroF1(), 4);
    return Shown.format(
        "%s %s%s, loss %s",
        several ? "subset accuracy" : "accuracy",
        Figures.fixed(figure.accuracy(), 4),
        macro,
        Figures.fixed(figure.loss(), 4));
  }
}
