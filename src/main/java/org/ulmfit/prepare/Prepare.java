package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * Stage 1: raw corpus to token stores. Each method takes a raw corpus or a prepared folder (one
 * with {@code prepared.json}), tokenizes every text once and works in bounded memory.
 */
public final class Prepare {
  private Prepare() {}

  /**
   * Stage 1 for the language model.
   *
   * @param vocab null: build one from the training tokens. A prepared folder keeps its own; compare
   *     {@link PreparedLm#vocab()}
   * @param outDir where the stores go; reused if it holds the same preparation already
   * @param limit training documents at most (validation in proportion); 0 = all
   * @param progress receives lines worth showing
   */
  public static PreparedLm languageModel(
      Path corpus,
      CorpusOptions options,
      Recipe recipe,
      Vocab vocab,
      Path outDir,
      int limit,
      Consumer<String> progress) {
    throw new UnsupportedOperationException();
  }

  /**
   * Stage 1 for the classifier.
   *
   * @param vocab the encoder's; null: build one. A prepared folder keeps its own; compare {@link
   *     PreparedClassifier#vocab()}
   * @param limit documents per split at most, every class kept; 0 = all
   */
  public static PreparedClassifier classifier(
      Path corpus,
      CorpusOptions options,
      Recipe recipe,
      Vocab vocab,
      Path outDir,
      int limit,
      Consumer<String> progress) {
    throw new UnsupportedOperationException();
  }

  /**
   * A labelled set for an existing model: the corpus's test split if it has one, else its
   * validation split, else all of it, in input order.
   *
   * @param labels the model's labels; the store's label indices follow them
   */
  public static TokenStore evaluation(
      Path corpus,
      CorpusOptions options,
      Recipe recipe,
      Vocab vocab,
      List<String> labels,
      Path outDir,
      int limit,
      Consumer<String> progress) {
    throw new UnsupportedOperationException();
  }

  /**
   * {@code ulmfit prepare CORPUS --out DIR}: both, and standardised CSV, reading the corpus once.
   */
  public static PrepareReport all(
      Path corpus,
      CorpusOptions options,
      Recipe recipe,
      Path outDir,
      int limit,
      Consumer<String> progress) {
    throw new UnsupportedOperationException();
  }
}
