package org.ulmfit.subword;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.ulmfit.text.AddedToken;

/**
 * Writes a Hugging Face {@code tokenizer.json}.
 *
 * <pre>{@code
 * {"added_tokens": [{"id": 0, "content": "xxunk", ...}, ...],
 *  "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", ...},
 *  "decoder": {"type": "Metaspace", ...},
 *  "model": {"type": "BPE", "unk_token": "xxunk", "vocab": {"xxunk": 0, ...}, "merges": [...]}}
 * }</pre>
 *
 * <p>A unigram model has {@code "unk_id": 0} and its vocabulary as {@code [piece, score]} pairs.
 */
final class TokenizerJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode root = JSON.createObjectNode();

  /**
   * @param specials kept whole, unknown first: its id is 0
   * @param next id of the second, from which the others go on
   */
  private TokenizerJson(List<String> specials, int next) {
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    for (int i = 0; i < specials.size(); i++) {
      AddedToken.write(added.addObject(), i == 0 ? 0 : next + i - 1, specials.get(i));
    }
    root.putNull("normalizer");
    metaspace(root.putObject("pre_tokenizer"));
    root.putNull("post_processor");
    metaspace(root.putObject("decoder"));
  }

  private static void metaspace(ObjectNode node) {
    node.put("type", "Metaspace");
    node.put("replacement", Character.toString(PreTokens.SPACE));
    node.put("prepend_scheme", "always");
    node.put("split", true);
  }

  static TokenizerJson bpe(List<String> specials, BpeTrainer.Result trained) {
    TokenizerJson json = new TokenizerJson(specials, 1);
    ObjectNode model = json.root.putObject("model");
    model.put("type", "BPE");
    model.putNull("dropout");
    model.put("unk_token", specials.get(0));
    model.putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("ignore_merges", false);
    ObjectNode vocab = model.putObject("vocab");
    for (int id = 0; id < trained.pieces().size(); id++) {
      vocab.put(trained.pieces().get(id), id);
    }
    ArrayNode merges = model.putArray("merges");
    trained.merges().forEach(merge -> merges.addArray().add(merge[0]).add(merge[1]));
    return json;
  }

  /** The special tokens stand behind the pieces, out of their reach: none is found in a word. */
  static TokenizerJson unigram(List<String> specials, List<UnigramTrainer.Piece> trained) {
    TokenizerJson json = new TokenizerJson(specials, 1 + trained.size());
    ObjectNode model = json.root.putObject("model");
    model.put("type", "Unigram");
    model.put("unk_id", 0);
    ArrayNode vocab = model.putArray("vocab");
    vocab.addArray().add(specials.get(0)).add(0.0);
    trained.forEach(piece -> vocab.addArray().add(piece.text()).add(piece.score()));
    model.put("byte_fallback", false);
    return json;
  }

  byte[] bytes() {
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter(" ", "\n"));
    try {
      return JSON.writer(printer).writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
