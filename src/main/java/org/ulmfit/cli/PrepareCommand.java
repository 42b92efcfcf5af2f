package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Split;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.prepare.PrepareReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit prepare}: stage 1 alone. */
@Command(
    name = "prepare",
    header = "Stage 1: standardise, split, tokenize and numericalize a corpus.",
    description = {
      "",
      "lm-finetune and classify do this themselves when handed a raw corpus; what is prepared once"
          + " is read by both.",
      ""
    })
final class PrepareCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private CorpusMixin corpus;
  @Mixin private LanguageMixin language;
  @Mixin private RecipeMixin recipe;

  @Option(names = "--out", paramLabel = "DIR", description = "Where the prepared corpus goes.")
  private @Nullable Path out;

  @Option(names = "--dry-run", description = "Read the corpus, tell what is in it, write nothing.")
  private boolean dryRun;

  @Override
  public Integer call() {
    Console console = main.console();
    if (dryRun) {
      Recipe effective = recipe();
      List<String> told = count(console);
      if (!corpus.corpus().isStandardInput()) { // which was read just now
        look(effective, told, console);
      }
      return 0;
    }
    if (out == null) {
      throw UlmfitException.usage("--out DIR is missing; or look at the corpus with --dry-run");
    }
    PrepareReport report =
        new Prepare(recipe(), console::say, new Stop()).all(corpus.corpus(), out, corpus.limit());
    console.data("prepared: " + report.dir());
    report.summary().lines().forEach(console::data);
    console.data("vocabulary: " + report.vocabSize());
    console.data("training tokens: " + report.trainTokens());
    console.data("most frequent: " + String.join(", ", report.mostFrequent()));
    return 0;
  }

  private Recipe recipe() {
    return recipe.recipe(language.overrides());
  }

  private void look(Recipe effective, List<String> told, Console console) {
    try (ScratchFolder scratch = ScratchFolder.make()) {
      Consumer<String> notes =
          line -> {
            if (!told.contains(line)) {
              console.say(line);
            }
          };
      new Prepare(effective, notes, new Stop())
          .look(corpus.corpus(), scratch.path(), corpus.limit());
    }
  }

  /** Tells the rows of each split and label; the lines that told what the input is. */
  private List<String> count(Console console) {
    Map<Split, Map<String, Integer>> rows = new EnumMap<>(Split.class);
    CorpusReader source = CorpusReader.open(corpus.corpus());
    source.found().forEach(console::say);
    source.forEach(
        (split, document) ->
            rows.computeIfAbsent(split, s -> new TreeMap<>())
                .merge(String.join(",", document.labels()), 1, Integer::sum));
    CorpusReader.Counts counts = source.counts();
    console.data(
        "rows: %d read, %d used, %d rejected"
            .formatted(counts.rows(), counts.used(), counts.rejected()));
    rows.forEach((split, labels) -> console.data("rows given as " + Figures.of(split, labels)));
    return source.found();
  }
}
