package org.ulmfit.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.util.Utils;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.NativeLibraries;

/**
 * A HuggingFace {@code tokenizer.json} through DJL: the whole text, no truncation, no padding, no
 * added start and end tokens.
 *
 * <pre>{@code
 * {"added_tokens": [{"id": 0, "content": "[UNK]", ...}],
 *  "model": {"type": "BPE", "vocab": {"a": 1, "b": 2}, ...}}
 * }</pre>
 *
 * <p>A unigram model lists {@code [piece, score]} pairs instead, in id order.
 */
final class SubwordTokenizer implements Tokenizer {
  private final Path file;
  private final HuggingFaceTokenizer tokenizer;
  private final List<String> vocabulary;

  /**
   * @throws UlmfitException (bad data) if the file is missing or no tokenizer; (failure) if the
   *     library that reads it cannot be loaded
   */
  SubwordTokenizer(Path file) {
    if (!Files.isRegularFile(file)) {
      throw UlmfitException.badData(
          "no tokenizer file at " + file + "; give the path of a tokenizer.json");
    }
    this.file = file;
    vocabulary = readVocabulary(file);
    Path libraries = Utils.getEngineCacheDir("tokenizers");
    NativeLibraries.checkGiven("RUST_LIBRARY_PATH");
    NativeLibraries.ready(libraries);
    try {
      tokenizer =
          HuggingFaceTokenizer.builder()
              .optTokenizerPath(file)
              .optAddSpecialTokens(false)
              .optTruncation(false)
              .optPadding(false)
              .build();
    } catch (IOException | RuntimeException e) {
      throw notATokenizer(file, e.getMessage(), e);
    } catch (LinkageError e) {
      throw NativeLibraries.failure("the HuggingFace tokenizer", libraries, "", e);
    }
  }

  private static UlmfitException notATokenizer(
      Path file, @Nullable String why, @Nullable Exception cause) {
    String reason = why == null ? "unreadable" : why.lines().findFirst().orElse("unreadable");
    return new UlmfitException(
        UlmfitException.Kind.BAD_DATA,
        file + " is not a HuggingFace tokenizer.json: " + reason + "; save it again",
        cause);
  }

  private static List<String> readVocabulary(Path file) {
    TreeMap<Integer, String> byId = new TreeMap<>();
    try {
      JsonNode root = new ObjectMapper().readTree(file.toFile());
      JsonNode vocab = root.path("model").path("vocab");
      if (vocab.isArray()) {
        vocab.forEach(pair -> byId.put(byId.size(), pair.path(0).asText()));
      } else {
        vocab.properties().forEach(entry -> byId.put(entry.getValue().asInt(), entry.getKey()));
      }
      root.path("added_tokens")
          .forEach(t -> byId.put(t.path("id").asInt(), t.path("content").asText()));
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw notATokenizer(
          file, "no JSON at line " + at.getLineNr() + ", column " + at.getColumnNr(), e);
    } catch (IOException e) {
      throw notATokenizer(file, e.getMessage(), e);
    }
    if (byId.isEmpty()) {
      throw notATokenizer(file, "it has no model.vocab", null);
    }
    boolean dense = byId.firstKey() == 0 && byId.lastKey() == byId.size() - 1;
    if (!dense) {
      throw notATokenizer(file, "its vocabulary's ids are not 0, 1, 2 and on", null);
    }
    return List.copyOf(byId.values());
  }

  @Override
  public Cutter cutter() {
    return this::cut;
  }

  private Spans cut(TextBuffer text) {
    replaceHalfPairs(text);
    String whole = text.toString();
    Encoding encoding = encode(whole);
    String[] tokens = encoding.getTokens();
    CharSpan[] spans = encoding.getCharTokenSpans();
    int[] units = text.origins() == null ? null : units(whole);
    Spans out = new Spans(tokens.length);
    for (int i = 0; i < tokens.length; i++) { // pieces need not stand in the text
      int at =
          units == null || spans[i] == null
              ? text.append(tokens[i])
              : text.appendFor(tokens[i], units[spans[i].getStart()], units[spans[i].getEnd()]);
      out.add(at, at + tokens[i].length());
    }
    return out;
  }

  /** Of a text with half a surrogate pair in it the library would lose the whole ones too. */
  private static void replaceHalfPairs(TextBuffer text) {
    if (!text.holds(TextBuffer.NOT_ASCII)) {
      return;
    }
    char[] chars = text.chars();
    for (int i = 0; i < text.length(); i++) {
      int c = Character.codePointAt(chars, i, text.length());
      if (Character.isSupplementaryCodePoint(c)) {
        i++;
      } else if (Character.isSurrogate(chars[i])) {
        chars[i] = '\uFFFD';
      }
    }
  }

  /** Where each code point begins in UTF-16, and the text's end. */
  private static int[] units(String text) {
    int[] units = new int[text.length() + 1];
    int count = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      units[count++] = i;
    }
    units[count++] = text.length();
    return Arrays.copyOf(units, count);
  }

  private Encoding encode(String text) {
    try {
      return tokenizer.encode(text, false, false);
    } catch (RuntimeException e) { // a model that names an unknown token it does not have
      throw notATokenizer(file, e.getMessage(), e);
    }
  }

  @Override
  public Optional<List<String>> vocabulary() {
    return Optional.of(vocabulary);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
