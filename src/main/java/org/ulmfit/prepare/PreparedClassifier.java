package org.ulmfit.prepare;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * Stage 1's output for the classifier.
 *
 * @param labelling how many labels a document of the stores has
 * @param labels names by label index
 * @param test null if the corpus has no test split; the lesson's recipe validates on the test split
 * @param unlabelled texts without labels; null if the recipe trains on none
 */
public record PreparedClassifier(
    Vocab vocab,
    Labelling labelling,
    List<String> labels,
    TokenStore train,
    TokenStore valid,
    @Nullable TokenStore test,
    @Nullable TokenStore unlabelled,
    CorpusSummary summary,
    @Nullable String tokenizer)
    implements Prepared {
  public PreparedClassifier {
    labels = List.copyOf(labels);
  }

  @Override
  public List<TokenStore> learned() {
    return unlabelled == null ? List.of(train, valid) : List.of(train, valid, unlabelled);
  }

  @Override
  public void close() {
    train.close();
    valid.close();
    if (test != null) {
      test.close();
    }
    if (unlabelled != null) {
      unlabelled.close();
    }
  }
}
