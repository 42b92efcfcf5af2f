package org.ulmfit.djl;

import java.nio.file.Path;
import java.util.List;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Output;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.ModelSettings;
import org.ulmfit.vocab.TextEncoder;

/**
 * From a text to ids and from logits to probabilities, as an exported folder says. Thread-safe.
 *
 * @param labels in the order of the logits
 * @param fields texts of a row
 * @param padId of ids that are not read
 */
record TextReading(TextEncoder encoder, Output output, List<String> labels, int fields, int padId)
    implements AutoCloseable {

  /**
   * Opens a folder that {@code export --format djl} wrote.
   *
   * @throws UlmfitException (bad model) if it is damaged or incomplete
   */
  static TextReading open(Path dir) {
    ModelFolder folder = ModelFolder.openProgram(dir);
    ModelConfig config = ModelConfig.of(folder);
    TextEncoder encoder =
        ModelSettings.encoder(config.readingRecipe().text(), config.vocabulary(folder));
    return new TextReading(
        encoder, Output.of(config), folder.labels(), config.fields(), encoder.vocab().padId());
  }

  /**
   * Ids of a row.
   *
   * @throws UlmfitException (bad data) for another number of texts
   */
  int[] ids(List<String> row) {
    if (row.size() != fields) {
      throw UlmfitException.badData(
          Shown.format(
              "a row has %d texts, but the model was trained on %d; give each row as many",
              row.size(), fields));
    }
    return encoder.ids(encoder.tokens(row));
  }

  @Override
  public void close() {
    encoder.close();
  }
}
