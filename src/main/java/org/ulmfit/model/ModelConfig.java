package org.ulmfit.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.nn.AwdLstm;

/**
 * {@code config.json} of a model folder:
 *
 * <pre>
 * {"kind": "lm", "direction": "forward", "formatVersion": 1,
 *  "architecture": {"vocabularySize": 60008, "embeddingSize": 400, "hiddenSize": 1152,
 *                   "layers": 3, "decoderBias": true},
 *  "text": {"rules": "fastai-2", "tokenizer": "spacy-3", ...}}
 * </pre>
 *
 * @param kind {@code lm | encoder | classifier}
 * @param direction {@code forward | backward}: how documents are read, in training and ever after
 * @param head the classifier's; null otherwise
 * @param input the columns it was trained on; null: not known (imported weights)
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelConfig(
    String kind,
    String direction,
    int formatVersion,
    Architecture architecture,
    Recipe.Text text,
    Head head,
    InputColumns input) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** A model of which it is not known what it was trained on. */
  public ModelConfig(
      String kind,
      String direction,
      int formatVersion,
      Architecture architecture,
      Recipe.Text text,
      Head head) {
    this(kind, direction, formatVersion, architecture, text, head, null);
  }

  /** The same model, with the columns it was trained on. */
  public ModelConfig trainedOn(InputColumns columns) {
    return new ModelConfig(kind, direction, formatVersion, architecture, text, head, columns);
  }

  /** Sizes of the AWD-LSTM. */
  public record Architecture(
      long vocabularySize, int embeddingSize, int hiddenSize, int layers, boolean decoderBias) {

    /** The encoder's sizes. */
    public AwdLstm.Sizes sizes() {
      return new AwdLstm.Sizes(vocabularySize, embeddingSize, hiddenSize, layers);
    }
  }

  /** Shape of the classifier's head and how documents are read for it. */
  public record Head(
      int classes, int hiddenSize, boolean bias, String encoder, int bptt, int maxLength) {}

  public boolean backward() {
    return direction.equals("backward");
  }

  /** The same model saved as another kind. */
  ModelConfig as(String otherKind) {
    return new ModelConfig(otherKind, direction, formatVersion, architecture, text, head, input);
  }

  /** Reads and checks a model folder's config. */
  public static ModelConfig of(ModelFolder folder) {
    try {
      ModelConfig config = JSON.treeToValue(folder.config(), ModelConfig.class);
      if (config.architecture() == null || config.text() == null || config.direction() == null) {
        throw UlmfitException.badModel(
            folder.path() + ": config.json lacks architecture, text or direction; save it again");
      }
      config.check(folder.path());
      return config;
    } catch (JsonProcessingException e) {
      throw UlmfitException.badModel(
          folder.path() + ": config.json: " + e.getOriginalMessage() + "; save the model again");
    }
  }

  /** Every value is one that a recipe could have. */
  private void check(Path path) {
    if (!direction.equals("forward") && !direction.equals("backward")) {
      throw UlmfitException.badModel(
          path + ": config.json: direction " + direction + " is neither forward nor backward");
    }
    if (input != null && !input.whole()) {
      throw UlmfitException.badModel(
          path + ": config.json: \"input\" does not fit together; save the model again");
    }
    List<String> values = new ArrayList<>();
    values.add("text.rules=" + text.rules());
    values.add("text.tokenizer=" + text.tokenizer());
    values.add("text.markFields=" + text.markFields());
    values.add("text.fieldNumbers=" + text.fieldNumbers());
    values.add("model.embeddingSize=" + architecture.embeddingSize());
    values.add("model.hiddenSize=" + architecture.hiddenSize());
    values.add("model.layers=" + architecture.layers());
    if (head != null) {
      values.add("classifier.headSize=" + head.hiddenSize());
      values.add("classifier.encoder=" + head.encoder());
      values.add("classifier.bptt=" + head.bptt());
      values.add("classifier.maxLength=" + head.maxLength());
    }
    try {
      Recipes.load(null, values);
    } catch (UlmfitException e) {
      String what = e.getMessage().substring(e.getMessage().indexOf(": ") + 2);
      throw UlmfitException.badModel(path + ": config.json: " + what);
    }
  }

  /** The file's content. */
  public String json() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where a folder keeps its vocabulary. */
  public static Path vocabulary(ModelFolder folder) {
    return folder.file("vocab.txt");
  }
}
