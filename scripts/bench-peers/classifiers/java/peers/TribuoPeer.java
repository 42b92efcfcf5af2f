package peers;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.tribuo.Example;
import org.tribuo.Feature;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Output;
import org.tribuo.OutputFactory;
import org.tribuo.Prediction;
import org.tribuo.Trainer;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.data.text.impl.CasingPreprocessor;
import org.tribuo.data.text.impl.TextFeatureExtractorImpl;
import org.tribuo.data.text.impl.TokenPipeline;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.multilabel.MultiLabel;
import org.tribuo.multilabel.MultiLabelFactory;
import org.tribuo.multilabel.sgd.objectives.BinaryCrossEntropy;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.util.tokens.universal.UniversalTokenizer;

/**
 * Tribuo's logistic regression on counts of 1-2-grams, as in its tutorials on document and
 * multi-label classification. Labels go by their indices.
 */
final class TribuoPeer implements Peer {
  private static final int EPOCHS = 5;
  private static final int LOG_EVERY = 1_000;

  private final Task<?> task;

  TribuoPeer(Spec spec) {
    Logger.getLogger("").setLevel(Level.WARNING); // it logs every thousandth example
    this.task = spec.several() ? several(spec) : single(spec);
  }

  private static Task<Label> single(Spec spec) {
    return new Task<>(
        spec.labels().size(),
        new LabelFactory(),
        new org.tribuo.classification.sgd.linear.LinearSGDTrainer(
            new LogMulticlass(), new AdaGrad(0.1, 0.001), EPOCHS, LOG_EVERY, spec.seed()),
        row -> new Label(Integer.toString(row.labels().get(0))),
        Label::getLabel,
        Label::getScore,
        "LinearSGD, LogMulticlass, AdaGrad(0.1, 0.001)");
  }

  private static Task<MultiLabel> several(Spec spec) {
    return new Task<>(
        spec.labels().size(),
        new MultiLabelFactory(),
        new org.tribuo.multilabel.sgd.linear.LinearSGDTrainer(
            new BinaryCrossEntropy(), new AdaGrad(0.1, 0.1), EPOCHS, LOG_EVERY, spec.seed()),
        row -> new MultiLabel(labels(row)),
        TribuoPeer::name,
        scored -> scored.getLabelScore(new Label(name(scored))).getAsDouble(),
        "LinearSGD, BinaryCrossEntropy, AdaGrad(0.1, 0.1)");
  }

  private static Set<Label> labels(Spec.Row row) {
    return row.labels().stream()
        .map(label -> new Label(Integer.toString(label)))
        .collect(Collectors.toSet());
  }

  /** Scores come as one label each. */
  private static String name(MultiLabel scored) {
    return scored.getNameSet().iterator().next();
  }

  @Override
  public String settings() {
    return task.settings();
  }

  @Override
  public void train(Spec spec, List<Spec.Row> rows) {
    task.train(rows);
  }

  @Override
  public void save(Spec spec) throws IOException {
    task.save(spec);
  }

  @Override
  public double[] probabilities(String text) {
    return task.probabilities(text);
  }

  /** One label a row, or several: the types differ. */
  private static final class Task<T extends Output<T>> {
    private final TextFeatureExtractorImpl<T> extractor =
        new TextFeatureExtractorImpl<>(new TokenPipeline(new UniversalTokenizer(), 2, true));
    private final CasingPreprocessor lowerCase =
        new CasingPreprocessor(CasingPreprocessor.CasingOperation.LOWERCASE);
    private final OutputFactory<T> factory;
    private final Trainer<T> trainer;
    private final Function<Spec.Row, T> output;
    private final Function<T, String> name;
    private final Function<T, Double> score;
    private final String how;
    private final double[] prior;
    private Model<T> model;

    Task(
        int labels,
        OutputFactory<T> factory,
        Trainer<T> trainer,
        Function<Spec.Row, T> output,
        Function<T, String> name,
        Function<T, Double> score,
        String how) {
      this.factory = factory;
      this.trainer = trainer;
      this.output = output;
      this.name = name;
      this.score = score;
      this.how = how;
      this.prior = new double[labels];
    }

    String settings() {
      return "lower case, UniversalTokenizer, counts of 1-2-grams; "
          + how
          + ", "
          + EPOCHS
          + " epochs";
    }

    void train(List<Spec.Row> rows) {
      MutableDataset<T> data =
          new MutableDataset<>(new SimpleDataSourceProvenance("rows", factory), factory);
      for (Spec.Row row : rows) {
        row.labels().forEach(label -> prior[label] += 1.0 / rows.size());
        Example<T> example = example(output.apply(row), row.text());
        if (example.size() > 0) {
          data.add(example);
        }
      }
      model = trainer.train(data);
    }

    private Example<T> example(T output, String text) {
      return extractor.extract(output, lowerCase.processDoc(text));
    }

    void save(Spec spec) throws IOException {
      model.serializeToFile(spec.model());
    }

    /** Of a text without a word that it knows, which Tribuo refuses, the shares of the labels. */
    double[] probabilities(String text) {
      Example<T> example = example(factory.getUnknownOutput(), text);
      boolean known = false;
      for (Feature feature : example) {
        known |= model.getFeatureIDMap().getID(feature.getName()) >= 0;
      }
      if (!known) {
        return prior;
      }
      Prediction<T> prediction = model.predict(example);
      double[] probabilities = new double[prior.length];
      for (T scored : prediction.getOutputScores().values()) {
        probabilities[Integer.parseInt(name.apply(scored))] = score.apply(scored);
      }
      return probabilities;
    }
  }
}
