package org.ulmfit.parity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TextPipeline;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.vocab.VocabBuilder;

/** Tokens and vocabularies of fastai 2 with spaCy 3. */
@Tag("parity")
class TextParityTest {

  @TestFactory
  Stream<DynamicTest> tokens() {
    return ParityCase.tests("tokens", TextParityTest::tokens);
  }

  private static void tokens(ParityCase c) {
    Comparison compared = new Comparison(c);
    List<JsonNode> documents = c.lines("documents.jsonl");
    long equal = 0;
    try (TextPipeline pipeline = TextPipeline.of(Rules.FASTAI_2, TokenizerSpec.Word.SPACY_3)) {
      for (JsonNode document : documents) {
        List<String> expected = strings(document.required("tokens"));
        List<String> actual = pipeline.tokens(document.required("text").asText());
        if (expected.equals(actual)) {
          equal++;
        } else {
          System.err.println(c.name() + ": " + firstDifference(expected, actual));
        }
      }
    }
    compared.all("documents with the same tokens", equal, documents.size());
    compared.finish();
  }

  private static String firstDifference(List<String> expected, List<String> actual) {
    int at = 0;
    while (at < Math.min(expected.size(), actual.size())
        && expected.get(at).equals(actual.get(at))) {
      at++;
    }
    return "token " + at + ": " + around(expected, at) + " became " + around(actual, at);
  }

  private static List<String> around(List<String> tokens, int at) {
    return tokens.subList(Math.max(0, at - 3), Math.min(tokens.size(), at + 5));
  }

  @TestFactory
  Stream<DynamicTest> vocabularies() {
    return ParityCase.tests("vocabulary", TextParityTest::vocabularies);
  }

  private static void vocabularies(ParityCase c) {
    Comparison compared = new Comparison(c);
    JsonNode content = c.file("vocabularies.json");
    VocabBuilder builder = new VocabBuilder();
    content.required("counts").forEach(e -> builder.add(e.get(0).asText(), e.get(1).asLong()));
    for (JsonNode v : content.required("vocabularies")) {
      int most = v.required("maxVocab").intValue();
      int least = v.required("minFreq").intValue();
      List<String> expected = strings(v.required("itos"));
      List<String> actual = builder.build(Rules.FASTAI_2, most, least, false).itos();
      long equal = 0;
      for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
        equal += expected.get(i).equals(actual.get(i)) ? 1 : 0;
      }
      String what = "vocabulary, min_freq " + least + ", max_vocab " + most + ": same entries";
      compared.all(what, equal, Math.max(expected.size(), actual.size()));
    }
    compared.finish();
  }

  private static List<String> strings(JsonNode array) {
    List<String> all = new ArrayList<>();
    array.forEach(e -> all.add(e.asText()));
    return all;
  }
}
