package org.ulmfit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A model card, taken apart as the hub does.
 *
 * @param header its metadata
 * @param text what follows
 */
public record CardParts(Map<String, Object> header, String text) {
  /** Of huggingface_hub's {@code repocard.py}. */
  private static final Pattern HEADER =
      Pattern.compile("\\A(\\s*---[\\r\\n]+)([\\S\\s]*?)([\\r\\n]+---(\\r\\n|\\n|\\z))");

  public static CardParts of(Path folder) {
    try {
      return of(Files.readString(folder.resolve("README.md")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public static CardParts of(String card) {
    Matcher matcher = HEADER.matcher(card);
    assertTrue(matcher.find(), card);
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    Map<String, Object> header = yaml.load(matcher.group(2));
    assertEquals("ulmfit", header.get("library_name"));
    assertTrue(header.get("license") instanceof String, card);
    assertTrue(((List<?>) header.get("tags")).contains("ulmfit"), card);
    return new CardParts(header, card.substring(matcher.end()));
  }

  /** Results of the one model of its index; none: it has no index. */
  @SuppressWarnings("unchecked")
  public List<Map<String, Object>> results() {
    List<Map<String, Object>> index = (List<Map<String, Object>>) header.get("model-index");
    if (index == null) {
      return List.of();
    }
    assertEquals(1, index.size());
    assertTrue(index.get(0).get("name") instanceof String);
    return (List<Map<String, Object>>) index.get(0).get("results");
  }

  /** The value of a metric of a result. */
  @SuppressWarnings("unchecked")
  public static double metric(Map<String, Object> result, String name) {
    List<Map<String, Object>> metrics = (List<Map<String, Object>>) result.get("metrics");
    return metrics.stream()
        .filter(metric -> metric.get("name").equals(name))
        .mapToDouble(metric -> ((Number) metric.get("value")).doubleValue())
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " in " + metrics));
  }

  /** Lines between a heading and the next. */
  public List<String> section(String heading) {
    List<String> lines =
        text.lines().dropWhile(line -> !line.equals("## " + heading)).skip(1).toList();
    assertTrue(!lines.isEmpty(), heading + " in " + text);
    return lines.stream().takeWhile(line -> !line.startsWith("## ")).toList();
  }

  /** The block of code in a language. */
  public String code(String language) {
    Matcher matcher = Pattern.compile("```" + language + "\n([\\S\\s]*?)```").matcher(text);
    assertTrue(matcher.find(), text);
    return matcher.group(1);
  }
}
