package org.ulmfit.predict;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.nn.Precision;
import org.ulmfit.train.Scores;
import org.ulmfit.vocab.Coverage;

/**
 * A trained classifier: text in, labels and probabilities out. Thread-safe; one instance serves a
 * whole program. Texts go through exactly the rules and the tokenizer of training.
 *
 * <p>After {@link #close}, and from the moment it begins, predicting and measuring fail with an
 * {@link IllegalStateException}; calls that were under way come to their end first.
 */
public interface TextClassifier extends AutoCloseable {

  /**
   * Opens a classifier on the best device there is.
   *
   * @param dirOrRun model folder, that of an ensemble too, or the run folder of {@code ulmfit
   *     classify}
   * @throws UlmfitException if there is no such folder or it is incomplete or damaged
   */
  static TextClassifier load(Path dirOrRun) {
    return load(dirOrRun, "auto", null);
  }

  /**
   * Opens a classifier.
   *
   * @param dirOrRun model folder, that of an ensemble too, or the run folder of {@code ulmfit
   *     classify}
   * @param device {@code auto | cpu | cuda:N}
   * @param precision {@code auto | fp32 | bf16}; null = as it was trained
   * @throws UlmfitException if there is no such folder or it is incomplete or damaged
   */
  static TextClassifier load(Path dirOrRun, String device, @Nullable String precision) {
    return SavedClassifier.load(dirOrRun, device, precision, null);
  }

  /**
   * Opens a classifier for one thread that is asked for the same texts again: the vectors of a
   * sentence encoder are taken from a file where they are there, and added where they are not.
   * Other families make no use of it.
   *
   * @param vectors the file; made if it is not there, begun anew if it is another encoder's
   * @throws UlmfitException as {@link #load(Path, String, String)}; (failure) if the file cannot be
   *     read or written
   */
  static TextClassifier load(
      Path dirOrRun, String device, @Nullable String precision, Path vectors) {
    return SavedClassifier.load(dirOrRun, device, precision, vectors);
  }

  /** How many labels a text has. */
  Labelling labelling();

  /** Labels in index order. */
  List<String> labels();

  /**
   * Classifies one text. A text without words has an answer too, which tells nothing.
   *
   * @throws NullPointerException if it is null
   */
  default Prediction predict(String text) {
    if (text == null) {
      throw new NullPointerException("the text to classify is null");
    }
    return predict(List.of(text)).get(0);
  }

  /**
   * Classifies texts, batched by length; answers come in input order.
   *
   * @throws NullPointerException if one is null, telling which
   */
  List<Prediction> predict(List<String> texts);

  /**
   * Classifies rows of several text columns.
   *
   * @param rows as many texts each as the model was trained on
   * @throws UlmfitException (bad data) for another number of texts
   * @throws NullPointerException if one is null, telling which
   */
  List<Prediction> predictFields(List<List<String>> rows);

  /**
   * The vector of one text: what the last layers read of it.
   *
   * @throws UlmfitException as {@link #embedFields}
   * @throws NullPointerException if it is null
   */
  default float[] embed(String text) {
    if (text == null) {
      throw new NullPointerException("the text to embed is null");
    }
    return embedFields(List.of(List.of(text)))[0];
  }

  /**
   * Vectors of rows of text columns, in their order: of ULMFiT the last, greatest and mean state of
   * its encoder, of other networks what they pool, of the family {@code embedding} the sentence
   * encoder's.
   *
   * @return (rows, width)
   * @throws UlmfitException (usage) if it is an ensemble, or goes by n-grams; (bad data) for
   *     another number of texts than it was trained on
   * @throws NullPointerException if one is null, telling which
   */
  float[][] embedFields(List<List<String>> rows);

  /**
   * Tells which words of a text speak for the label it answers, and which against it; of several
   * labels the most probable one.
   *
   * @throws NullPointerException if it is null
   */
  default Explanation explain(String text) {
    if (text == null) {
      throw new NullPointerException("the text to explain is null");
    }
    return explainFields(List.of(text), List.of()).get(0);
  }

  /**
   * Tells which words of a row speak for labels, and which against them. The first call opens the
   * weights a second time, in float32; it takes some ten times as long as an answer, where words
   * are left out in turn one answer for each word. Calls of several threads follow one another.
   *
   * @param fields as many texts as the model was trained on
   * @param labels those to explain; none: those that are answered, or the most probable one
   * @return one for each label
   * @throws UlmfitException (usage) if there is no such label; (bad data) for another number of
   *     texts
   * @throws NullPointerException if a text is null
   */
  default List<Explanation> explainFields(List<String> fields, List<String> labels) {
    return explainFields(fields, labels, new Stop());
  }

  /**
   * The same, given up when that is asked for.
   *
   * @throws UlmfitException (interrupted) if it was, within a moment
   */
  List<Explanation> explainFields(List<String> fields, List<String> labels, Stop stop);

  /**
   * Measures it on labelled texts: the corpus's test split if it has one, else its validation
   * split, else all of it.
   *
   * @throws UlmfitException (bad data) if there are no labels or one it does not know
   */
  default Scores evaluate(Corpus corpus) {
    return evaluate(corpus, 0, new EvaluationListener() {});
  }

  /**
   * The same of a part of them.
   *
   * @param limit rows at most, every label kept; 0 = all
   */
  Scores evaluate(Corpus corpus, int limit, EvaluationListener listener);

  /** Texts of a row. */
  default int fields() {
    InputColumns columns = inputColumns();
    return columns == null ? 1 : columns.fields();
  }

  /** The columns it was trained on; null: not known. */
  @Nullable InputColumns inputColumns();

  /** The arithmetic it answers in, an ensemble's first member, and what would be faster. */
  Precision precision();

  /**
   * What to know before texts are read, a line each: words that may be cut otherwise than in
   * training, arithmetic that would be faster.
   */
  List<String> remarks();

  /**
   * How much of all texts classified so far its vocabulary knows; of an ensemble's several
   * vocabularies the one that knows least.
   */
  Coverage coverage();

  /**
   * Waits for the calls under way and frees the native memory; predicting and measuring later are
   * refused with an {@link IllegalStateException}. A second close does nothing.
   *
   * @throws IllegalStateException if called by a listener of this classifier, within its call
   */
  @Override
  void close();
}
