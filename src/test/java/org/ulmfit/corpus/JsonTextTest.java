package org.ulmfit.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonTextTest {

  @Property(tries = 300)
  void jacksonReadsBackWhatWasWritten(@ForAll List<String> values) throws JsonProcessingException {
    String json = JsonText.array(values);
    assertEquals(values, List.of(new ObjectMapper().readValue(json, String[].class)));
    assertEquals(1, json.split("\n", -1).length, "one line");
    assertTrue(StandardCharsets.UTF_8.newEncoder().canEncode(json), "no half surrogates");
  }

  @Test
  void whatMustBeEscapedIs() {
    assertEquals(
        "[\"a\\\"b\\\\\", \"\\n\\t\\r\\u0000\", \"\\ud800x\", \"😀é/\"]",
        JsonText.array(List.of("a\"b\\", "\n\t\r\0", "\ud800x", "😀é/")));
    assertEquals(
        "[\"\\u007f\\u0085\\u009b\", \"\\u2028\\u2029\"]",
        JsonText.array(List.of("\u007f\u0085\u009b", "\u2028\u2029")));
    assertEquals("[]", JsonText.array(List.of()));
  }
}
