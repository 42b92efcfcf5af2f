package org.ulmfit.classifier;

import java.util.List;
import java.util.function.Consumer;
import org.ulmfit.config.Recipe;
import org.ulmfit.lm.Pretrained;
import org.ulmfit.vocab.Vocab;

/** A classifier in training that begins with weights of another model. */
public interface EncoderModel extends TextModel {

  /**
   * Takes over the weights of a saved encoder, as far as the family has such.
   *
   * @param vocab the words of this model
   * @param counts occurrences of each word in the training documents, for the report
   */
  void begin(
      Pretrained encoder, Vocab vocab, Recipe.Remap options, long[] counts, Consumer<String> notes);

  /**
   * Takes over all weights of a saved classifier of the same sizes. Labels that it does not know
   * keep the weights they have.
   *
   * @param labels of this model, by index
   */
  void goOn(Pretrained classifier, List<String> labels);
}
