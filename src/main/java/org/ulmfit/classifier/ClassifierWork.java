package org.ulmfit.classifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.model.Evidence;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.ModelSizes;
import org.ulmfit.prepare.CorpusSummary;
import org.ulmfit.prepare.PreparedClassifier;
import org.ulmfit.report.Answers;
import org.ulmfit.report.Mistake;
import org.ulmfit.run.Work;
import org.ulmfit.train.Scores;
import org.ulmfit.vocab.TokenStore;

/** What the making of a classifier has in common, whether it is trained or fitted. */
abstract class ClassifierWork {
  static final int NAMED = 60; // labels in a line

  final Corpus corpus;
  final int limit;

  ClassifierWork(Corpus corpus, int limit) {
    this.corpus = corpus;
    this.limit = limit;
  }

  public final String kind() {
    return "classifier";
  }

  public final String title() {
    return "Classifier";
  }

  public final Corpus corpus() {
    return corpus;
  }

  public List<String> choices(Recipe settled, PreparedClassifier data) {
    return ClassWeights.told(settled, data);
  }

  public final List<String> describe(Recipe settled, PreparedClassifier data) {
    return List.of("test: " + test(data), "labels: " + Shown.list(data.labels(), NAMED));
  }

  public final List<String> findings(ClassifierResult result) {
    return result.findings();
  }

  public final Answers answers(
      PreparedClassifier data, ClassifierResult result, Work.Reporting reporting) {
    Scores scores = result.test().orElse(null);
    TokenStore test = data.test();
    List<Mistake> mistakes =
        reporting.texts() && scores != null && test != null
            ? SavedMistakes.of(reporting.run().resolve(kind()), scores, test, reporting)
            : List.of();
    return new Answers(scores, result.gain().orElse(null), mistakes);
  }

  /** What a model's provenance says of its data. */
  final Map<String, Object> origin(PreparedClassifier data) {
    Map<String, Object> origin = Work.provenance(corpus, data);
    origin.put("test", test(data));
    return origin;
  }

  /**
   * What its card tells.
   *
   * @param setAside whether the validation rows are others than those it trained on
   * @param validates whether what was measured on them says how well it does
   */
  static Evidence evidence(
      PreparedClassifier data, ClassifierResult result, boolean setAside, boolean validates) {
    int classes = data.labels().size();
    CorpusSummary summary = data.summary();
    List<Evidence.Split> splits = new ArrayList<>();
    splits.add(
        Evidence.Split.of(
            "train", data.train(), classes, summary.unknownShare("classifier/train")));
    if (setAside) {
      splits.add(
          Evidence.Split.of(
              "valid", data.valid(), classes, summary.unknownShare("classifier/valid")));
    }
    if (data.test() != null) {
      splits.add(
          Evidence.Split.of("test", data.test(), classes, summary.unknownShare("classifier/test")));
    }
    List<Evidence.Result> results = new ArrayList<>();
    result.test().ifPresent(scores -> results.add(Evidence.Result.of(scores)));
    if (setAside && validates) {
      results.add(Evidence.Result.of("valid", data.labelling(), result.valid()));
    }
    return new Evidence(splits, results);
  }

  private static String test(PreparedClassifier data) {
    return data.test() == null ? "none" : data.test().description();
  }

  /**
   * What a model that was made of the data says of itself, one that reads forward and has no head.
   */
  static ModelConfig config(
      String family, ModelSizes sizes, Recipe settled, PreparedClassifier data, Output output) {
    return config(family, "forward", sizes, null, settled, data, output);
  }

  /** The same of any. */
  static ModelConfig config(
      String family,
      String direction,
      ModelSizes sizes,
      ModelConfig.@Nullable Head head,
      Recipe settled,
      PreparedClassifier data,
      Output output) {
    return ModelConfig.classifier(
        family,
        direction,
        sizes,
        head,
        settled,
        data.labelling(),
        thresholds(output),
        data.summary().columns());
  }

  /** As {@code config.json} has them; null where a text has one label. */
  private static @Nullable List<Double> thresholds(Output output) {
    return output.labelling() == Labelling.MULTI
        ? Arrays.stream(output.thresholds()).boxed().toList()
        : null;
  }
}
