package org.ulmfit.classifier;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.ngram.NgramClassifier;
import org.ulmfit.ngram.NgramTensors;

/**
 * A model on n-grams as its {@code model.safetensors} holds it: the tensors of {@link
 * NgramTensors}, and as {@code marks} (ids) the tokens that are passed over.
 */
public record NgramWeights(NgramClassifier model, Marks marks) {
  private static final String MARKS = "marks";

  List<Safetensors.Entry> entries() {
    List<Safetensors.Entry> entries = new ArrayList<>(NgramTensors.entries(model));
    entries.add(
        Safetensors.Entry.longs(
            MARKS,
            new long[] {marks.ids().length},
            () -> Arrays.stream(marks.ids()).asLongStream().toArray()));
    return entries;
  }

  /**
   * Reads the file.
   *
   * @throws UlmfitException (bad model) if a tensor is missing or does not fit the others
   */
  static NgramWeights read(ModelConfig config, Safetensors.Reader file) {
    ModelConfig.Ngrams sizes = config.ngrams();
    if (sizes == null) {
      throw damaged(file, "config.json says nothing of n-grams");
    }
    NgramClassifier model =
        NgramTensors.classifier(
            file,
            new NgramTensors.Form(
                config.labelling(), sizes.classes(), sizes.low(), sizes.sublinear()));
    if (model.ngrams().longest() != sizes.high()) {
      throw damaged(
          file, "n-grams of up to " + model.ngrams().longest() + " tokens, not " + sizes.high());
    }
    LongBuffer ids = file.longs(MARKS);
    int[] marks = new int[ids.remaining()];
    for (int i = 0; i < marks.length; i++) {
      marks[i] = (int) ids.get(i);
      if (marks[i] != ids.get(i) || i > 0 && marks[i] <= marks[i - 1]) {
        throw damaged(file, "the ids of its marks are not ascending");
      }
    }
    return new NgramWeights(model, new Marks(marks));
  }

  private static UlmfitException damaged(Safetensors.Reader file, String what) {
    return UlmfitException.badModel(file.path() + ": " + what + "; fit it again");
  }
}
