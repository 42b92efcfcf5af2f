package org.ulmfit;

import java.nio.file.Path;
import java.util.List;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.lm.LmEvaluation;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.train.Evaluation;

/**
 * ULMFiT from a Java program: the same trainings as on the command line.
 *
 * <pre>{@code
 * Corpus reviews = Corpus.csv(Path.of("reviews.csv"));
 * TrainedLanguageModel lm =
 *     Ulmfit.languageModel(reviews).pretrained(Path.of("pretrained/wiki-small")).into(Path.of("lm-run"));
 * TrainedClassifier trained =
 *     Ulmfit.classifier(reviews).encoder(lm).into(Path.of("classifier-run"));
 * try (TextClassifier classifier = trained.open()) {
 *   System.out.println(classifier.predict("What a wonderful film!").label());
 * }
 * }</pre>
 *
 * Stage 1 turns texts into token ids, and runs by itself before each of the other two: stage 2
 * fine-tunes a language model on texts, stage 3 trains a classifier on labelled ones.
 *
 * <p>One training at a time runs in a JVM; any number of threads may predict beside it. What goes
 * wrong is an {@link UlmfitException}, whose message is one line with the remedy. Remedies speak of
 * the command line's options: {@code --resume}, {@code --overwrite}, {@code --backwards} and {@code
 * --device} are methods of the builders, {@code --set KEY=VALUE} is {@code set(key, value)}, {@code
 * --out} the argument of {@code into}, {@code --text-column} and the other options of corpora are
 * those of {@link org.ulmfit.corpus.CorpusOptions}.
 */
public final class Ulmfit {

  private Ulmfit() {}

  /** Stage 2: a language model on these texts; labels are not looked at. */
  public static LanguageModelBuilder languageModel(Corpus corpus) {
    return new LanguageModelBuilder(corpus);
  }

  /** Stage 3: a classifier on these labelled texts. */
  public static ClassifierBuilder classifier(Corpus corpus) {
    return new ClassifierBuilder(corpus);
  }

  /**
   * Several trained classifiers as one, such as a forward and a backward one.
   *
   * @param models model folders, or run folders of trainings; an ensemble stands for its members
   */
  public static EnsembleBuilder ensemble(List<Path> models) {
    return new EnsembleBuilder(models);
  }

  /**
   * How well a saved language model predicts the words of texts.
   *
   * @param dirOrRun model folder, or the run folder of a training
   * @return loss in nats per token, {@code Math.exp} of which is the perplexity; accuracy
   * @throws UlmfitException (bad model) if it cannot be read; (bad data) if the corpus cannot
   */
  public static Evaluation evaluate(Path dirOrRun, Corpus corpus) {
    return LmEvaluation.run(dirOrRun, corpus, "auto", null, 0, note -> {}, new Stop());
  }

  /**
   * Opens a trained classifier, or an ensemble.
   *
   * @param dirOrRun model folder, or the run folder of a training
   * @throws UlmfitException if there is no such folder or it is incomplete or damaged
   */
  public static TextClassifier open(Path dirOrRun) {
    return TextClassifier.load(dirOrRun);
  }
}
