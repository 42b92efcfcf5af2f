package org.ulmfit.run;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.nn.Kernels;
import org.ulmfit.prepare.Prepared;
import org.ulmfit.train.Evaluation;

/**
 * A model whose training has come to its end.
 *
 * @param run the run's folder
 * @param recipe settled
 * @param arithmetic it was trained in
 * @param before of the weights it began with, where that was measured
 * @param valid of the weights it has now
 */
public record Trained<D extends Prepared, M>(
    Path run,
    Recipe recipe,
    D data,
    M model,
    Kernels.Arithmetic arithmetic,
    Optional<Evaluation> before,
    Evaluation valid) {

  /** Where a model of that name goes. */
  public Path folder(String name) {
    return run.resolve(name);
  }

  /** What a model's provenance says of its data. */
  public Map<String, Object> provenance(Corpus corpus) {
    return Work.provenance(corpus, data);
  }
}
