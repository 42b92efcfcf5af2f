package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The 600 reviews that ship with ulmfit. */
class SampleReviewsTest {

  private static List<JsonNode> read(String part) {
    List<JsonNode> rows = new ArrayList<>();
    SampleReviews.lines(part)
        .lines()
        .forEach(
            line -> {
              try {
                rows.add(new ObjectMapper().readTree(line));
              } catch (JsonProcessingException e) {
                throw new AssertionError(line, e);
              }
            });
    return rows;
  }

  private static List<JsonNode> all() {
    List<JsonNode> rows = read("train");
    rows.addAll(read("test"));
    rows.addAll(read("unsup"));
    return rows;
  }

  private static Map<String, Integer> count(List<JsonNode> rows, boolean domain) {
    Map<String, Integer> counts = new TreeMap<>();
    for (JsonNode row : rows) {
      String id = row.get("id").asText();
      counts.merge(
          domain ? id.substring(0, id.indexOf('-')) : row.get("label").asText(), 1, Integer::sum);
    }
    return counts;
  }

  @Test
  void labelsAndDomainsAreBalanced() {
    assertEquals(Map.of("neg", 125, "pos", 125), count(read("train"), false));
    assertEquals(Map.of("neg", 75, "pos", 75), count(read("test"), false));
    assertEquals(
        Map.of("book", 62, "film", 62, "food", 63, "gadget", 63), count(read("train"), true));
    assertEquals(
        Map.of("book", 38, "film", 38, "food", 37, "gadget", 37), count(read("test"), true));
    List<JsonNode> unsup = read("unsup");
    assertEquals(200, unsup.size());
    assertTrue(unsup.stream().noneMatch(row -> row.has("label")));
  }

  @Test
  void reviewsAreShortAndNoneComesTwice() {
    Set<String> ids = new HashSet<>();
    Set<String> texts = new HashSet<>();
    for (JsonNode row : all()) {
      String text = row.get("text").asText();
      int words = text.split("\\s+").length;
      assertTrue(words >= 25 && words <= 60, row + ": " + words + " words");
      assertTrue(ids.add(row.get("id").asText()), row.toString());
      assertTrue(texts.add(String.join(" ", words(text))), row.toString());
    }
    assertEquals(600, ids.size());
  }

  @Test
  void noSixWordsInARowComeInMoreThanTwoReviews() {
    Map<String, Set<String>> where = new HashMap<>();
    for (JsonNode row : all()) {
      List<String> words = words(row.get("text").asText());
      for (int i = 0; i + 6 <= words.size(); i++) {
        String six = String.join(" ", words.subList(i, i + 6));
        where.computeIfAbsent(six, s -> new HashSet<>()).add(row.get("id").asText());
      }
    }
    assertTrue(where.size() > 10_000, "the reviews were cut into words");
    where.forEach((six, ids) -> assertTrue(ids.size() <= 2, six + " in " + ids));
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}']+")) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }
}
