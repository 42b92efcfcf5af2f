package org.ulmfit.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Suggestion;
import org.ulmfit.UlmfitException;

/**
 * Loads, checks and prints recipes. A recipe file is YAML laid over the defaults:
 *
 * <pre>
 * model:
 *   hiddenSize: 1150
 * lm:
 *   optimizer: {clip: 0.25}     # mappings are merged
 *   stages:                     # lists are replaced whole
 *     - {freezeTo: 0, epochs: 15, rates: {lr: 1.0e-3}, schedule: {kind: clr, ratio: 20, cut: 10}}
 * </pre>
 */
public final class Recipes {

  /** The recipes that ship with the program, by name. */
  public static final List<String> PACKAGED =
      List.of(
          "default",
          "quickstart",
          "imdb-cpu",
          "imdb-night",
          "imdb-nights",
          "imdb-lesson",
          "imdb-paper",
          "wiki-small",
          "bilstm",
          "bilstm-one-hot",
          "bilstm-stacked",
          "dgcnn",
          "lstm",
          "mean-embedding",
          "ngram-lr",
          "ngram-mlp",
          "ngram-mlp-binary",
          "ngram-nbsvm",
          "embedding",
          "rnn",
          "rnn-padded",
          "sepcnn");

  private static final Pattern PACKAGED_NAME =
      Pattern.compile("(?:configs[/\\\\](?:families[/\\\\])?)?([a-z0-9-]+)(?:\\.yaml)?");
  private static final Pattern OVERRIDE = Pattern.compile("([A-Za-z0-9.]+)=(.*)", Pattern.DOTALL);
  private static final long MAX_BYTES = 1 << 20;

  /**
   * Loads a recipe.
   *
   * @param fileOrNull a YAML file laid over the defaults; a name like {@code imdb-cpu} or {@code
   *     configs/imdb-cpu.yaml} that is no file here is taken from those that ship with the program;
   *     null: the defaults
   * @param overrides {@code dotted.key=value}, laid over the file in this order; elements of a list
   *     are counted from 0, as in {@code lm.stages.0.epochs=2}
   * @throws UlmfitException (usage) naming file and line, key, value and what is allowed
   */
  public static Recipe load(@Nullable Path fileOrNull, List<String> overrides) {
    Tree tree = Defaults.TREE;
    if (fileOrNull != null) {
      tree = source(fileOrNull).over(tree);
    }
    return Binder.recipe(override(tree, overrides));
  }

  /**
   * A key that somebody gave a value.
   *
   * @param key dotted; of a list the list's
   * @param where it was written: a file and its line, or an override
   */
  public record Given(String key, String where) {}

  /**
   * What was asked for beside the defaults: the keys of a file whose values are others there, and
   * all of the overrides.
   *
   * @param fileOrNull as for {@link #load}
   * @throws UlmfitException (usage) if file or overrides cannot be read
   */
  public static List<Given> given(@Nullable Path fileOrNull, List<String> overrides) {
    List<Given> given = new ArrayList<>();
    if (fileOrNull != null) {
      Tree tree = source(fileOrNull);
      Map<String, Object> asked = Key.values(Binder.recipe(tree.over(Defaults.TREE)));
      Map<String, Object> usual = Key.values(Defaults.RECIPE);
      tree.collect("", given);
      given.removeIf(one -> Objects.equals(asked.get(one.key()), usual.get(one.key())));
    }
    given.addAll(given(overrides));
    return given;
  }

  /** The keys, or sections of them, that overrides give a value, whatever it is. */
  public static List<Given> given(List<String> overrides) {
    List<Given> given = new ArrayList<>();
    for (String override : overrides) {
      OneKey one = OneKey.of(override);
      String key = one.key().replaceFirst("\\.[0-9]+(\\..*)?$", ""); // of a list the list
      given.add(new Given(key, one.value().where()));
    }
    return given;
  }

  /**
   * A recipe that ships with the program.
   *
   * @param name such as {@code imdb-cpu}
   * @throws UlmfitException as {@link #load}
   */
  public static Recipe shipped(String name, List<String> overrides) {
    return Binder.recipe(override(packaged(name).over(Defaults.TREE), overrides));
  }

  /**
   * A recipe laid over the defaults.
   *
   * @param source names the text in messages
   * @throws UlmfitException as {@link #load}
   */
  public static Recipe parse(String yaml, String source, List<String> overrides) {
    Tree tree = YamlReader.read(yaml, source, true).over(Defaults.TREE);
    return Binder.recipe(override(tree, overrides));
  }

  /**
   * A recipe with some keys set otherwise.
   *
   * @param overrides as for {@link #load}
   */
  public static Recipe with(Recipe recipe, List<String> overrides) {
    return overrides.isEmpty() ? recipe : parse(toYaml(recipe), "recipe", overrides);
  }

  /**
   * Whether a recipe has the place of an override: lists are of different lengths.
   *
   * @throws UlmfitException (usage) if the override cannot be read
   */
  public static boolean fits(Recipe recipe, String override) {
    OneKey one = OneKey.of(override);
    Tree tree = YamlReader.read(toYaml(recipe), "recipe", true);
    return tree.with(List.of(one.key().split("\\.", -1)), one.value()) != null;
  }

  /**
   * An override of one key, whatever characters the value holds.
   *
   * @param key dotted, of a string
   */
  public static String override(String key, String value) {
    return key + "=" + YamlWriter.word(value);
  }

  /**
   * A recipe with what it leaves to a run's data ({@code auto}) as another has it: for a run that
   * goes on as it was begun.
   */
  public static Recipe settledAs(Recipe asked, Recipe settled) {
    List<String> choices = new ArrayList<>();
    if (asked.vocab().keepPretrained() == Recipe.KeepPretrained.AUTO) {
      choices.add("vocab.keepPretrained=" + Key.word(settled.vocab().keepPretrained()));
    }
    if (asked.lm().softmax() == Recipe.Softmax.AUTO) {
      choices.add("lm.softmax=" + Key.word(settled.lm().softmax()));
    }
    choices.addAll(steps(asked.classifier(), settled.classifier()));
    choices.addAll(rates("lm", asked.lm().stages(), settled.lm().stages()));
    choices.addAll(rates("classifier", asked.classifier().stages(), settled.classifier().stages()));
    return with(asked, choices);
  }

  /** Whether a classifier takes the same batches and epochs by both. */
  public static boolean haveSameSteps(Recipe a, Recipe b) {
    return a.classifier().batchSize() == b.classifier().batchSize()
        && a.classifier().stages().stream()
            .map(Recipe.Phase::epochs)
            .toList()
            .equals(b.classifier().stages().stream().map(Recipe.Phase::epochs).toList());
  }

  /** What few rows made of batches and epochs. */
  private static List<String> steps(Recipe.Classifier asked, Recipe.Classifier settled) {
    List<String> choices = new ArrayList<>();
    if (asked.minSteps() > 0 && settled.batchSize() < asked.batchSize()) {
      choices.add("classifier.batchSize=" + settled.batchSize());
    }
    for (int p = 0; p < Math.min(asked.stages().size(), settled.stages().size()); p++) {
      double epochs = settled.stages().get(p).epochs();
      if (asked.minSteps() > 0 && epochs > asked.stages().get(p).epochs()) {
        choices.add("classifier.stages." + p + ".epochs=" + epochs);
      }
    }
    return choices;
  }

  private static List<String> rates(
      String kind, List<Recipe.Phase> asked, List<Recipe.Phase> settled) {
    List<String> choices = new ArrayList<>();
    for (int p = 0; p < Math.min(asked.size(), settled.size()); p++) {
      Double rate = settled.get(p).rates().lr();
      if (asked.get(p).rates().swept() && rate != null && !rate.isNaN()) {
        choices.add(settled.get(p).rates().override(kind + ".stages." + p));
      }
    }
    return choices;
  }

  /** The default recipe. */
  public static Recipe defaults() {
    return Defaults.RECIPE;
  }

  /**
   * A choice by the word that recipes write for it.
   *
   * @throws UlmfitException (usage) if there is no such word
   */
  public static <E extends Enum<E>> E choice(Class<E> type, String word) {
    for (E constant : type.getEnumConstants()) {
      if (Key.word(constant).equals(word)) {
        return constant;
      }
    }
    throw UlmfitException.usage(
        "\"" + word + "\": is not one of " + String.join(", ", Key.words(type)));
  }

  /** A choice as recipes write it. */
  public static String word(Enum<?> choice) {
    return Key.word(choice);
  }

  /** The complete recipe; {@link #parse} gives back its equal. */
  public static String toYaml(Recipe recipe) {
    return YamlWriter.write(recipe);
  }

  /** Dotted key to its type, default, bounds and meaning, in the order of the records. */
  public static Map<String, String> describe() {
    Map<String, String> text = new LinkedHashMap<>();
    for (Key key : Key.all()) {
      Tree value = Defaults.TREE;
      for (String step : key.path().split("\\.")) {
        value = value instanceof Tree.Branch branch ? branch.children().get(step) : null;
      }
      String allowed = Key.allowed(key.component());
      text.put(
          key.path(),
          key.type()
              + (value instanceof Tree.Leaf leaf ? ", default " + leaf.text() : "")
              + (allowed.equals(key.type()) ? "" : " (" + allowed + ")")
              + ": "
              + key.component().getAnnotation(Doc.class).value());
    }
    return text;
  }

  private static Tree override(Tree tree, List<String> overrides) {
    Tree result = tree;
    for (String override : overrides) {
      OneKey one = OneKey.of(override);
      Tree changed = result.with(List.of(one.key().split("\\.", -1)), one.value());
      if (changed == null) {
        throw UlmfitException.usage(one.value().where() + ": there is no key " + one.key());
      }
      result = changed;
    }
    return result;
  }

  /** {@code dotted.key=value}. */
  private record OneKey(String key, Tree value) {
    static OneKey of(String text) {
      String source = "--set " + text;
      Matcher m = OVERRIDE.matcher(text);
      if (!m.matches()) {
        throw UlmfitException.usage(source + ": expected dotted.key=value, as in lm.batchSize=32");
      }
      return new OneKey(m.group(1), YamlReader.read(m.group(2), source, false));
    }
  }

  private static Tree source(Path file) {
    Matcher m = PACKAGED_NAME.matcher(file.toString());
    boolean packaged = m.matches() && PACKAGED.contains(m.group(1));
    if (Files.exists(file) && !(packaged && Files.isDirectory(file))) {
      try {
        if (Files.size(file) > MAX_BYTES) {
          throw UlmfitException.usage(file + ": longer than a recipe can be");
        }
        return read(Files.readAllBytes(file), file.toString());
      } catch (IOException e) {
        throw UlmfitException.cannotRead(UlmfitException.Kind.USAGE, file, e);
      }
    }
    if (packaged) {
      return packaged(m.group(1));
    }
    String near = m.matches() ? Suggestion.hint(m.group(1), PACKAGED) : "";
    String all = "; recipes that ship with ulmfit: " + String.join(", ", PACKAGED);
    throw UlmfitException.usage(file + ": no such file" + (near.isEmpty() ? all : near));
  }

  /** Read once; trees do not change. */
  private static final class Defaults {
    static final Tree TREE = packaged("default");
    static final Recipe RECIPE = Binder.recipe(TREE);
  }

  private static Tree packaged(String name) {
    boolean family = Recipes.class.getResource("/configs/families/" + name + ".yaml") != null;
    String resource = "/configs/" + (family ? "families/" : "") + name + ".yaml";
    try (InputStream in = Recipes.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the jar");
      }
      return read(in.readAllBytes(), resource.substring(1));
    } catch (IOException e) {
      throw UlmfitException.cannotRead(resource, e);
    }
  }

  private static Tree read(byte[] utf8, String source) {
    ByteBuffer bytes = ByteBuffer.wrap(utf8);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return YamlReader.read(text.startsWith("\uFEFF") ? text.substring(1) : text, source, true);
    } catch (CharacterCodingException e) {
      throw UlmfitException.usage(source + ", byte " + bytes.position() + ": not UTF-8");
    }
  }

  private Recipes() {}
}
