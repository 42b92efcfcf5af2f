package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.FamilyKeys;
import org.ulmfit.compare.CompareJob;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The commands that train one of the families compared on all rows, with the options that the
 * comparison was given.
 *
 * @param encoder null: there is none yet
 * @param embedder the sentence encoder of --embedder; null: not given
 */
record TrainingCommands(
    CommandSpec spec,
    CompareRecipes recipes,
    Path corpus,
    @Nullable Path encoder,
    @Nullable Path embedder)
    implements CompareJob.Commands {
  private static final Set<String> LESS = Set.of("--limit"); // than in full

  @Override
  public List<String> of(Recipe.Family family, List<String> sets, String out) {
    String name = Recipes.word(family);
    if (family != Recipe.Family.AWD_LSTM) {
      List<String> own = new ArrayList<>(List.of("--family", name));
      if (family == Recipe.Family.EMBEDDING && embedder != null) {
        own.addAll(List.of("--embedder", embedder.toString()));
      }
      return List.of(command(family, "classify", own, sets, out));
    }
    String from = encoder == null ? "lm-run" : encoder.toString();
    String last = command(family, "classify", List.of("--encoder", from), sets, out);
    return encoder == null
        ? List.of(command(family, "lm-finetune", List.of(), List.of(), "lm-run"), last)
        : List.of(last);
  }

  @Override
  public String comparison() {
    return CommandText.of(spec);
  }

  @Override
  public String stack(List<String> runs, List<Path> answers) {
    List<String> words = new ArrayList<>(List.of("ulmfit", "ensemble"));
    words.addAll(runs);
    words.add("--answers");
    words.add(String.join(",", answers.stream().map(Path::toString).toList()));
    words.addAll(List.of("--out", "stack"));
    return CommandText.quoted(words);
  }

  private String command(
      Recipe.Family family, String name, List<String> own, List<String> sets, String out) {
    List<String> words = new ArrayList<>(List.of("ulmfit", name, corpus.toString()));
    words.addAll(given("corpus", family));
    words.addAll(own);
    words.addAll(given("recipe", family));
    sets.forEach(set -> words.addAll(List.of("--set", set)));
    words.addAll(List.of("--out", out));
    return CommandText.quoted(words);
  }

  /** Options of a mixin as they were given, but for those that a family would not heed. */
  private List<String> given(String mixin, Recipe.Family family) {
    ParseResult parsed = spec.commandLine().getParseResult();
    List<OptionSpec> own = Objects.requireNonNull(spec.mixins().get(mixin)).options();
    List<String> words = new ArrayList<>();
    for (OptionSpec option : new LinkedHashSet<>(parsed.matchedOptions())) {
      String name = option.longestName();
      if (!own.contains(option) || LESS.contains(name)) {
        continue;
      }
      if (option.typeInfo().isBoolean()) {
        words.add(parsed.originalArgs().contains(name) ? name : name.replaceFirst("^--", "--no-"));
        continue;
      }
      for (String value : option.originalStringValues()) {
        if (isHeeded(name, value, family)) {
          words.add(name);
          words.add(value);
        }
      }
    }
    return words;
  }

  private boolean isHeeded(String option, String value, Recipe.Family family) {
    return switch (option) {
      case "--set" -> recipes.applies(family, value);
      case "--precision" -> FamilyKeys.reads(Family.of(family), "precision");
      case "--config" -> family == Recipe.Family.AWD_LSTM;
      default -> true;
    };
  }
}
