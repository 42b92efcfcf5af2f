package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Shard;
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
      "More texts than one program should tokenize: each of several is given --shard K/N and makes a"
          + " part of the texts of a language model, which may be a folder of files part-*, as Spark"
          + " writes it; `ulmfit prepare PARTS --out DIR` then joins the parts.",
      ""
    })
final class PrepareCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private CorpusArgument corpus;
  @Mixin private LanguageMixin language;
  @Mixin private RecipeMixin recipe;

  @Option(names = "--out", paramLabel = "DIR", description = "Where the prepared corpus goes.")
  private @Nullable Path out;

  @Option(names = "--dry-run", description = "Read the corpus, tell what is in it, write nothing.")
  private boolean dryRun;

  @Option(
      names = "--shard",
      paramLabel = "K/N",
      converter = ShardConverter.class,
      description =
          "Tokenize as the program K, from 0, of N that share the work, every Nth file of a folder"
              + " part-*, or every Nth row; --out is a folder that they all fill.")
  private @Nullable Shard shard;

  @Override
  public Integer call() {
    Console console = main.console();
    if (dryRun && (shard != null || Prepare.isParts(corpus.corpus()))) {
      throw UlmfitException.usage("--dry-run looks at a whole corpus, not at parts");
    }
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
    Prepare prepare = new Prepare(recipe(), console::say, new Stop());
    if (shard != null) {
      console.data("part: " + prepare.part(whole("a part"), shard, out));
      return 0;
    }
    PrepareReport report =
        Prepare.isParts(corpus.corpus())
            ? prepare.join(whole("parts"), out)
            : prepare.all(corpus.corpus(), out, corpus.limit());
    console.data("prepared: " + report.dir());
    report.summary().lines().forEach(console::data);
    console.data("vocabulary: " + report.vocabSize());
    console.data("training tokens: " + report.trainTokens());
    console.data("most frequent: " + String.join(", ", report.mostFrequent()));
    return 0;
  }

  private Corpus whole(String what) {
    if (corpus.limit() > 0) {
      throw UlmfitException.usage(
          "--limit: the texts of " + what + " are not to be cut; leave it out");
    }
    return corpus.corpus();
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
    Map<Split, Integer> rows = new EnumMap<>(Split.class);
    Map<Split, Map<String, Integer>> labels = new EnumMap<>(Split.class);
    CorpusReader source = CorpusReader.open(corpus.corpus());
    List<String> told = new ArrayList<>(source.found());
    told.add(source.task());
    told.forEach(console::say);
    source.forEach(
        (split, document) -> {
          rows.merge(split, 1, Integer::sum);
          Map<String, Integer> own = labels.computeIfAbsent(split, s -> new TreeMap<>());
          counted(document.labels()).forEach(label -> own.merge(label, 1, Integer::sum));
        });
    CorpusReader.Counts counts = source.counts();
    console.data(
        Shown.format(
            "rows: %d read, %d used, %d rejected",
            counts.rows(), counts.used(), counts.rejected()));
    rows.forEach(
        (split, n) ->
            console.data(
                "rows given as " + Figures.of(split, n, labels.getOrDefault(split, Map.of()))));
    return told;
  }

  private static List<String> counted(@Nullable List<String> labels) {
    return labels == null
        ? List.of("unlabelled")
        : labels.isEmpty() ? List.of("labelled with none") : labels;
  }
}
