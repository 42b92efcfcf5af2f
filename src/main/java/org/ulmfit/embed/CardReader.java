package org.ulmfit.embed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.JarEntries;

/**
 * Reads what stands beside an encoder: the files of sentence-transformers and Hugging Face in a
 * folder,
 *
 * <pre>
 * modules.json                [{"type": "sentence_transformers.models.Normalize", ...}, ...]
 * 1_Pooling/config.json       {"pooling_mode_cls_token": true, ...}
 * sentence_bert_config.json   {"max_seq_length": 512}
 * tokenizer.json              {"truncation": {"max_length": 128}, ...}
 * config.json                 {"max_position_embeddings": 512, "model_type": "bert"}
 * </pre>
 *
 * or LangChain4j's class in a jar, whose constants name the pooling; it normalises always.
 */
final class CardReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LONGEST_CLASS = 1 << 20;

  /** Models whose positions begin behind that of the padding token. */
  private static final Set<String> SHIFTED =
      Set.of("roberta", "xlm-roberta", "camembert", "mpnet", "xlm-roberta-xl");

  /** Of sentence-transformers, what is computed here; dropout is for training. */
  private static final Set<String> MODULES =
      Set.of("Transformer", "Pooling", "Normalize", "Dropout");

  private CardReader() {}

  static Card ofFolder(Path folder, JsonNode tokenizer) {
    Card card = Card.NONE;
    JsonNode pooling = json(folder.resolve("1_Pooling/config.json"));
    if (pooling != null) {
      card = pooled(card, folder, modes(pooling));
    }
    JsonNode modules = json(folder.resolve("modules.json"));
    if (modules != null) {
      boolean last = false;
      for (JsonNode module : modules) {
        String type = module.path("type").asText();
        String kind = type.substring(type.lastIndexOf('.') + 1);
        if (!kind.isEmpty() && !MODULES.contains(kind)) {
          throw UlmfitException.badModel(
              folder.resolve("modules.json")
                  + ": has a module "
                  + kind
                  + ", which is not computed here; take an encoder without one");
        }
        last |= kind.equals("Normalize");
      }
      card = card.normalised(last, "modules.json");
    }
    JsonNode sentences = json(folder.resolve("sentence_bert_config.json"));
    if (sentences != null) {
      card = card.window(sentences.path("max_seq_length").asLong(), "sentence_bert_config.json");
    }
    card = truncated(card, tokenizer);
    JsonNode config = json(folder.resolve("config.json"));
    if (config != null) {
      int shift = SHIFTED.contains(config.path("model_type").asText()) ? 2 : 0;
      card = card.window(config.path("max_position_embeddings").asLong() - shift, "config.json");
    }
    return card;
  }

  static Card ofJar(Path jar, JsonNode tokenizer) {
    Card card = truncated(Card.NONE, tokenizer);
    List<String> classes =
        JarEntries.names(
            jar,
            name -> name.startsWith("dev/langchain4j/") && name.endsWith("EmbeddingModel.class"));
    for (String name : classes) {
      byte[] bytes = JarEntries.read(jar, name, LONGEST_CLASS);
      String constants = new String(bytes, StandardCharsets.ISO_8859_1);
      boolean first = constants.contains(constant("CLS"));
      boolean mean = constants.contains(constant("MEAN"));
      if (first != mean) {
        String where = name.substring(name.lastIndexOf('/') + 1);
        card = card.pooled(first ? Pooling.FIRST : Pooling.MEAN, where);
      }
      card = card.normalised(true, "LangChain4j");
    }
    return card;
  }

  /** As a class file writes a name: tag, length, letters. */
  private static String constant(String name) {
    return "\u0001\0" + (char) name.length() + name;
  }

  private static Card truncated(Card card, JsonNode tokenizer) {
    return card.window(tokenizer.path("truncation").path("max_length").asLong(), "tokenizer.json");
  }

  private static Card pooled(Card card, Path folder, Set<String> modes) {
    if (modes.equals(Set.of("cls_token")) || modes.equals(Set.of("cls"))) {
      return card.pooled(Pooling.FIRST, "1_Pooling/config.json");
    }
    if (modes.equals(Set.of("mean_tokens")) || modes.equals(Set.of("mean"))) {
      return card.pooled(Pooling.MEAN, "1_Pooling/config.json");
    }
    return card.pooled(
        null,
        folder.resolve("1_Pooling/config.json")
            + ": pools by "
            + (modes.isEmpty() ? "nothing known" : String.join(" and ", modes))
            + ", where mean and first token can be computed; set embedding.pooling to mean or first");
  }

  private static Set<String> modes(JsonNode config) {
    Set<String> modes = new TreeSet<>();
    config
        .properties()
        .forEach(
            field -> {
              if (field.getKey().startsWith("pooling_mode_") && field.getValue().asBoolean()) {
                modes.add(field.getKey().substring("pooling_mode_".length()));
              }
            });
    if (config.path("pooling_mode").isTextual()) {
      modes.add(config.path("pooling_mode").asText());
    }
    return modes;
  }

  /** Null: there is no such file. */
  private static @Nullable JsonNode json(Path file) {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try {
      return JSON.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw UlmfitException.badModel(
          file + ": not JSON at line " + e.getLocation().getLineNr() + "; copy it again");
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_MODEL, file, e);
    }
  }
}
