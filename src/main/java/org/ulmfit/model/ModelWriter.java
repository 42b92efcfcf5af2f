package org.ulmfit.model;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.Version;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.io.IOConsumer;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.PrettyJson;
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
 * @param evidence what the card tells of data and figures
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
    Evidence evidence,
    @Nullable String tokenizer) {

  private static final Set<Safetensors.DType> LEARNED =
      EnumSet.of(Safetensors.DType.F16, Safetensors.DType.BF16, Safetensors.DType.F32);

  private static final ObjectMapper JSON = PrettyJson.mapper();

  public ModelWriter {
    config = tokenizer == null ? config : config.cutBy(ModelConfig.TOKENIZER);
    data = new LinkedHashMap<>(data);
    metrics = new LinkedHashMap<>(metrics);
  }

  /** The same model as another kind, such as an encoder without its decoder. */
  public ModelWriter as(String kind) {
    return new ModelWriter(
        config.as(kind), vocab, recipe, arithmetic, data, metrics, evidence, tokenizer);
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
          more.accept(dir);
          Files.writeString(
              dir.resolve(ModelFolder.CARD),
              new ModelCard(config, vocab, labels, data, evidence, learned(tensors)).markdown(dir));
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

  /** Numbers among the tensors that are no indices. */
  private static long learned(List<Safetensors.Entry> tensors) {
    return tensors.stream()
        .filter(tensor -> LEARNED.contains(tensor.dtype()))
        .mapToLong(tensor -> LongStream.of(tensor.shape()).reduce(1, (a, b) -> a * b))
        .sum();
  }
}
