/**
 * What a Java program uses of ulmfit. {@link org.ulmfit.Ulmfit} is where to begin.
 *
 * <p>API, beside this package but for {@code Shown} and {@code Suggestion}: {@link
 * org.ulmfit.corpus.Corpus}, {@link org.ulmfit.corpus.Document} and {@link
 * org.ulmfit.corpus.CorpusOptions}; {@link org.ulmfit.predict.TextClassifier}, {@link
 * org.ulmfit.predict.Prediction} and {@link org.ulmfit.predict.EvaluationListener}; {@link
 * org.ulmfit.train.TrainingListener}, {@link org.ulmfit.train.Scores} and {@link
 * org.ulmfit.train.Task.Evaluation}. Everything else may change from one version to the next.
 */
package org.ulmfit;
