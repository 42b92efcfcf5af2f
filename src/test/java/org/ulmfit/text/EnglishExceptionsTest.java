package org.ulmfit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnglishExceptionsTest {
  @ParameterizedTest
  @CsvSource({"SPACY_3, v3, 1347", "SPACY_2_0, v2_0, 1244"})
  void familiesGiveSpacysTable(TokenizerSpec.Word profile, String key, int size)
      throws IOException {
    JsonNode node =
        SharedFiles.json(SharedFiles.spec("spacy_en_exceptions.json"))
            .path("profiles")
            .path(key)
            .path("exceptions");
    Map<String, List<String>> expected = new TreeMap<>();
    node.properties().forEach(e -> expected.put(e.getKey(), SharedFiles.strings(e.getValue())));
    assertEquals(size, expected.size());

    Map<String, List<String>> actual = new TreeMap<>();
    EnglishExceptions.of(profile).forEach((k, v) -> actual.put(k, List.of(v)));
    Map<String, List<String>> missing = new TreeMap<>(expected);
    missing.entrySet().removeAll(actual.entrySet());
    Map<String, List<String>> extra = new TreeMap<>(actual);
    extra.entrySet().removeAll(expected.entrySet());
    assertEquals(Map.of(), missing, "in spaCy's table only");
    assertEquals(Map.of(), extra, "in ours only");
  }
}
