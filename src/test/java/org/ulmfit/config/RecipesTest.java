package org.ulmfit.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ulmfit.UlmfitException;
import org.ulmfit.text.FieldMarks;
import org.ulmfit.text.FieldNumbers;
import org.ulmfit.text.Normalise;
import org.ulmfit.text.Rules;

class RecipesTest {

  @TempDir Path dir;

  private static final Recipe DEFAULT = Recipes.load(null, List.of());

  private static String refusal(Runnable load) {
    UlmfitException e = assertThrows(UlmfitException.class, load::run);
    assertEquals(UlmfitException.Kind.USAGE, e.kind(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e.getMessage();
  }

  private static String refusedSet(String... overrides) {
    return refusal(() -> Recipes.load(null, List.of(overrides)));
  }

  /** Dotted path to value, lists of records by position. */
  private static Map<String, Object> flat(Recipe recipe) {
    Map<String, Object> values = new LinkedHashMap<>();
    flatten("", recipe, values);
    return values;
  }

  private static void flatten(String path, Object value, Map<String, Object> values) {
    if (value instanceof Record record) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        String prefix = path.isEmpty() ? "" : path + ".";
        try {
          flatten(prefix + component.getName(), component.getAccessor().invoke(record), values);
        } catch (ReflectiveOperationException e) {
          throw new LinkageError(component.toString(), e);
        }
      }
    } else if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Record) {
      for (int i = 0; i < list.size(); i++) {
        flatten(path + "." + i, list.get(i), values);
      }
    } else {
      values.put(path, value);
    }
  }

  static Stream<Arguments> keys() {
    return Key.all().stream().map(key -> Arguments.of(key.path(), key.component()));
  }

  // ---- defaults

  @Test
  void dropoutsThatLeaveNothingAreRefused() {
    UlmfitException e =
        assertThrows(
            UlmfitException.class,
            () -> Recipes.load(null, List.of("classifier.dropMult=2"))); // 0.5 of the weights
    assertTrue(
        e.getMessage().contains("classifier.dropMult=2.0 times classifier.dropout.weight=0.5"),
        e.getMessage());
  }

  @Test
  void defaultsAreThoseDocumented() {
    assertEquals(42, DEFAULT.seed());
    assertEquals(Recipe.Precision.AUTO, DEFAULT.precision());
    assertEquals(
        new Recipe.Text(
            Rules.FASTAI_2,
            "spacy-3",
            FieldMarks.AUTO,
            FieldNumbers.LESSON,
            Normalise.NONE,
            "none"),
        DEFAULT.text());
    assertEquals(new Recipe.Corpus(Recipe.Standardise.PLAIN, 0.1, 0.1), DEFAULT.corpus());
    assertEquals(
        new Recipe.Vocabulary(60000, 3, false, Recipe.KeepPretrained.AUTO), DEFAULT.vocab());
    assertEquals(new Recipe.Remap(false, false), DEFAULT.remap());
    assertEquals(new Recipe.Model(300, 600, 3, true), DEFAULT.model());
    assertEquals(Recipe.Window.RANDOMISED, DEFAULT.lm().window());
    assertEquals(Recipe.Softmax.AUTO, DEFAULT.lm().softmax());
    assertEquals(70, DEFAULT.lm().bptt());
    assertEquals(64, DEFAULT.lm().batchSize());
    assertFalse(DEFAULT.lm().includeTestText());
    assertEquals(
        new Recipe.Optimizer(
            0.9,
            0.99,
            1e-7,
            Recipe.EpsilonMode.AFTER_CORRECTION,
            0.01,
            Recipe.Decay.DECOUPLED,
            false,
            0.25),
        DEFAULT.lm().optimizer());
    assertEquals(1.0, DEFAULT.classifier().optimizer().clip());
    assertEquals(Recipe.Layout.MASKED, DEFAULT.classifier().encoder());
    assertEquals(Recipe.ValidateOn.VALID, DEFAULT.classifier().validateOn());
    // chosen on validation rows of IMDb, docs/results.md
    assertEquals(1, DEFAULT.classifier().stages().size());
    Recipe.Phase stage = DEFAULT.classifier().stages().get(0);
    assertEquals(0, stage.freezeTo());
    assertEquals(5e-3, stage.rates().lr());
    assertEquals(1.3, stage.rates().factor());
    assertEquals(
        new Recipe.Schedule(
            Recipe.Curve.ONE_CYCLE, null, null, 25.0, 1e5, 0.25, List.of(0.8, 0.7, 0.8)),
        stage.schedule());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("keys")
  void everyKeyIsDocumentedAndBounded(String path, RecordComponent component) {
    Doc doc = component.getAnnotation(Doc.class);
    assertNotNull(doc, path);
    assertFalse(doc.value().isBlank());
    assertFalse(Key.allowed(component).isEmpty(), path);
    String text = Recipes.describe().get(path);
    assertTrue(text.endsWith(": " + doc.value()), text);
    assertTrue(text.contains(Key.allowed(component)), text);
  }

  // ---- choices left to the data

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"auto, AUTO", "true, TRUE", "\"true\", TRUE", "'false', FALSE", "false, FALSE"})
  void keepPretrainedIsReadWithQuotesAndWithout(String yaml, Recipe.KeepPretrained expected) {
    Recipe set = Recipes.load(null, List.of("vocab.keepPretrained=" + yaml));
    assertEquals(expected, set.vocab().keepPretrained());
    Recipe read = Recipes.parse("vocab: {keepPretrained: " + yaml + "}", "r.yaml", List.of());
    assertEquals(set, read);
    assertEquals(set, Recipes.parse(Recipes.toYaml(set), "again", List.of()));
  }

  @Test
  void aWordThatKeepPretrainedDoesNotKnowIsRefused() {
    String line = refusedSet("vocab.keepPretrained=yes");
    assertTrue(line.contains("\"yes\" is not one of auto, true, false"), line);
  }

  @Test
  void onlyWhatIsAskedAsAutoIsTakenFromASettledRecipe() {
    Recipe settled = Recipes.with(DEFAULT, List.of("vocab.keepPretrained=true", "lm.softmax=full"));
    assertEquals(settled, Recipes.settledAs(DEFAULT, settled));
    Recipe asked = Recipes.with(DEFAULT, List.of("lm.softmax=sampled", "seed=7"));
    assertEquals(
        Recipes.with(asked, List.of("vocab.keepPretrained=true")),
        Recipes.settledAs(asked, settled));
  }

  // ---- every key mapped

  /** A legal value that differs from the default, as written in YAML. */
  private static String other(RecordComponent component, Object now) {
    Range range = component.getAnnotation(Range.class);
    OneOf oneOf = component.getAnnotation(OneOf.class);
    Class<?> type = component.getType();
    if (oneOf != null) {
      return Stream.of(oneOf.value())
          .filter(w -> !w.equals(now))
          .findFirst()
          .orElse(oneOf.orLikeShown().contains("file") ? "a.txt" : "de");
    }
    if (type == boolean.class) {
      return now.equals(true) ? "false" : "true";
    }
    if (type.isEnum()) {
      return Key.words(type).stream().filter(w -> !w.equals(Key.word(now))).findFirst().get();
    }
    if (type == List.class) {
      return "[" + Key.text(range.max()) + ", " + Key.text(range.max()) + "]";
    }
    if (component.getName().equals("dropMult")) {
      return "1.5"; // its greatest leaves nothing of the dropouts' own
    }
    String max = Key.text(range.max());
    return now == null || Double.parseDouble(max) != ((Number) now).doubleValue()
        ? max
        : Key.text(range.min());
  }

  private static String inYaml(Object value) {
    if (value instanceof List<?> list) {
      return "[" + String.join(", ", list.stream().map(RecipesTest::inYaml).toList()) + "]";
    }
    if (value instanceof Number number) {
      return Key.text(number.doubleValue());
    }
    return value instanceof Enum<?> constant ? Key.word(constant) : value.toString();
  }

  /** Sets a key; those that exclude others or need a certain schedule replace their group. */
  private static String override(String path, RecordComponent component, String value) {
    String name = component.getName();
    String place = path.replace("[]", ".0");
    String group = place.substring(0, Math.max(0, place.lastIndexOf('.')));
    if (component.getDeclaringRecord() == Recipe.Rates.class) {
      String lr = name.equals("factor") ? "lr: 1, " : "";
      return group + "={" + lr + name + ": " + value + "}";
    }
    if (component.getDeclaringRecord() == Recipe.Schedule.class) {
      if (name.equals("kind")) {
        return group + "={kind: " + value + "}";
      }
      String kind = List.of("ratio", "cut").contains(name) ? "clr" : "one-cycle";
      return group + "={kind: " + kind + ", " + name + ": " + value + "}";
    }
    return place + "=" + value;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("keys")
  void everyKeyIsMapped(String path, RecordComponent component) {
    String place = path.replace("[]", ".0");
    Map<String, Object> before = flat(DEFAULT);
    String value = other(component, before.get(place));
    String override = override(path, component, value);
    Map<String, Object> after = flat(Recipes.load(null, List.of(override)));
    assertNotEquals(before.get(place), after.get(place));
    assertEquals(value, inYaml(after.get(place)));
    // Nothing else moved, but within a group that was replaced.
    String group =
        override.contains("={") ? override.substring(0, override.indexOf('=')) + "." : place;
    after.keySet().removeIf(k -> k.startsWith(group));
    before.keySet().removeIf(k -> k.startsWith(group));
    assertEquals(before, after);
  }

  // ---- bad values refused

  private static List<String> badValues(RecordComponent component) {
    Class<?> type = component.getType();
    Range range = component.getAnnotation(Range.class);
    List<String> bad = new ArrayList<>();
    if (type == List.class) {
      if (component.getAnnotation(Size.class).min() > 0) {
        bad.add("[]");
      }
      bad.addAll(List.of("[x, 1]", "[.nan, 1]", "0.5", "[~, 1]", "{a: 1}"));
      bad.add("[" + (range.max() + 1) + ", " + range.max() + "]");
      bad.add("[" + "0.5, ".repeat(component.getAnnotation(Size.class).max()) + "0.5]");
    } else if (range != null) {
      bad.addAll(List.of("abc", "\"1\"", "[1]", "{a: 1}", "0x10", "1_0", ".inf", "NaN", "1d"));
      bad.add(Key.text(range.max() * 2 + 1));
      bad.add(Key.text(range.min() - 1));
      bad.add("99999999999999999999999");
      if (type == int.class || type == long.class) {
        bad.addAll(List.of("1.5", "1e1"));
      }
    } else if (type == boolean.class) {
      bad.addAll(List.of("yes", "1", "True", "\"true\"", "[true]"));
    } else {
      bad.addAll(List.of("[]", "\"\""));
      OneOf oneOf = component.getAnnotation(OneOf.class);
      if (oneOf == null || !oneOf.orLike().equals(".+")) { // the path of a file is any word
        bad.addAll(List.of("nonsense", "FP16"));
      }
    }
    if (!Binder.optional(component)) {
      bad.addAll(List.of("~", ""));
    }
    return bad;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("keys")
  void badValuesAreRefused(String path, RecordComponent component) {
    for (String value : badValues(component)) {
      String override = override(path, component, value);
      String message = refusedSet(override);
      assertTrue(message.startsWith("--set " + override + ": "), message);
      assertTrue(message.contains(path.replace("[]", ".0")), message);
      assertTrue(message.contains(Key.allowed(component)), message);
    }
  }

  // ---- files

  private String refusedFile(String yaml) throws Exception {
    Path file = dir.resolve("my.yaml");
    Files.writeString(file, yaml);
    String message = refusal(() -> Recipes.load(file, List.of()));
    assertTrue(message.startsWith(file.toString()), message);
    return message.substring(file.toString().length());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lm:\\n  bachSize: 3      | , line 2: lm.bachSize: unknown key; did you mean 'lm.batchSize'?",
        "lm:\\n  batch_size: 3    | , line 2: lm.batch_size: unknown key; did you mean 'lm.batchSize'?",
        "# x\\nlmm: {}            | , line 2: lmm: unknown key; did you mean 'lm'?",
        "maxSize: 3               | , line 1: maxSize: unknown key; did you mean 'vocab.maxSize'?",
        "bptt: 3                  | , line 1: bptt: unknown key; did you mean 'lm.bptt' or 'classifier.bptt'?",
        "lesson: {zzzzzzz: 1}     | , line 1: lesson.zzzzzzz: unknown key; known here: library",
        "lm:\\n  bptt: 3\\n  bptt: 4 | , line 3: key bptt is given twice",
        "lm: 3                    | , line 1: lm: needs keys of its own (includeTestText,",
        "lm:                      | , line 1: lm: needs keys of its own (includeTestText,",
        "- 1                      | , line 1: needs keys of its own (seed, precision,",
        "model: {layers: 0}       | , line 1: model.layers: 0 is not allowed; use a whole number, 1 to 16",
        "text: {rules: fastai-3}  | , line 1: text.rules: \"fastai-3\" is not one of none, fastai-0.7, fastai-1, fastai-2, fastai-2-subword; did you mean 'fastai-1'?",
        "a: &x 1\\nb: *x          | , line 2: aliases (*name) are not used in recipes",
        "seed: !!int 1            | , line 1: tags (tag:yaml.org,2002:int) are not used in recipes",
        "lm: !!java.net.URL {}    | , line 1: tags (tag:yaml.org,2002:java.net.URL) are not used",
        "seed: 1\\n---\\nseed: 2  | , line 2: a second document begins here",
        "seed: [1                 | , line 2: not valid YAML: ",
        "? [a]\\n: 1              | , line 1: a key must be a plain word",
        "lm: {stages: [{epochs: 1}]} | , line 1: lm.stages.0.freezeTo: missing",
      })
  void namesFileLineAndKey(String yaml, String expected) throws Exception {
    String message = refusedFile(yaml.replace("\\n", "\n") + "\n");
    assertTrue(message.startsWith(expected), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rates: {lr: 1, list: [1]}  | lm.stages.0.rates: needs exactly one of lr, list, slice; it has lr and list",
        "rates: {}                  | lm.stages.0.rates: needs exactly one of lr, list, slice",
        "rates: {list: [1], factor: 2} | lm.stages.0.rates.factor: goes with lr, not with list; take it out",
        "schedule: {kind: clr, div: 3} | lm.stages.0.schedule.div: has no meaning for clr; take it out",
        "schedule: {kind: clr, moms: [0.8, 0.7, 0.8]} | lm.stages.0.schedule.moms: clr takes 2, not 3",
        "schedule: {ratio: 3}       | lm.stages.0.schedule.kind: missing",
      })
  void refusesStagesThatContradictThemselves(String part, String expected) {
    String key = part.substring(0, part.indexOf(':'));
    String override = "lm.stages.0." + key + "=" + part.substring(part.indexOf(' ') + 1);
    assertEquals("--set " + override + ": " + expected, refusedSet(override));
  }

  @ParameterizedTest
  @CsvSource({"lm.bptt", "=3", "lm bptt=3", "lm..bptt=3", "seed.x=3", "lm.stages.9.epochs=1"})
  void refusesOverridesThatAreNone(String override) {
    assertTrue(refusedSet(override).startsWith("--set " + override + ": "));
  }

  @Test
  void aLaterOverrideWins() {
    Recipe recipe =
        Recipes.load(
            Path.of("imdb-lesson"), List.of("lm.bptt=30", "lm.bptt=31", "lm.stages.1.epochs=0.5"));
    assertEquals(31, recipe.lm().bptt());
    assertEquals(0.5, recipe.lm().stages().get(1).epochs());
    assertEquals(1e-3, recipe.lm().stages().get(1).rates().lr());
  }

  @Test
  void aFileIsLaidOverTheDefaults() throws Exception {
    Path file = dir.resolve("my.yaml");
    Files.writeString(
        file,
        "\uFEFFlm:\n  optimizer: {clip: 9}\n  stages:\n    - {freezeTo: 0, epochs: 2,"
            + " rates: {slice: [1e-4, 1E-2]}, schedule: {kind: constant}}\n");
    Recipe recipe = Recipes.load(file, List.of());
    assertEquals(9, recipe.lm().optimizer().clip());
    assertEquals(0.99, recipe.lm().optimizer().beta2());
    assertEquals(1, recipe.lm().stages().size());
    assertEquals(List.of(1e-4, 1e-2), recipe.lm().stages().get(0).rates().slice());
    assertEquals(DEFAULT.classifier(), recipe.classifier());
  }

  @Test
  void anEmptyFileChangesNothing() throws Exception {
    Path file = dir.resolve("my.yaml");
    for (String text : List.of("", "# nothing\n", "{}\n")) {
      Files.writeString(file, text);
      assertEquals(DEFAULT, Recipes.load(file, List.of()));
    }
  }

  @Test
  void refusesWhatIsNoText() throws Exception {
    Path file = dir.resolve("my.yaml");
    Files.write(file, new byte[] {'s', 'e', (byte) 0xff});
    assertEquals(file + ", byte 2: not UTF-8", refusal(() -> Recipes.load(file, List.of())));
    Files.write(file, new byte[(1 << 20) + 1]);
    assertTrue(refusal(() -> Recipes.load(file, List.of())).contains("longer than"));
    Files.write(file, "[".repeat(500).getBytes(StandardCharsets.US_ASCII));
    refusal(() -> Recipes.load(file, List.of()));
    assertTrue(refusal(() -> Recipes.load(dir, List.of())).contains("cannot be read"));
  }

  @ParameterizedTest
  @CsvSource({"imdb-lesson", "imdb-lesson.yaml", "configs/imdb-lesson"})
  void packagedRecipesAreFoundByName(String name) {
    assertEquals(1150, Recipes.load(Path.of(name), List.of()).model().hiddenSize());
  }

  @Test
  void anUnknownNameIsMet() {
    assertEquals(
        "imdb-cpuu: no such file; did you mean 'imdb-cpu'?",
        refusal(() -> Recipes.load(Path.of("imdb-cpuu"), List.of())));
    assertEquals(
        "x/y.yaml: no such file; recipes that ship with ulmfit: default, quickstart, imdb-cpu,"
            + " imdb-night, imdb-nights, imdb-lesson, imdb-paper, wiki-small, bilstm, bilstm-one-hot, bilstm-stacked, dgcnn,"
            + " lstm, mean-embedding, ngram-lr, ngram-mlp, ngram-mlp-binary, ngram-nbsvm, embedding, rnn, rnn-padded, sepcnn",
        refusal(() -> Recipes.load(Path.of("x/y.yaml"), List.of())));
  }

  @Test
  void theListOfPackagedRecipesIsThatOfTheFolder() throws Exception {
    try (Stream<Path> files =
        Files.walk(Path.of("configs")).filter(f -> f.toString().endsWith(".yaml"))) {
      assertEquals(
          new TreeSet<>(Recipes.PACKAGED),
          new TreeSet<>(files.map(f -> f.getFileName().toString().replace(".yaml", "")).toList()));
    }
  }

  @ParameterizedTest
  @FieldSource("org.ulmfit.config.Recipes#PACKAGED")
  void everyPackagedRecipeSurvivesPrintingAndReading(String name) {
    Recipe recipe = Recipes.load(Path.of(name), List.of());
    String yaml = Recipes.toYaml(recipe);
    assertEquals(recipe, Recipes.parse(yaml, "again", List.of()));
    assertEquals(yaml, Recipes.toYaml(Recipes.parse(yaml, "again", List.of())));
  }

  @Test
  void printsWordsAndNumbersThatOtherReadersTakeToo() {
    String yaml =
        Recipes.toYaml(
            Recipes.load(
                null,
                List.of(
                    "text.tokenizer=\"C:\\\\my \\\"tok\\\"\\u0001 é\uD83D\uDE00.json\"",
                    "lm.optimizer.epsilon=1e-9",
                    "lm.optimizer.clip=0")));
    assertTrue(
        yaml.contains("tokenizer: \"C:\\\\my \\\"tok\\\"\\u0001 é\uD83D\uDE00.json\"\n"), yaml);
    assertTrue(yaml.contains("epsilon: 1.0e-9\n"), yaml);
    assertTrue(yaml.contains("clip: 0.0\n"), yaml);
    assertTrue(yaml.contains("library: \"2018-03\"\n"), yaml);
    assertTrue(yaml.contains("precision: auto\n"), yaml);
    assertEquals(
        "C:\\my \"tok\"\u0001 é\uD83D\uDE00.json",
        Recipes.parse(yaml, "again", List.of()).text().tokenizer());
  }
}
