package org.ulmfit.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * What a card says to programs: the metadata at its head, as Hugging Face's hub reads them.
 *
 * <pre>
 * ---
 * language: en
 * license: unknown
 * library_name: ulmfit
 * pipeline_tag: text-classification
 * tags:
 * - ulmfit
 * model-index:
 * - name: Text classifier (awd-lstm)
 *   results:
 *   - task: {type: text-classification}
 *     dataset: {type: unknown, name: reviews.csv, split: test}
 *     metrics:
 *     - {type: accuracy, name: accuracy, value: 0.9412}
 * ---
 * </pre>
 *
 * @param title of the card
 * @param language a language tag; null: not known
 * @param task that the model is for, by its name on the hub
 * @param dataset what the results were measured on, as people call it
 * @param results none: not measured
 * @see <a href="https://github.com/huggingface/hub-docs/blob/main/modelcard.md">modelcard.md</a>
 */
record CardHeader(
    String title,
    @Nullable String language,
    String task,
    List<String> tags,
    String dataset,
    List<Evidence.Result> results) {

  private static final int DIGITS = 4;
  private static final String UNKNOWN = "unknown"; // a value that the hub has for both

  /** The header, with the lines that set it off. */
  String yaml() {
    Map<String, Object> header = new LinkedHashMap<>();
    if (language != null) {
      header.put("language", language);
    }
    header.put("license", UNKNOWN);
    header.put("library_name", "ulmfit");
    header.put("pipeline_tag", task);
    header.put("tags", tags);
    if (!results.isEmpty()) {
      header.put("model-index", List.of(index()));
    }
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    return "---\n" + new Yaml(options).dump(header) + "---\n";
  }

  private Map<String, Object> index() {
    List<Map<String, Object>> measured = new ArrayList<>();
    for (Evidence.Result result : results) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("task", Map.of("type", task));
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("type", UNKNOWN);
      data.put("name", Shown.escaped(dataset));
      data.put("split", result.split());
      one.put("dataset", data);
      one.put("metrics", result.figures().stream().flatMap(CardHeader::metric).toList());
      measured.add(one);
    }
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("name", title);
    index.put("results", measured);
    return index;
  }

  /** None of a value that has no digits. */
  private static Stream<Map<String, Object>> metric(Figure figure) {
    if (!Double.isFinite(figure.value())) {
      return Stream.empty();
    }
    Map<String, Object> metric = new LinkedHashMap<>();
    metric.put("type", figure.type());
    metric.put("name", figure.name());
    BigDecimal value = BigDecimal.valueOf(figure.value()).setScale(DIGITS, RoundingMode.HALF_EVEN);
    metric.put("value", value.doubleValue());
    return Stream.of(metric);
  }
}
