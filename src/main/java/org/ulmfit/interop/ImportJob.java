package org.ulmfit.interop;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;

/**
 * What to import.
 *
 * @param weights a torch file ({@code .h5} and {@code .pth} of fastai), safetensors, or a {@code
 *     .tgz} that holds weights and vocabulary
 * @param vocabulary a pickled list of tokens ({@code itos*.pkl}) or a {@code vocab.txt}; null: in
 *     the archive
 * @param rules text rules the model was trained with; null: those of the fastai whose names the
 *     tensors have
 * @param tokenizer as {@code rules}
 * @param language what its texts were written in, a language tag; null: not known
 * @param backward whether documents are read from their ends
 * @param labels class names in index order; empty for a language model or an encoder
 * @param labelling how many labels a text has; null: not told, which is one
 */
public record ImportJob(
    Path weights,
    @Nullable Path vocabulary,
    @Nullable String rules,
    @Nullable String tokenizer,
    @Nullable String language,
    boolean backward,
    List<String> labels,
    @Nullable Labelling labelling) {

  public ImportJob {
    labels = List.copyOf(labels);
    if (labels.stream().distinct().count() < labels.size()) {
      throw UlmfitException.usage("--labels " + String.join(",", labels) + ": one occurs twice");
    }
  }
}
