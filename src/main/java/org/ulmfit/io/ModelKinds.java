package org.ulmfit.io;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ulmfit.UlmfitException;

/** The kinds of model folders: which files they have, and what {@code config.json} says of them. */
final class ModelKinds {

  /** Of single models, in the order in which a run's are looked for. */
  static final List<String> SINGLE = List.of("classifier", "lm", "encoder");

  static final String ENSEMBLE = "ensemble";

  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.safetensors";
  static final String LABELS = "labels.json";

  /** Ends messages about a file that is no use. */
  static final String REMEDY = "copy the folder again or train it anew";

  private static final String MADE_OF = "pass one of the models that it was made of";

  private ModelKinds() {}

  static List<String> required(String kind) {
    if (kind.equals(ENSEMBLE)) {
      return List.of(CONFIG, LABELS);
    }
    List<String> names = new ArrayList<>(List.of(CONFIG, "vocab.txt", WEIGHTS));
    if (kind.equals("classifier")) {
      names.add(LABELS);
    }
    return names;
  }

  static JsonNode readConfig(Path dir) {
    Path file = dir.resolve(CONFIG);
    if (!Files.isRegularFile(file)) {
      throw UlmfitException.badModel(
          dir + ": no " + CONFIG + ", so this model is incomplete; copy the folder again");
    }
    return readJson(file);
  }

  static JsonNode readJson(Path file) {
    return StrictJson.read(file, JsonNode.class, UlmfitException.Kind.BAD_MODEL, REMEDY);
  }

  /** Checks what every reader relies on; {@code shown} is the folder's name in messages. */
  static String kindOf(Path dir, JsonNode config, Path shown) {
    String kind = kind(config, shown);
    for (String name : required(kind)) {
      if (!Files.isRegularFile(dir.resolve(name))) {
        if (name.equals(WEIGHTS) && Files.isRegularFile(dir.resolve(ModelFolder.PROGRAM))) {
          throw UlmfitException.badModel(
              shown
                  + ": is an export for DJL, which ulmfit does not run; give the model it was made of");
        }
        throw UlmfitException.badModel(
            shown
                + ": no "
                + name
                + ", so this "
                + kind
                + " is incomplete; copy the folder again or train it anew");
      }
    }
    return kind;
  }

  static String kind(JsonNode config, Path shown) {
    Path file = shown.resolve(CONFIG);
    JsonNode version = config.path("formatVersion");
    if (!version.isInt() || version.intValue() < 1) {
      throw UlmfitException.badModel(
          file
              + ": formatVersion is "
              + (version.isMissingNode() ? "missing" : version)
              + "; expected "
              + ModelFolder.FORMAT_VERSION);
    }
    if (version.intValue() < ModelFolder.FORMAT_VERSION) {
      throw UlmfitException.badModel(
          file
              + ": formatVersion "
              + version
              + " is of an earlier ulmfit; train it again, or take its weights over: ulmfit import "
              + shown.resolve(WEIGHTS)
              + " --vocab "
              + shown.resolve("vocab.txt")
              + (config.path("direction").asText().equals("backward") ? " --backwards" : "")
              + " --out DIR, with --rules, --tokenizer and --labels as its config.json and labels.json"
              + " tell");
    }
    if (version.intValue() > ModelFolder.FORMAT_VERSION) {
      throw UlmfitException.badModel(
          file
              + ": formatVersion "
              + version
              + " is newer than this ulmfit reads ("
              + ModelFolder.FORMAT_VERSION
              + "); install a newer ulmfit");
    }
    JsonNode kind = config.path("kind");
    String word = kind.asText();
    if (!kind.isTextual() || !SINGLE.contains(word) && !word.equals(ENSEMBLE)) {
      throw UlmfitException.badModel(
          file
              + ": kind is "
              + (kind.isMissingNode() ? "missing" : kind)
              + "; expected lm, encoder, classifier or ensemble");
    }
    return word;
  }

  static UlmfitException wrongKind(Path dir, String found, String wanted) {
    String remedy =
        switch (wanted) {
          case "classifier" ->
              found.equals(ENSEMBLE)
                  ? MADE_OF
                  : "train one with `ulmfit classify CORPUS --encoder " + dir + " --out RUN`";
          case ENSEMBLE -> "make one with `ulmfit ensemble MODEL MODEL --out DIR`";
          case "lm" -> "make one with `ulmfit lm-finetune CORPUS --out RUN`";
          default -> "make one with `ulmfit lm-finetune CORPUS --out RUN` and pass that RUN";
        };
    return UlmfitException.badModel(
        dir + ": holds " + words(found) + " where " + words(wanted) + " is needed; " + remedy);
  }

  private static String words(String kind) {
    return switch (kind) {
      case "lm" -> "a language model (kind lm)";
      case "encoder" -> "an encoder (kind encoder)";
      case ENSEMBLE -> "an ensemble of classifiers (kind ensemble)";
      default -> "a classifier (kind classifier)";
    };
  }

  static UlmfitException notOne(Path dir) {
    return UlmfitException.badModel(
        dir + ": holds " + words(ENSEMBLE) + " where one model is needed; " + MADE_OF);
  }
}
