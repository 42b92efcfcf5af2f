package org.ulmfit.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.ulmfit.config.Recipe;
import org.ulmfit.model.ModelSettings;
import org.ulmfit.prepare.EvaluationSet;
import org.ulmfit.vocab.Coverage;
import org.ulmfit.vocab.TextEncoder;
import org.ulmfit.vocab.Token;
import org.ulmfit.vocab.Vocab;

/**
 * The reading of texts for one model or several: tokens are made once for each text profile, ids
 * once for each vocabulary. Thread-safe.
 */
final class SharedReading implements AutoCloseable {

  private final List<EvaluationSet.Reader> readers; // one for each model
  private final List<TextEncoder> encoders = new ArrayList<>(); // one for each text profile
  private final List<Own> own = new ArrayList<>(); // one for each different reader
  private final int[] ownOf; // of each model

  /**
   * What is made of tokens.
   *
   * @param encoder index of the one that makes them
   */
  private record Own(int encoder, Vocab vocab, Coverage coverage) {}

  /**
   * @param readers one for each model
   * @throws org.ulmfit.UlmfitException (bad data) if a subword file is missing or no tokenizer
   */
  SharedReading(List<EvaluationSet.Reader> readers) {
    this.readers = List.copyOf(readers);
    List<Recipe.Text> texts = new ArrayList<>();
    List<EvaluationSet.Reader> different = this.readers.stream().distinct().toList();
    ownOf = this.readers.stream().mapToInt(different::indexOf).toArray();
    try {
      for (EvaluationSet.Reader reader : different) {
        if (!texts.contains(reader.text())) {
          texts.add(reader.text());
          encoders.add(ModelSettings.encoder(reader.text(), reader.vocab()));
        }
        int encoder = texts.indexOf(reader.text());
        Coverage coverage = encoders.get(encoder).coverage(reader.vocab());
        own.add(new Own(encoder, reader.vocab(), coverage));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
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
    int[][][] ids = new int[own.size()][rows.size()][];
    List<List<String>> tokens = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      tokens.clear();
      for (TextEncoder encoder : encoders) {
        tokens.add(encoder.tokens(rows.get(row)));
      }
      for (int i = 0; i < ids.length; i++) {
        Own its = own.get(i);
        List<String> read = tokens.get(its.encoder);
        its.coverage.add(read);
        ids[i][row] = its.vocab.ids(read);
      }
    }
    return Arrays.stream(ownOf).mapToObj(i -> ids[i]).toArray(int[][][]::new);
  }

  /** The tokens of a row, of each model, with what they stand for. */
  List<List<Token>> located(List<String> fields) {
    List<List<Token>> tokens = encoders.stream().map(e -> e.encode(fields)).toList();
    return Arrays.stream(ownOf).mapToObj(i -> tokens.get(own.get(i).encoder)).toList();
  }

  /** Whether a model's tokens may be parts of words. */
  boolean cutsWords(int model) {
    return encoders.get(own.get(ownOf[model]).encoder).tokenizer().cutsWords();
  }

  /** How much of the texts read so far is known to the vocabulary that knows least. */
  Coverage coverage() {
    return own.stream()
        .map(Own::coverage)
        .max(Comparator.comparingDouble(Coverage::share))
        .orElseThrow();
  }

  /** Frees the native memory of subword tokenizers. */
  @Override
  public void close() {
    encoders.forEach(TextEncoder::close);
  }
}
