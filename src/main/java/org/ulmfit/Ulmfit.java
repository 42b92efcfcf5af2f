package org.ulmfit;

import java.nio.file.Path;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.predict.TextClassifier;

/**
 * ULMFiT from a Java program: the same trainings as on the command line.
 *
 * <pre>{@code
 * Corpus reviews = Corpus.csv(Path.of("reviews.csv"));
 * TrainedLanguageModel lm =
 *     Ulmfit.languageModel(reviews).pretrained(Path.of("wiki-small")).into(Path.of("lm-run"));
 * TrainedClassifier trained =
 *     Ulmfit.classifier(reviews).encoder(lm).into(Path.of("classifier-run"));
 * try (TextClassifier classifier = trained.open()) {
 *   System.out.println(classifier.predict("What a wonderful film!").label());
 * }
 * }</pre>
 *
 * One training at a time runs in a JVM; any number of threads may predict beside it. What goes
 * wrong is an {@link UlmfitException}, whose message is one line with the remedy.
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
   * Opens a trained classifier.
   *
   * @param dirOrRun model folder, or the run folder of a training
   * @throws UlmfitException if there is no such folder or it is incomplete or damaged
   */
  public static TextClassifier open(Path dirOrRun) {
    return TextClassifier.load(dirOrRun);
  }
}
