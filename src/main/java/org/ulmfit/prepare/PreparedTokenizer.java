package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.subword.TokenizerTraining;
import org.ulmfit.text.TextPipeline;
import org.ulmfit.text.TokenizerSpec;

/**
 * The tokenizer.json of prepared data: trained on its training texts, or a copy of the one that was
 * given, so that a model can be saved with it whatever becomes of that.
 */
final class PreparedTokenizer {
  private static final int LEAST_COUNT = 2;
  private static final int LONGEST_RUN = 64;

  private PreparedTokenizer() {}

  static Path file(Path dir) {
    return dir.resolve("tokenizer.json");
  }

  /**
   * Makes the file; null: the recipe's tokenizer has none.
   *
   * @param name of the corpus, for messages
   * @param rows the training texts
   * @param settings of the preparation, which say that a tokenizer is to be trained
   */
  static @Nullable Path make(
      Path dir,
      Recipe.Text text,
      String name,
      Spill spill,
      int[] rows,
      Map<String, String> settings,
      Consumer<String> progress,
      Stop stop) {
    if (!(TokenizerSpec.parse(text.tokenizer()) instanceof TokenizerSpec.Trained wanted)) {
      return copy(dir, text);
    }
    Path file = file(dir);
    var type = TokenizerTraining.Type.valueOf(wanted.type().toUpperCase(Locale.ROOT));
    new TokenizerTraining(
            new TokenizerTraining.Settings(type, wanted.size(), LEAST_COUNT, LONGEST_RUN),
            text,
            progress,
            stop)
        .train(
            name,
            sink -> {
              for (int row : rows) {
                sink.accept(spill.fields(row));
              }
            },
            file);
    Fingerprint.trained(settings, file);
    return file;
  }

  /** Copies the file that the recipe names; null: its tokenizer has none. */
  static @Nullable Path copy(Path dir, Recipe.Text text) {
    Path file = file(dir);
    if (TokenizerSpec.parse(text.tokenizer()) instanceof TokenizerSpec.Subword given) {
      TextPipeline.of(text.rules(), given).close(); // refused under the name that was given
      AtomicFiles.writeString(file, given.content());
      return file;
    }
    Folders.deleteTemporary(file); // of an earlier preparation
    return null;
  }
}
