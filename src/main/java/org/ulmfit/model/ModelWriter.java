package org.ulmfit.model;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.Version;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.io.IOConsumer;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.nn.Kernels.Arithmetic;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.Tensors;
import org.ulmfit.vocab.Vocab;

/**
 * Writes a model folder: config, vocabulary, weights, recipe, provenance, metrics, card.
 *
 * @param arithmetic what the recipe's precision came to mean; null for weights not trained here
 * @param data where the model's data came from, by name, for provenance and card
 * @param metrics numbers by name
 * @param tokenizer content of the tokenizer.json that cuts its texts, which then goes with it;
 *     null: none does
 */
public record ModelWriter(
    ModelConfig config,
    Vocab vocab,
    Recipe recipe,
    @Nullable Arithmetic arithmetic,
    Map<String, Object> data,
    Map<String, Object> metrics,
    @Nullable String tokenizer) {

  private static final int NAMED = 200; // labels on the card; all are in labels.json
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  public ModelWriter {
    config = tokenizer == null ? config : config.cutBy(ModelConfig.TOKENIZER);
    data = new LinkedHashMap<>(data);
    metrics = new LinkedHashMap<>(metrics);
  }

  /** The same model as another kind, such as an encoder without its decoder. */
  public ModelWriter as(String kind) {
    return new ModelWriter(config.as(kind), vocab, recipe, arithmetic, data, metrics, tokenizer);
  }

  /**
   * Writes the folder aside and renames it; an older model there is replaced once this one is
   * complete.
   *
   * @param labels class names in index order; null for a language model or an encoder
   */
  public void write(Path target, Map<String, NDArray> tensors, @Nullable List<String> labels) {
    write(target, true, Tensors.entries(tensors), labels);
  }

  /**
   * The same from tensors that need no engine.
   *
   * @throws UlmfitException (usage) if the target exists and may not be replaced
   */
  public void write(
      Path target,
      boolean overwrite,
      List<Safetensors.Entry> tensors,
      @Nullable List<String> labels) {
    write(target, overwrite, tensors, labels, dir -> {});
  }

  /**
   * The same with more files.
   *
   * @param more writes them into the folder it is given
   * @throws UlmfitException (usage) if the target exists and may not be replaced
   */
  public void write(
      Path target,
      boolean overwrite,
      List<Safetensors.Entry> tensors,
      @Nullable List<String> labels,
      IOConsumer<Path> more) {
    ModelFolder.write(
        target,
        overwrite,
        dir -> {
          if (tokenizer != null) {
            Files.writeString(dir.resolve(ModelConfig.TOKENIZER), tokenizer);
          }
          Files.writeString(dir.resolve("config.json"), config.json());
          vocab.write(dir.resolve("vocab.txt"));
          if (labels != null) {
            json(dir.resolve("labels.json"), labels);
          }
          Safetensors.write(
              dir.resolve("model.safetensors"),
              Map.of("format", "pt", "kind", config.kind()),
              tensors);
          Files.writeString(dir.resolve("recipe.yaml"), Recipes.toYaml(recipe));
          json(dir.resolve("provenance.json"), provenance());
          json(dir.resolve("metrics.json"), metrics);
          Files.writeString(dir.resolve("README.md"), card(labels));
          more.accept(dir);
        });
  }

  static void json(Path file, Object value) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(value) + "\n");
  }

  private Map<String, Object> provenance() {
    Map<String, Object> all = versions();
    if (arithmetic != null) {
      all.put("seed", recipe.seed());
      all.put("precision", Precision.name(arithmetic));
    }
    all.put("data", data);
    return all;
  }

  /** What any model was written with, and when. */
  static Map<String, Object> versions() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("ulmfit", Version.version());
    all.put("commit", Version.commit());
    all.put("djl", Version.djl());
    all.put("libtorch", Version.libtorch());
    all.put("java", System.getProperty("java.version"));
    all.put("created", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return all;
  }

  private String card(@Nullable List<String> labels) {
    StringBuilder card = new StringBuilder();
    card.append("# ulmfit ").append(config.kind()).append("\n\n");
    card.append(config.describe()).append(".\n");
    card.append("Text rules ").append(config.text().rules());
    card.append(", tokenizer ").append(config.text().tokenizer());
    if (config.text().normalise() != null) {
      card.append(", normal form ").append(config.text().normalise());
    }
    card.append(".\n");
    if (config.text().language() != null) {
      card.append("Language: ").append(config.text().language()).append(".\n");
    }
    if (labels != null) {
      card.append("Labels: ").append(Shown.markdown(Shown.list(labels, NAMED))).append(".\n");
    }
    section(card, "Data", data);
    section(card, "Metrics", metrics);
    card.append("\nThe recipe is in `recipe.yaml`, versions and seed in `provenance.json`.\n");
    return card.toString();
  }

  static void section(StringBuilder card, String title, Map<String, Object> values) {
    if (values.isEmpty()) {
      return;
    }
    card.append("\n## ").append(title).append("\n\n");
    values.forEach(
        (name, value) ->
            card.append("- ")
                .append(name)
                .append(": ")
                .append(Shown.markdown(Shown.escaped("" + value)))
                .append('\n'));
  }
}
