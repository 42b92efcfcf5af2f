package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.FamilyKeys;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import picocli.CommandLine.Option;

/** The recipe: a file, then {@code --set}, then the options that have a name of their own. */
final class RecipeMixin {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A recipe: a YAML file, or the name of one that ships with ulmfit: imdb-cpu, imdb-night,"
              + " imdb-nights, imdb-lesson, imdb-paper, wiki-small, quickstart, or a family's, such as"
              + " bilstm-stacked (default: default).")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override one recipe key, such as lm.batchSize=32; may be repeated.")
  private List<String> overrides = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The one seed of the run; the same as --set seed=N.")
  private @Nullable Long seed;

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      description = "fp32, bf16 or auto; the same as --set precision=...")
  private @Nullable String precision;

  private List<String> under = List.of();

  /** Overrides of a command's own option that those given here are laid over. */
  void under(List<String> overrides) {
    List<String> all = new ArrayList<>(under);
    all.addAll(overrides);
    under = all;
  }

  Recipe recipe() {
    return recipe(List.of());
  }

  /** With overrides of a command's own options. */
  Recipe recipe(List<String> more) {
    List<String> all = all();
    all.addAll(more);
    return load(all);
  }

  /** The file, or the defaults, with no other overrides than these. */
  Recipe load(List<String> overrides) {
    return Recipes.load(config, overrides);
  }

  /** The recipe of a command that has its own default. */
  Recipe recipe(String packaged) {
    if (config != null) {
      return recipe();
    }
    return Recipes.shipped(packaged, all());
  }

  /**
   * The recipe of a command's option that names a shipped one, unless there is a file.
   *
   * @param key what of a file the option decides
   */
  Recipe recipe(String packaged, String key) {
    return config == null ? recipe(packaged) : recipe(List.of(key + "=" + packaged));
  }

  /** Refuses what was given and none of some families reads. */
  void check(List<Family> families) {
    checkOptions(families);
    FamilyKeys.check(families, inFile());
  }

  /** The same of what was given beside the file. */
  void checkOptions(List<Family> families) {
    if (precision != null) {
      FamilyKeys.checkEngine(families, "--precision " + precision);
    }
    FamilyKeys.check(families, Recipes.given(all()));
  }

  /**
   * Refuses keys of adversarial training that do nothing; options may switch off what a file says.
   */
  void checkAdversarial(Recipe effective) {
    List<Recipes.Given> beside = Recipes.given(all());
    boolean switched =
        beside.stream().anyMatch(given -> given.key().equals("classifier.adversarial.kind"));
    FamilyKeys.checkAdversarial(
        effective, switched ? beside : Stream.concat(inFile().stream(), beside.stream()).toList());
  }

  /** What the file asks for beside the defaults. */
  List<Recipes.Given> inFile() {
    return Recipes.given(config, List.of());
  }

  /** Whether a key was given, beside the file or in it. */
  boolean gives(String key) {
    return Stream.concat(Recipes.given(all()).stream(), inFile().stream())
        .anyMatch(given -> given.key().equals(key));
  }

  /** The overrides, in the order in which they apply. */
  List<String> all() {
    List<String> all = new ArrayList<>(under);
    all.addAll(overrides);
    if (seed != null) {
      all.add("seed=" + seed);
    }
    if (precision != null) {
      all.add("precision=" + precision);
    }
    return all;
  }
}
