package peers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.List;
import opennlp.tools.doccat.BagOfWordsFeatureGenerator;
import opennlp.tools.doccat.DoccatFactory;
import opennlp.tools.doccat.DoccatModel;
import opennlp.tools.doccat.DocumentCategorizerME;
import opennlp.tools.doccat.DocumentSample;
import opennlp.tools.doccat.FeatureGenerator;
import opennlp.tools.doccat.NGramFeatureGenerator;
import opennlp.tools.tokenize.SimpleTokenizer;
import opennlp.tools.util.ObjectStream;
import opennlp.tools.util.TrainingParameters;

/**
 * OpenNLP's document categorizer: maximum entropy on words and pairs of words, those left out that
 * are rarer than the best cutoff on the validation rows. Its default leaves little of few rows.
 */
final class OpenNlpPeer implements Peer {
  private static final List<Integer> CUTOFFS = List.of(5, 2); // the first is the default
  private static final List<Integer> CUTOFFS_OF_FEW = List.of(5, 2, 1);
  private static final int MANY_ROWS = 5_000; // more have too many words that are there once

  private final TrainingParameters parameters = TrainingParameters.defaultParams();
  private final int labels;
  private List<Integer> cutoffs = CUTOFFS;
  private int cutoff;
  private DoccatModel model;
  private DocumentCategorizerME categorizer;

  OpenNlpPeer(Spec spec) {
    if (spec.several()) {
      throw new IllegalArgumentException("OpenNLP gives a text one category");
    }
    labels = spec.labels().size();
    parameters.put(TrainingParameters.THREADS_PARAM, spec.threads());
  }

  @Override
  public String settings() {
    return "SimpleTokenizer, words and pairs; "
        + "%s, %d iterations, cutoff %d of %s"
            .formatted(
                parameters.algorithm(),
                TrainingParameters.ITERATIONS_DEFAULT_VALUE,
                cutoff,
                cutoffs);
  }

  @Override
  public void train(Spec spec, List<Spec.Row> rows) throws IOException {
    List<Spec.Row> valid = spec.rows(spec.valid());
    long most = -1;
    cutoffs = rows.size() > MANY_ROWS ? CUTOFFS : CUTOFFS_OF_FEW;
    for (int tried : cutoffs) {
      DoccatModel fitted = fit(rows, tried);
      DocumentCategorizerME answering = new DocumentCategorizerME(fitted);
      long hits = valid.stream().filter(row -> row.labels().get(0) == best(answering, row)).count();
      if (hits > most) {
        most = hits;
        cutoff = tried;
        model = fitted;
        categorizer = answering;
      }
    }
  }

  private DoccatModel fit(List<Spec.Row> rows, int tried) throws IOException {
    parameters.put(TrainingParameters.CUTOFF_PARAM, tried);
    FeatureGenerator[] features = {
      new BagOfWordsFeatureGenerator(), new NGramFeatureGenerator(2, 2)
    };
    Iterator<Spec.Row> left = rows.iterator();
    ObjectStream<DocumentSample> samples = () -> left.hasNext() ? sample(left.next()) : null;
    return DocumentCategorizerME.train(
        "x-unspecified", samples, parameters, new DoccatFactory(features));
  }

  private static DocumentSample sample(Spec.Row row) {
    return new DocumentSample(Integer.toString(row.labels().get(0)), tokens(row.text()));
  }

  private static String[] tokens(String text) {
    return SimpleTokenizer.INSTANCE.tokenize(text);
  }

  private static int best(DocumentCategorizerME answering, Spec.Row row) {
    return Integer.parseInt(answering.getBestCategory(answering.categorize(tokens(row.text()))));
  }

  @Override
  public void save(Spec spec) throws IOException {
    try (OutputStream out = Files.newOutputStream(spec.model())) {
      model.serialize(out);
    }
  }

  @Override
  public double[] probabilities(String text) {
    double[] own = categorizer.categorize(tokens(text));
    double[] probabilities = new double[labels];
    for (int i = 0; i < own.length; i++) {
      probabilities[Integer.parseInt(categorizer.getCategory(i))] = own[i];
    }
    return probabilities;
  }
}
