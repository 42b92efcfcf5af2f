/**
 * The Java API of ulmfit. {@link org.ulmfit.Ulmfit} is where to begin.
 *
 * <p>It is this package, but for {@code Shown} and {@code Suggestion}, and
 *
 * <ul>
 *   <li>in: {@link org.ulmfit.corpus.Corpus}, {@link org.ulmfit.corpus.Document}, {@link
 *       org.ulmfit.corpus.CorpusOptions}, {@link org.ulmfit.train.TrainingListener}, {@link
 *       org.ulmfit.predict.EvaluationListener};
 *   <li>out: {@link org.ulmfit.predict.TextClassifier}, {@link org.ulmfit.predict.Prediction},
 *       {@link org.ulmfit.predict.Explanation}, {@link org.ulmfit.predict.StackingFigures}, {@link
 *       org.ulmfit.train.Evaluation}, {@link org.ulmfit.train.Scores} with {@link
 *       org.ulmfit.train.ConfusionMatrix} and {@link org.ulmfit.train.LabelCounts}, {@link
 *       org.ulmfit.vocab.Coverage}, {@link org.ulmfit.corpus.InputColumns}, {@link
 *       org.ulmfit.nn.Precision};
 *   <li>with DJL: {@code org.ulmfit.djl.UlmfitModelZoo}, {@code TextTranslatorFactory}; with Spark:
 *       {@code org.ulmfit.spark.TextClassificationModel}, {@code CorpusPreparation}.
 * </ul>
 *
 * <p>Everything else may change from one version to the next. What is not marked nullable is never
 * null.
 */
package org.ulmfit;
