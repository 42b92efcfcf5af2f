package org.ulmfit.classifier;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.vocab.TokenStore;

/**
 * What a classifier is trained and watched on.
 *
 * @param unlabelled texts to train on beside; null: none
 * @param soft distributions in place of labels; null: every row has its own
 * @param labels names by index
 */
public record ClassifierRows(
    TokenStore train,
    TokenStore valid,
    @Nullable TokenStore unlabelled,
    @Nullable SoftLabels soft,
    Labelling labelling,
    List<String> labels) {

  /** Rows with labels alone. */
  public static ClassifierRows of(
      TokenStore train, TokenStore valid, Labelling labelling, List<String> labels) {
    return new ClassifierRows(train, valid, null, null, labelling, labels);
  }
}
