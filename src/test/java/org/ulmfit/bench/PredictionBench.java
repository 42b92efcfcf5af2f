package org.ulmfit.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ulmfit.classifier.Classifier;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.Torch;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.vocab.Vocab;

/**
 * Answers of a classifier with random weights: texts in, labels out, tokenizing included. The words
 * are made up and in the vocabulary, each one token, so that texts have exactly the tokens asked
 * for on both sides.
 */
final class PredictionBench {

  private static final List<String> SPECIALS =
      List.of("xxunk", "xxpad", "xxbos", "xxeos", "xxfld", "xxrep", "xxwrep", "xxup", "xxmaj");
  private static final String CONSONANTS = "bcdfghjklmnpqrstvwxz";
  private static final String VOWELS = "aeiou";
  private static final int WORDS = 1_000_000; // of three syllables
  private static final int STRIDE = 7919; // coprime to WORDS: all words differ

  private PredictionBench() {}

  /**
   * @param singles number of single texts by their tokens
   * @param many texts of 250 tokens in a batch
   * @param repeats of the batch
   */
  record Size(
      int vocabulary,
      int embedding,
      int hidden,
      Map<Integer, Integer> singles,
      int many,
      int repeats) {}

  static void write(Spec spec, Size size) throws IOException {
    spec.values()
        .put("vocabulary", size.vocabulary)
        .put("embedding", size.embedding)
        .put("hidden", size.hidden)
        .put("batch", 64)
        .put("classes", 2)
        .put("many", size.many)
        .put("batchRepeats", size.repeats);
    Recipe.Classifier settings = ClassifierBench.recipe(spec).classifier();
    spec.values().put("bptt", settings.bptt()).put("maxLength", settings.maxLength());
    List<String> vocabulary = new ArrayList<>(SPECIALS);
    for (int i = 0; vocabulary.size() < size.vocabulary; i++) {
      vocabulary.add(word((int) ((long) i * STRIDE % WORDS)));
    }
    spec.lines("vocab.txt", vocabulary);
    spec.values().put("vocab", "vocab.txt");
    Random random = new Random(spec.number("seed"));
    ObjectNode texts = spec.values().putObject("texts");
    for (Map.Entry<Integer, Integer> single : size.singles.entrySet()) {
      String name = "texts-" + single.getKey() + ".jsonl";
      spec.lines(name, texts(vocabulary, single.getKey(), single.getValue(), random));
      texts.put(single.getKey().toString(), name);
    }
    spec.lines("texts-many.jsonl", texts(vocabulary, 250, size.many, random));
    spec.values().put("batchTexts", "texts-many.jsonl");
  }

  static String word(int number) {
    StringBuilder word = new StringBuilder();
    for (int syllable = 0; syllable < 3; syllable++) {
      word.append(CONSONANTS.charAt(number % 20)).append(VOWELS.charAt(number / 20 % 5));
      number /= 100;
    }
    return word.toString();
  }

  /** One token is the start token that the rules add. */
  private static List<String> texts(List<String> vocabulary, int tokens, int n, Random random) {
    return IntStream.range(0, n)
        .mapToObj(
            i ->
                random
                    .ints(tokens - 1L, SPECIALS.size(), vocabulary.size())
                    .mapToObj(vocabulary::get)
                    .collect(Collectors.joining(" ")))
        .toList();
  }

  /** Writes the model folders {@code model-fp32} and so on of the precisions. */
  static void models(Spec spec, List<String> precisions) throws IOException {
    Recipe recipe = ClassifierBench.recipe(spec);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu());
        Kernels kernels = Kernels.load(Device.cpu(), Kernels.Arithmetic.FLOAT32)) {
      Torch.seed(spec.number("seed"));
      try (Classifier model =
          new Classifier(
              manager, kernels, ClassifierBench.config(spec, recipe), 1, recipe.classifier())) {
        for (String precision : precisions) {
          String yaml = Recipes.toYaml(recipe);
          Recipe with = Recipes.parse(yaml, "bench", List.of("precision=" + precision));
          ModelFolder.write(model(spec, precision), true, dir -> fill(dir, spec, with, model));
        }
      }
    }
  }

  static Path model(Spec spec, String precision) {
    return spec.dir().resolve("model-" + precision);
  }

  private static void fill(Path dir, Spec spec, Recipe recipe, Classifier model)
      throws IOException {
    Files.writeString(dir.resolve("config.json"), ClassifierBench.config(spec, recipe).json());
    Vocab.of(Spec.lines(spec.path("vocab"))).write(dir.resolve("vocab.txt"));
    Files.writeString(dir.resolve("labels.json"), "[\"neg\", \"pos\"]\n");
    Safetensors.write(
        dir.resolve("model.safetensors"),
        Map.of("format", "pt", "kind", "classifier"),
        Tensors.entries(model.tensors()));
    Files.writeString(dir.resolve("recipe.yaml"), Recipes.toYaml(recipe));
    Files.writeString(dir.resolve("provenance.json"), "{}\n");
    Files.writeString(dir.resolve("metrics.json"), "{}\n");
    Files.writeString(dir.resolve("README.md"), "Random weights, for the benchmark.\n");
  }

  /** Series {@code single N} for texts of N tokens and {@code batch}, in documents. */
  static Measurement predict(Spec spec, String precision) throws IOException {
    Measurement measured = Measurement.empty();
    long opened = System.nanoTime();
    try (TextClassifier classifier = TextClassifier.load(model(spec, precision), "cpu", null)) {
      measured.add("open", (System.nanoTime() - opened) / 1e9, 1);
      for (Map.Entry<String, JsonNode> group : spec.values().get("texts").properties()) {
        List<String> texts = Spec.lines(spec.dir().resolve(group.getValue().textValue()));
        classifier.predict(texts.get(0));
        for (String text : texts) {
          long started = System.nanoTime();
          classifier.predict(text);
          measured.add("single " + group.getKey(), (System.nanoTime() - started) / 1e9, 1);
        }
      }
      List<String> many = Spec.lines(spec.path("batchTexts"));
      classifier.predict(many.subList(0, Math.min(64, many.size())));
      for (int i = 0; i < spec.number("batchRepeats"); i++) {
        long started = System.nanoTime();
        classifier.predict(many);
        measured.add("batch", (System.nanoTime() - started) / 1e9, many.size());
      }
    }
    return measured;
  }
}
