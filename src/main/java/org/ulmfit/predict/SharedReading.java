package org.ulmfit.predict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ulmfit.config.Recipe;
import org.ulmfit.prepare.EvaluationSet;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.vocab.Coverage;
import org.ulmfit.vocab.TextEncoder;
import org.ulmfit.vocab.Vocab;

/**
 * The reading of texts for one model or several: tokens are made once for each text profile, ids
 * once for each vocabulary. Thread-safe.
 */
final class SharedReading implements AutoCloseable {

  private final List<EvaluationSet.Reader> readers; // one for each model
  private final Map<Recipe.Text, TextEncoder> encoders = new LinkedHashMap<>();
  private final Map<EvaluationSet.Reader, Coverage> coverage = new LinkedHashMap<>();

  /**
   * @param readers one for each model
   * @throws org.ulmfit.UlmfitException (bad data) if a subword file is missing or no tokenizer
   */
  SharedReading(List<EvaluationSet.Reader> readers) {
    this.readers = List.copyOf(readers);
    try {
      for (EvaluationSet.Reader reader : readers) {
        if (!encoders.containsKey(reader.text())) {
          encoders.put(reader.text(), encoder(reader.text(), reader.vocab()));
        }
        coverage.computeIfAbsent(reader, SharedReading::unread);
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private static TextEncoder encoder(Recipe.Text text, Vocab vocab) {
    return TextEncoder.of(
        text.rules(),
        TokenizerSpec.parse(text.tokenizer()),
        text.markFields(),
        text.fieldNumbers(),
        text.normalise(),
        vocab);
  }

  private static Coverage unread(EvaluationSet.Reader reader) {
    boolean pieces =
        TokenizerSpec.parse(reader.text().tokenizer()) instanceof TokenizerSpec.Subword;
    return new Coverage(reader.text().rules(), reader.vocab(), pieces);
  }

  List<EvaluationSet.Reader> readers() {
    return readers;
  }

  /**
   * Ids (models, rows, tokens) of rows of texts; models of the same reading share theirs.
   *
   * @param rows fields of each
   */
  int[][][] ids(List<List<String>> rows) {
    Map<EvaluationSet.Reader, int[][]> read = new LinkedHashMap<>();
    coverage.keySet().forEach(reader -> read.put(reader, new int[rows.size()][]));
    for (int row = 0; row < rows.size(); row++) {
      List<String> fields = rows.get(row);
      Map<Recipe.Text, List<String>> tokens = new LinkedHashMap<>();
      encoders.forEach((text, encoder) -> tokens.put(text, encoder.tokens(fields)));
      for (Map.Entry<EvaluationSet.Reader, int[][]> entry : read.entrySet()) {
        EvaluationSet.Reader reader = entry.getKey();
        List<String> own = tokens.getOrDefault(reader.text(), List.of());
        coverage.getOrDefault(reader, unread(reader)).add(own);
        entry.getValue()[row] = reader.vocab().ids(own);
      }
    }
    return readers.stream().map(read::get).toArray(int[][][]::new);
  }

  /** How much of the texts read so far is known to the vocabulary that knows least. */
  Coverage coverage() {
    return coverage.values().stream()
        .max(Comparator.comparingDouble(Coverage::share))
        .orElseThrow();
  }

  /** Frees the native memory of subword tokenizers. */
  @Override
  public void close() {
    new ArrayList<>(encoders.values()).forEach(TextEncoder::close);
  }
}
