package org.ulmfit.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Golden;
import org.ulmfit.text.FieldMarks;
import org.ulmfit.text.FieldNumbers;
import org.ulmfit.text.Normalise;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.vocab.TextEncoder;

/** Pieces and vectors against those of tokenizers and onnxruntime in Python. */
@Tag("parity")
class EncoderParityTest {
  private static final double LIKE =
      1e-4; // quantised models flip a bit where the last digit differs
  private static final double SAME = 2e-6;
  private static final JsonNode CASES = Encoders.cases();

  @TempDir Path dir;

  private static List<String> texts() {
    return Golden.elements(CASES.required("texts")).stream().map(JsonNode::textValue).toList();
  }

  private static int[][] pieces(TokenizerFile tokenizer, Path file, List<String> texts) {
    try (TextEncoder encoder =
        TextEncoder.of(
            Rules.NONE,
            new TokenizerSpec.Subword(file),
            FieldMarks.AUTO,
            FieldNumbers.LESSON,
            Normalise.NONE,
            tokenizer.vocabulary())) {
      return texts.stream()
          .map(text -> encoder.ids(encoder.tokens(List.of(text))))
          .map(ids -> PieceIds.of(ids, tokenizer.unknown()))
          .toArray(int[][]::new);
    }
  }

  private static int[] around(TokenizerFile tokenizer, int[] pieces) {
    return IntStream.of(0, 1, 2)
        .mapToObj(i -> i == 0 ? tokenizer.start() : i == 1 ? pieces : tokenizer.end())
        .flatMapToInt(Arrays::stream)
        .toArray();
  }

  @Test
  void piecesAreThoseOfTokenizers() {
    for (JsonNode one : CASES.required("pieces")) {
      Path file = Encoders.file(one.required("tokenizer").asText());
      TokenizerFile tokenizer = TokenizerFile.of(file);
      int[][] expected = Golden.rowsOfInts(one.required("ids"));
      int[][] found = pieces(tokenizer, file, texts());
      for (int t = 0; t < expected.length; t++) {
        assertArrayEquals(expected[t], around(tokenizer, found[t]), file + ": " + texts().get(t));
      }
    }
  }

  @Test
  void aTokenizerThatCutsAndPadsIsAskedForNeither() throws IOException {
    Path file = dir.resolve("tokenizer.json");
    String content = Files.readString(Encoders.FOLDER.resolve("tokenizer.json"));
    String cutting =
        "\"truncation\":{\"direction\":\"Right\",\"max_length\":4,\"strategy\":\"LongestFirst\",\"stride\":0}";
    String padding =
        "\"padding\":{\"strategy\":{\"Fixed\":9},\"direction\":\"Right\",\"pad_to_multiple_of\":null,"
            + "\"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"[PAD]\"}";
    String changed =
        content.replace("\"truncation\":null", cutting).replace("\"padding\":null", padding);
    assertTrue(changed.contains("max_length") && changed.contains("Fixed"), changed);
    Files.writeString(file, changed);
    TokenizerFile tokenizer = TokenizerFile.of(file);
    int[][] expected = Golden.rowsOfInts(CASES.required("pieces").get(0).required("ids"));
    int[][] found = pieces(tokenizer, file, texts());
    for (int t = 0; t < expected.length; t++) {
      assertArrayEquals(expected[t], around(tokenizer, found[t]), texts().get(t));
    }
    assertEquals(4, CardReader.ofFolder(dir, tokenizer.json()).window());
  }

  private static int[][] bare() {
    return Arrays.stream(Golden.rowsOfInts(CASES.required("pieces").get(0).required("ids")))
        .map(ids -> Arrays.copyOfRange(ids, 1, ids.length - 1))
        .toArray(int[][]::new);
  }

  private SentenceEncoder encoder(JsonNode one) throws IOException {
    String name = one.required("model").asText() + ".onnx";
    Path folder =
        name.startsWith("encoder/")
            ? Encoders.FOLDER
            : Encoders.with(dir.resolve(name + one.required("normalise")), name);
    Pooling pooling =
        switch (one.required("pooling").asText()) {
          case "mean" -> Pooling.MEAN;
          case "first" -> Pooling.FIRST;
          default -> null;
        };
    Embedder embedder = Embedder.of(folder);
    int overlap = CASES.required("overlap").intValue();
    boolean normalise = one.required("normalise").booleanValue();
    List<String> told = new ArrayList<>();
    EncoderReading reading =
        embedder.reading(new Embedder.Wishes(pooling, normalise, 0, overlap, 0), told::add);
    assertEquals(CASES.required("window").intValue(), reading.window());
    assertTrue(told.get(0).contains("window 16 tokens (config.json)"), told.get(0));
    return embedder.encoder(reading);
  }

  @Test
  void vectorsAreThoseOfOnnxruntime() throws IOException {
    for (JsonNode one : CASES.required("vectors")) {
      boolean exact = !one.required("model").asText().equals("quantised");
      double[][] expected = Golden.rowsOfDoubles(one.required("vectors"));
      try (SentenceEncoder encoder = encoder(one)) {
        float[][] found = encoder.vectors(bare());
        for (int t = 0; t < expected.length; t++) {
          for (int i = 0; i < expected[t].length; i++) {
            String where = one.required("model") + ", text " + t;
            assertEquals(expected[t][i], found[t][i], exact ? SAME : LIKE, where);
          }
        }
      }
    }
  }

  /** Of the models that quantise by a batch's range, too. */
  @Test
  void whatATextComesToDependsOnNoOther() throws IOException {
    for (JsonNode one : CASES.required("vectors")) {
      List<int[]> texts = new ArrayList<>(List.of(bare()));
      try (SentenceEncoder encoder = encoder(one)) {
        float[][] alone =
            texts.stream().map(t -> encoder.vectors(new int[][] {t})[0]).toArray(float[][]::new);
        List<Integer> order = new ArrayList<>(IntStream.range(0, alone.length).boxed().toList());
        Collections.shuffle(order, new Random(3));
        float[][] mixed = encoder.vectors(order.stream().map(texts::get).toArray(int[][]::new));
        for (int i = 0; i < mixed.length; i++) {
          assertArrayEquals(alone[order.get(i)], mixed[i], 1e-6f, one.required("model") + " " + i);
        }
      }
    }
  }
}
