package org.ulmfit.embed;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ulmfit.UlmfitException;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TextPipeline;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.vocab.Vocab;

/**
 * A sentence encoder's tokenizer.json: its pieces as a vocabulary, and what it puts around a text.
 *
 * @param start ids before a text's pieces, such as {@code [CLS]}
 * @param end ids behind them, such as {@code [SEP]}
 * @param unknown id of the unknown piece; -1: it has none
 */
record TokenizerFile(JsonNode json, Vocab vocabulary, int[] start, int[] end, int unknown) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final String PROBE = "a";
  private static final Map<String, String> OPTIONS =
      Map.of("truncation", "false", "padding", "false");

  /**
   * Reads it.
   *
   * @param file a tokenizer.json, or a jar that holds one
   * @throws UlmfitException (bad data or model) if it is none, or cannot be used as it is;
   *     (failure) if the library that reads it cannot be loaded
   */
  static TokenizerFile of(Path file) {
    var spec = new TokenizerSpec.Subword(file);
    try (TextPipeline texts = TextPipeline.of(Rules.NONE, spec)) { // first: it readies the library
      String content = spec.content();
      JsonNode json = JSON.readTree(content);
      checkTemplates(file, json.path("post_processor"));
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      List<String> pieces = texts.vocabulary().orElseThrow();
      try (HuggingFaceTokenizer library =
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), OPTIONS)) {
        TokenizerFile found = of(file, json, pieces, library);
        found.checkWhole(file, texts, library);
        return found;
      }
    } catch (JsonProcessingException e) {
      throw refused(file, "is no JSON");
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_MODEL, file, e);
    }
  }

  private static TokenizerFile of(
      Path file, JsonNode json, List<String> pieces, HuggingFaceTokenizer library) {
    int[] bare = ids(library.encode(PROBE, false, false).getIds());
    Encoding marked = library.encode(PROBE, true, false);
    int[] all = ids(marked.getIds());
    int at = 0;
    while (at + bare.length < all.length
        && !Arrays.equals(all, at, at + bare.length, bare, 0, bare.length)) {
      at++;
    }
    boolean there = Arrays.equals(all, at, at + bare.length, bare, 0, bare.length);
    if (!there || Arrays.stream(marked.getTypeIds()).anyMatch(type -> type != 0)) {
      throw refused(file, "changes pieces or gives them types where it puts marks around a text");
    }
    return new TokenizerFile(
        json,
        PieceIds.vocabulary(pieces),
        Arrays.copyOf(all, at),
        Arrays.copyOfRange(all, at + bare.length, all.length),
        unknown(json, pieces));
  }

  private static int unknown(JsonNode json, List<String> pieces) {
    JsonNode model = json.path("model");
    return model.path("unk_id").isInt()
        ? model.path("unk_id").asInt()
        : pieces.indexOf(model.path("unk_token").asText());
  }

  /** A template with a mark that it does not define would end the process: the library panics. */
  private static void checkTemplates(Path file, JsonNode processor) {
    for (JsonNode inner : processor.path("processors")) {
      checkTemplates(file, inner);
    }
    if (!processor.path("type").asText().equals("TemplateProcessing")) {
      return;
    }
    JsonNode marks = processor.path("special_tokens");
    for (String which : List.of("single", "pair")) {
      for (JsonNode piece : processor.path(which)) {
        JsonNode named = piece.path("SpecialToken").path("id");
        JsonNode mark = marks.path(named.asText());
        int ids = mark.path("ids").size();
        if (!named.isMissingNode() && (ids == 0 || ids != mark.path("tokens").size())) {
          throw refused(file, "puts " + named + " around a text and does not say what that is");
        }
      }
    }
  }

  /** Its own marks must come out as the same ids when they stand in a text. */
  private void checkWhole(Path file, TextPipeline texts, HuggingFaceTokenizer library) {
    for (JsonNode added : json.path("added_tokens")) {
      String text = PROBE + " " + added.path("content").asText() + " " + PROBE;
      int[] ours = PieceIds.of(vocabulary.ids(texts.documentTokens(List.of(text))), unknown);
      if (!Arrays.equals(ours, ids(library.encode(text, false, false).getIds()))) {
        throw refused(
            file, "knows the token " + added.path("content").asText() + " by another name");
      }
    }
  }

  private static int[] ids(long[] ids) {
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }

  private static UlmfitException refused(Path file, String why) {
    return UlmfitException.badModel(
        file + ": no tokenizer of a sentence encoder: it " + why + "; give another encoder");
  }
}
