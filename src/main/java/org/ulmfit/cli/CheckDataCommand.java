package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.check.DataCheck;
import org.ulmfit.check.DataPages;
import org.ulmfit.check.DataReport;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.lm.Pretrained;
import org.ulmfit.vocab.Vocab;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit check-data}: what a corpus is like, before hours are spent on it. */
@Command(
    name = "check-data",
    header = "Look at a corpus before training: sizes, labels, repeats, leaks, what may be wrong.",
    description = {
      "",
      "Reads the texts once, as training would. Ends with 3 where training would be wasted: one label,"
          + " nothing to train on, most rows rejected.",
      ""
    })
final class CheckDataCommand implements Callable<Integer> {
  private static final String FILE = "data.json";
  private static final String PAGE = "data.html";
  private static final int WASTED = UlmfitException.Kind.BAD_DATA.exitCode();

  @ParentCommand private Main main;
  @Mixin private CorpusArgument corpus;

  @Option(
      names = "--pretrained",
      paramLabel = "DIR",
      description =
          "Language model whose vocabulary is compared with the texts (default: wiki-small; it has to"
              + " cut texts the same way).")
  private @Nullable Path pretrained;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where data.json and data.html go, with all figures (default: nowhere).")
  private @Nullable Path out;

  @Option(
      names = "--folds",
      paramLabel = "K",
      converter = CorpusMixin.Count.class,
      description =
          "Look for labels in doubt: models of n-grams learned on K-1 of K folds of the training rows"
              + " answer the others (default: not).")
  private int folds;

  @Option(names = "--overwrite", description = "Replace those files.")
  private boolean overwrite;

  @Mixin private LanguageMixin language;
  @Mixin private RecipeMixin recipe;

  @Override
  public Integer call() {
    OutFiles.check(out, List.of(FILE, PAGE), overwrite, "--out");
    if (folds == 1) {
      throw UlmfitException.usage("--folds 1: one fold leaves no rows to learn of; give 2 or more");
    }
    Recipe effective = recipe.recipe(language.overrides());
    DataReport report =
        new DataCheck(effective, known(effective), folds, main.console()::say, new Stop())
            .look(corpus.corpus(), corpus.limit());
    DataPages pages = new DataPages(report);
    pages.lines().forEach(main.console()::data);
    if (out != null) {
      write(out, pages);
    }
    return report.wasted() ? WASTED : 0;
  }

  /** The words of a pretrained model that cuts texts as the recipe does; null: there is none. */
  private @Nullable Vocab known(Recipe effective) {
    Path path =
        pretrained != null
            ? Installation.model(pretrained)
            : Installation.pretrained().orElse(null);
    if (path == null) {
      return null;
    }
    Pretrained model = Pretrained.open(path, "lm");
    Recipe.Text own = model.config().readingRecipe().text();
    Recipe.Text asked = effective.text();
    boolean same =
        own.rules() == asked.rules()
            && own.tokenizer().equals(asked.tokenizer())
            && own.normalise() == asked.normalise();
    if (!same && pretrained != null) {
      throw UlmfitException.usage(
          Shown.format(
              "--pretrained %s: cuts texts by %s and %s; set text.rules and --tokenizer likewise",
              pretrained, own.rules(), own.tokenizer()));
    }
    return same ? model.vocab() : null;
  }

  private void write(Path dir, DataPages pages) {
    OutFiles.make(dir);
    AtomicFiles.writeString(dir.resolve(FILE), pages.json());
    AtomicFiles.writeString(dir.resolve(PAGE), pages.html());
    main.console().say("written: " + dir.resolve(FILE) + ", " + dir.resolve(PAGE));
  }
}
