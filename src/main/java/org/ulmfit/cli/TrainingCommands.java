package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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
 */
record TrainingCommands(CommandSpec spec, Path corpus, @Nullable Path encoder) {
  private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");
  private static final Set<String> LESS = Set.of("--limit"); // than in full

  List<String> of(Recipe.Family family) {
    if (family != Recipe.Family.AWD_LSTM) {
      return List.of(
          command("classify", "--family", Recipes.word(family), "classifier-run", false));
    }
    if (encoder != null) {
      return List.of(command("classify", "--encoder", encoder.toString(), "classifier-run", true));
    }
    return List.of(
        command("lm-finetune", "", "", "lm-run", true),
        command("classify", "--encoder", "lm-run", "classifier-run", true));
  }

  private String command(String name, String option, String value, String out, boolean network) {
    List<String> words = new ArrayList<>(List.of("ulmfit", name, corpus.toString()));
    words.addAll(given("corpus", network));
    if (!option.isEmpty()) {
      words.addAll(List.of(option, value));
    }
    words.addAll(given("recipe", network));
    words.addAll(List.of("--out", out));
    return String.join(" ", words.stream().map(TrainingCommands::quoted).toList());
  }

  /**
   * Options of a mixin as they were given.
   *
   * @param network whether those that only a network has are among them
   */
  private List<String> given(String mixin, boolean network) {
    ParseResult parsed = spec.commandLine().getParseResult();
    List<OptionSpec> own = Objects.requireNonNull(spec.mixins().get(mixin)).options();
    List<String> words = new ArrayList<>();
    for (OptionSpec option : new LinkedHashSet<>(parsed.matchedOptions())) {
      String name = option.longestName();
      if (!own.contains(option) || LESS.contains(name) || !network && name.equals("--config")) {
        continue;
      }
      if (option.typeInfo().isBoolean()) {
        words.add(parsed.originalArgs().contains(name) ? name : name.replaceFirst("^--", "--no-"));
      } else {
        for (String value : option.originalStringValues()) {
          if (network || !name.equals("--set") || !CompareRecipes.isOfNetworks(value)) {
            words.add(name);
            words.add(value);
          }
        }
      }
    }
    return words;
  }

  /** As a shell reads it. */
  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
