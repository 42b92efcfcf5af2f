package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.interop.ImportJob;
import org.ulmfit.interop.WeightsImport;
import org.ulmfit.io.StrictJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** {@code ulmfit import}: weights of fastai become a model folder. */
@Command(
    name = "import",
    header = "Turn weights of fastai 0.7, 1 or 2 into a model folder.",
    description = {
      "",
      "Reads language models, encoders and classifiers: torch files old and new (.h5 and .pth of"
          + " fastai), safetensors with the same names, and the published .tgz with weights and"
          + " vocabulary. Pickles are read as data: nothing in them is run.",
      ""
    })
final class ImportCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      paramLabel = "WEIGHTS",
      description = "A .pth, .h5, .safetensors or .tgz file.")
  private Path weights;

  @Option(
      names = "--vocab",
      paramLabel = "FILE",
      description =
          "Its vocabulary: itos*.pkl, itos.json, or vocab.txt of a model folder (default: the one in a .tgz).")
  private @Nullable Path vocabulary;

  @Option(names = "--out", paramLabel = "DIR", description = "The model folder to write.")
  private @Nullable Path out;

  @Option(
      names = "--rules",
      paramLabel = "RULES",
      description =
          "Text rules it was trained with: none, fastai-0.7, fastai-1, fastai-2 or fastai-2-subword"
              + " (default: by the tensors' names).")
  private @Nullable String rules;

  @Option(
      names = "--tokenizer",
      paramLabel = "NAME",
      description =
          "Its tokenizer: spacy-2.0, spacy-3, icu, icu:LOCALE, chars or a tokenizer.json (default: by"
              + " the tensors' names).")
  private @Nullable String tokenizer;

  @Option(
      names = "--language",
      paramLabel = "TAG",
      description = "What its texts were written in, such as de or pt-BR (default: not told).")
  private @Nullable String language;

  @Option(names = "--backwards", description = "It reads documents from their ends.")
  private boolean backwards;

  @Option(
      names = "--labels",
      paramLabel = "LABEL",
      split = ",",
      description =
          "Class names of a classifier, in the order of its outputs, or a labels.json that has them.")
  private List<String> labels = List.of();

  @Option(
      names = "--task",
      paramLabel = "TASK",
      converter = TaskConverter.class,
      description =
          "Labels of a text that a classifier answers: single or multi, each from a probability of"
              + " one half on (default: single).")
  private @Nullable Labelling task;

  @Option(
      names = "--dry-run",
      description = "Tell what the file holds and what would be written; write nothing.")
  private boolean dryRun;

  @Option(names = "--overwrite", description = "Replace the model that DIR holds.")
  private boolean overwrite;

  @Override
  public Integer call() {
    Console console = main.console();
    if (out == null && !dryRun) {
      throw UlmfitException.usage("--out DIR is missing; or look at the file with --dry-run");
    }
    ImportJob job =
        new ImportJob(
            weights, vocabulary, rules, tokenizer, language, backwards, names(labels), task);
    try (WeightsImport model = WeightsImport.open(job)) {
      List<String> lines = model.describe();
      if (dryRun || out == null) {
        lines.forEach(console::data);
        return 0;
      }
      lines.stream().filter(line -> !line.startsWith(" ")).forEach(console::say);
      model.write(out, overwrite);
      console.data("model: " + out);
      console.say("next: " + next(model.config().kind()));
    }
    return 0;
  }

  /** A file of names cannot be split at the commas in them. */
  private static List<String> names(List<String> given) {
    boolean file = given.size() == 1 && given.get(0).endsWith(".json");
    if (!file) {
      return given;
    }
    String remedy = "give a list of names, or the names themselves";
    String[] names =
        StrictJson.read(Path.of(given.get(0)), String[].class, UlmfitException.Kind.USAGE, remedy);
    if (Arrays.asList(names).contains(null)) {
      throw UlmfitException.usage(given.get(0) + ": one of its names is null; " + remedy);
    }
    return List.of(names);
  }

  /** {@code single | multi}. */
  static final class TaskConverter implements ITypeConverter<Labelling> {
    @Override
    public Labelling convert(String given) {
      for (Labelling labelling : Labelling.values()) {
        if (labelling.word().equals(given)) {
          return labelling;
        }
      }
      throw new TypeConversionException("'" + given + "' is neither single nor multi");
    }
  }

  private String next(String kind) {
    return switch (kind) {
      case "lm" -> "ulmfit lm-finetune CORPUS --pretrained " + out + " --out RUN";
      case "encoder" -> "ulmfit classify CORPUS --encoder " + out + " --out RUN";
      default -> "ulmfit predict " + out + " FILE";
    };
  }
}
