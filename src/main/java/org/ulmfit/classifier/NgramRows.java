package org.ulmfit.classifier;

import java.util.stream.IntStream;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.ngram.Documents;
import org.ulmfit.ngram.Ngrams;
import org.ulmfit.ngram.Truth;
import org.ulmfit.prepare.PreparedClassifier;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * The training rows as models on n-grams see them: without marks, with the n-grams that are
 * frequent enough in them.
 */
record NgramRows(Marks marks, Documents documents, Ngrams ngrams, Truth truth) {

  static NgramRows of(Recipe settled, PreparedClassifier data, Stop stop) {
    Recipe.Ngrams n = settled.ngrams();
    Vocab vocab = data.vocab();
    TokenStore train = data.train();
    Marks marks = Marks.of(settled.text().rules(), vocab);
    Documents documents = new Documents(train.size(), d -> marks.without(train.ids(d)));
    Ngrams ngrams =
        Ngrams.count(
            documents,
            n.low(),
            n.high(),
            n.minDocuments(),
            id -> id == vocab.unknownId() || id == vocab.padId(),
            stop);
    return new NgramRows(marks, documents, ngrams, truth(data));
  }

  /** What the training rows are labelled with. */
  static Truth truth(PreparedClassifier data) {
    TokenStore train = data.train();
    int[][] labels = IntStream.range(0, train.size()).mapToObj(train::labels).toArray(int[][]::new);
    return new Truth(data.labelling(), data.labels().size(), labels);
  }
}
