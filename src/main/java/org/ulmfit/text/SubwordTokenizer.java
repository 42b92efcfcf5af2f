package org.ulmfit.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.util.Utils;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.JarEntries;
import org.ulmfit.io.NativeLibraries;

/**
 * A HuggingFace {@code tokenizer.json} through DJL: the whole text, no truncation, no padding, no
 * added start and end tokens. The special tokens of the rules come out whole: those that the file
 * lacks, as other people's do, join its own.
 *
 * <pre>{@code
 * {"added_tokens": [{"id": 0, "content": "[UNK]", ...}],
 *  "model": {"type": "BPE", "vocab": {"a": 1, "b": 2}, ...}}
 * }</pre>
 *
 * <p>A unigram model lists {@code [piece, score]} pairs instead, in id order.
 */
final class SubwordTokenizer implements Tokenizer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> OPTIONS =
      Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
  private static final String SPACE_BEFORE = "\u2581";

  private final Path file;
  private final HuggingFaceTokenizer tokenizer;
  private final List<String> vocabulary;
  private final Set<String> whole = new HashSet<>(); // what is looked for before the pieces are
  private final List<String> joined = new ArrayList<>();
  private final boolean drops;

  /**
   * @param specials strings never to be cut
   * @throws UlmfitException (bad data) if the file is missing or no tokenizer; (failure) if the
   *     library that reads it cannot be loaded
   */
  SubwordTokenizer(Path file, Collection<String> specials) {
    if (!Files.isRegularFile(file)) {
      throw UlmfitException.badData(
          "no tokenizer file at " + file + "; give the path of a tokenizer.json");
    }
    this.file = file;
    ObjectNode root = read(file);
    List<String> pieces = pieces(file, root);
    drops = drops(root);
    root.path("added_tokens").forEach(token -> whole.add(token.path("content").asText()));
    join(root, pieces, specials);
    vocabulary = List.copyOf(pieces);
    Path libraries = Utils.getEngineCacheDir("tokenizers");
    NativeLibraries.checkGiven("RUST_LIBRARY_PATH");
    NativeLibraries.ready(libraries);
    try {
      tokenizer = HuggingFaceTokenizer.newInstance(bytes(root), OPTIONS);
    } catch (IOException | RuntimeException e) {
      throw notATokenizer(file, e.getMessage(), e);
    } catch (LinkageError e) {
      throw NativeLibraries.failure("the HuggingFace tokenizer", libraries, "", e);
    }
  }

  private static InputStream bytes(ObjectNode root) throws JsonProcessingException {
    return new ByteArrayInputStream(JSON.writeValueAsBytes(root));
  }

  /** Adds the special tokens that would be cut; fastai's own files have them with a space. */
  private void join(ObjectNode root, List<String> pieces, Collection<String> specials) {
    Map<String, Integer> known = new HashMap<>();
    pieces.forEach(piece -> known.put(piece, known.size()));
    JsonNode there = root.path("added_tokens");
    if (!there.isMissingNode() && !there.isNull() && !there.isArray()) {
      throw notATokenizer(file, "its added_tokens are no list", null);
    }
    ArrayNode added = there instanceof ArrayNode array ? array : root.putArray("added_tokens");
    for (String special : specials) {
      if (!whole.contains(special) && !known.containsKey(SPACE_BEFORE + special)) {
        int id = known.getOrDefault(special, pieces.size());
        if (id == pieces.size()) {
          pieces.add(special);
        }
        AddedToken.write(added.addObject(), id, special);
        whole.add(special);
        joined.add(special);
      }
    }
  }

  /** Byte-pair models without unknown token leave out what they have no piece for. */
  private static boolean drops(ObjectNode root) {
    JsonNode model = root.path("model");
    return model.path("type").asText().equals("BPE")
        && !model.path("unk_token").isTextual()
        && !model.path("byte_fallback").asBoolean()
        && !root.path("pre_tokenizer").toString().contains("ByteLevel");
  }

  /** Whether characters without a piece vanish. */
  boolean drops() {
    return drops;
  }

  /** The special tokens that the file lacked. */
  List<String> joined() {
    return List.copyOf(joined);
  }

  private static UlmfitException notATokenizer(
      Path file, @Nullable String why, @Nullable Exception cause) {
    String reason = why == null ? "unreadable" : why.lines().findFirst().orElse("unreadable");
    return new UlmfitException(
        UlmfitException.Kind.BAD_DATA,
        file + " is not a HuggingFace tokenizer.json: " + reason + "; save it again",
        cause);
  }

  private static ObjectNode read(Path file) {
    try {
      JsonNode tree =
          JarEntries.isJar(file)
              ? JSON.readTree(JarEntries.tokenizer(file))
              : JSON.readTree(file.toFile());
      if (tree instanceof ObjectNode root) {
        return root;
      }
      throw notATokenizer(file, "it has no model.vocab", null);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw notATokenizer(
          file, "no JSON at line " + at.getLineNr() + ", column " + at.getColumnNr(), e);
    } catch (IOException e) {
      throw notATokenizer(file, e.getMessage(), e);
    }
  }

  /** In id order. */
  private static List<String> pieces(Path file, JsonNode root) {
    TreeMap<Integer, String> byId = new TreeMap<>();
    JsonNode vocab = root.path("model").path("vocab");
    if (vocab.isArray()) {
      vocab.forEach(pair -> byId.put(byId.size(), pair.path(0).asText()));
    } else {
      vocab.properties().forEach(entry -> byId.put(entry.getValue().asInt(), entry.getKey()));
    }
    root.path("added_tokens")
        .forEach(t -> byId.put(t.path("id").asInt(), t.path("content").asText()));
    if (byId.isEmpty()) {
      throw notATokenizer(file, "it has no model.vocab", null);
    }
    boolean dense = byId.firstKey() == 0 && byId.lastKey() == byId.size() - 1;
    if (!dense) {
      throw notATokenizer(file, "its vocabulary's ids are not 0, 1, 2 and on", null);
    }
    return new ArrayList<>(byId.values());
  }

  @Override
  public Cutter cutter() {
    return this::cut;
  }

  private Spans cut(TextBuffer text) {
    replaceHalfPairs(text);
    String all = text.toString();
    Encoding encoding = encode(all);
    String[] tokens = encoding.getTokens();
    CharSpan[] spans = encoding.getCharTokenSpans();
    int[] units = text.origins() == null ? null : units(all);
    Spans out = new Spans(tokens.length);
    for (int i = 0; i < tokens.length; i++) { // pieces need not stand in the text
      String token = tokens[i];
      int before = 0;
      String bare = PythonText.strip(token);
      if (bare.length() < token.length() && whole.contains(bare)) { // with the blanks around it
        before = token.indexOf(bare);
        token = bare;
      }
      int at =
          units == null || spans[i] == null
              ? text.append(token)
              : appendFor(text, token, tokens[i], units, spans[i], before);
      out.add(at, at + token.length());
    }
    return out;
  }

  private static int appendFor(
      TextBuffer text, String token, String found, int[] units, CharSpan span, int before) {
    int from = span.getStart() + before; // blanks are one unit each
    int to = token.equals(found) ? span.getEnd() : from + token.codePointCount(0, token.length());
    return text.appendFor(token, units[from], units[to]);
  }

  /** Of a text with half a surrogate pair in it the library would lose the whole ones too. */
  static void replaceHalfPairs(TextBuffer text) {
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
