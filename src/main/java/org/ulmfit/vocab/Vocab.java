package org.ulmfit.vocab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.Checksums;

/**
 * The vocabulary: token of each id ({@code itos}) and id of each token ({@code stoi}). Immutable
 * and thread-safe. Its file, {@code vocab.txt}, holds one JSON string literal per line:
 *
 * <pre>
 * "xxunk"
 * "xxpad"
 * "\n\n"
 * </pre>
 *
 * A token that occurs twice maps to its last id, as in fastai's dictionaries; the filler {@code
 * xxfake} maps to nothing, so that it is never produced from text.
 */
public final class Vocab {
  /** The filler that pads a vocabulary to a multiple of 8. */
  static final String FAKE = "xxfake"; // fastai 1 Vocab.create, fastai 2 make_vocab

  private static final int UNKNOWN = 0;
  private static final int PAD = 1;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final List<String> itos;
  private final Map<String, Integer> stoi;

  private Vocab(List<String> itos) {
    this.itos = List.copyOf(itos);
    this.stoi = new HashMap<>(itos.size() * 2);
    for (int id = 0; id < itos.size(); id++) {
      if (!itos.get(id).equals(FAKE)) {
        stoi.put(itos.get(id), id);
      }
    }
  }

  /**
   * A vocabulary of these tokens.
   *
   * @param itos tokens by id; the first two are the unknown and the padding token
   * @throws UlmfitException (bad model) if there are fewer than two
   */
  public static Vocab of(List<String> itos) {
    if (itos.size() < 2) {
      throw UlmfitException.badModel(
          "a vocabulary of " + itos.size() + " tokens: the unknown and padding tokens are needed");
    }
    return new Vocab(itos);
  }

  public int size() {
    return itos.size();
  }

  public String itos(int id) {
    return itos.get(id);
  }

  /** All tokens, by id; unmodifiable. */
  public List<String> itos() {
    return itos;
  }

  /** Id of the token, {@link #unknownId()} if it is not in the vocabulary. */
  public int stoi(String token) {
    return stoi.getOrDefault(token, UNKNOWN);
  }

  /** Ids of tokens; {@link #unknownId()} for those that are not in the vocabulary. */
  public int[] ids(List<String> tokens) {
    return tokens.stream().mapToInt(this::stoi).toArray();
  }

  /** Id of the token, empty if it is not in the vocabulary. */
  public OptionalInt find(String token) {
    Integer id = stoi.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** Whether every one of the tokens has an id; fillers are passed over. */
  public boolean knows(List<String> tokens) {
    return tokens.stream().allMatch(token -> stoi.containsKey(token) || token.equals(FAKE));
  }

  /** 0 in every profile. */
  public int unknownId() {
    return UNKNOWN;
  }

  /** 1 in every profile. */
  public int padId() {
    return PAD;
  }

  /**
   * Reads {@code vocab.txt}; strict.
   *
   * @throws UlmfitException (bad model) naming the file and line if it is not one JSON string per
   *     line in UTF-8, or cannot be read
   */
  public static Vocab read(Path vocabTxt) {
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(vocabTxt)))
              .toString();
    } catch (CharacterCodingException e) {
      throw UlmfitException.badModel(vocabTxt + ": not UTF-8; take the file of the model's folder");
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_MODEL, vocabTxt, e);
    }
    List<String> tokens = new ArrayList<>();
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        throw badLine(vocabTxt, tokens.size() + 1, "no line end: the file is cut short");
      }
      tokens.add(parseLine(vocabTxt, tokens.size() + 1, text.substring(start, end)));
      start = end + 1;
    }
    if (tokens.size() < 2) {
      throw badLine(vocabTxt, tokens.size() + 1, "fewer than two tokens: the file is cut short");
    }
    return new Vocab(tokens);
  }

  /**
   * Writes {@code vocab.txt}, aside and renamed.
   *
   * @throws UlmfitException (failure) if it cannot be written
   */
  public void write(Path vocabTxt) {
    AtomicFiles.write(vocabTxt, bytes());
  }

  /** SHA-256 of the bytes of {@code vocab.txt}, in hex. */
  public String sha256() {
    return Checksums.sha256(bytes());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vocab vocab && vocab.itos.equals(itos);
  }

  @Override
  public int hashCode() {
    return itos.hashCode();
  }

  private byte[] bytes() {
    StringBuilder lines = new StringBuilder(itos.size() * 12);
    for (String token : itos) {
      lines.append(literal(token)).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String literal(String token) {
    try {
      String literal = JSON.writeValueAsString(token);
      if (StandardCharsets.UTF_8.newEncoder().canEncode(literal)) {
        return literal;
      }
      StringBuilder escaped = new StringBuilder(); // half a surrogate pair has no UTF-8 form
      for (int i = 0; i < literal.length(); i++) {
        char c = literal.charAt(i);
        escaped.append(Character.isSurrogate(c) ? Shown.format("\\u%04x", (int) c) : c);
      }
      return escaped.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String parseLine(Path file, int line, String json) {
    if (!json.startsWith("\"")) {
      throw badLine(file, line, "not a JSON string");
    }
    try {
      return JSON.readValue(json, String.class);
    } catch (JsonProcessingException e) {
      throw badLine(file, line, "not a JSON string");
    }
  }

  private static UlmfitException badLine(Path file, int line, String what) {
    return UlmfitException.badModel(
        file + ": line " + line + ": " + what + "; every line holds one JSON string literal");
  }
}
