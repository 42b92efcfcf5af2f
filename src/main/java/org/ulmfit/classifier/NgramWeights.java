package org.ulmfit.classifier;

import java.util.ArrayList;
import java.util.List;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.NgramSizes;
import org.ulmfit.ngram.NgramClassifier;
import org.ulmfit.ngram.NgramTensors;

/**
 * A model on n-grams as its {@code model.safetensors} holds it: the tensors of {@link
 * NgramTensors}, and as {@code marks} (ids) the tokens that are passed over.
 */
public record NgramWeights(NgramClassifier model, Marks marks) {
  List<Safetensors.Entry> entries() {
    List<Safetensors.Entry> entries = new ArrayList<>(NgramTensors.entries(model));
    entries.add(marks.entry());
    return entries;
  }

  /**
   * Reads the file.
   *
   * @throws UlmfitException (bad model) if a tensor is missing or does not fit the others
   */
  static NgramWeights read(ModelConfig config, Safetensors.Reader file) {
    NgramSizes sizes = config.sizes(NgramSizes.class);
    NgramClassifier model =
        NgramTensors.classifier(
            file,
            new NgramTensors.Form(
                config.labelling(), sizes.classes(), sizes.low(), sizes.sublinear()));
    if (model.ngrams().longest() != sizes.high()) {
      throw damaged(
          file, "n-grams of up to " + model.ngrams().longest() + " tokens, not " + sizes.high());
    }
    return new NgramWeights(model, Marks.read(file));
  }

  private static UlmfitException damaged(Safetensors.Reader file, String what) {
    return UlmfitException.badModel(file.path() + ": " + what + "; fit it again");
  }
}
