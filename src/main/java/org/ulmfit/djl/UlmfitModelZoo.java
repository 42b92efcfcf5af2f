package org.ulmfit.djl;

import ai.djl.repository.zoo.ModelZoo;
import java.nio.file.Path;
import java.util.Set;

/**
 * A zoo of one model: any classifier of ulmfit, of whatever family, an ensemble too.
 *
 * <pre>{@code
 * Criteria<String, Classifications> criteria =
 *     Criteria.builder()
 *         .setTypes(String.class, Classifications.class)
 *         .optModelZoo(UlmfitModelZoo.of(Path.of("classifier-run")))
 *         .build();
 * try (ZooModel<String, Classifications> model = criteria.loadModel();
 *     Predictor<String, Classifications> predictor = model.newPredictor()) {
 *   System.out.println(predictor.predict("What a wonderful film!").best());
 * }
 * }</pre>
 *
 * Types are {@code String}, or {@code String[]} of a row's columns, to {@code Classifications} or
 * {@link org.ulmfit.predict.Prediction}. A predictor serves one thread, the model any number of
 * them; {@code batchPredict} answers texts in batches of like length. The native memory is freed
 * when the model is closed.
 */
public final class UlmfitModelZoo extends ModelZoo {
  private static final String GROUP = "org.ulmfit";

  private UlmfitModelZoo(Path dirOrRun) {
    addModel(new UlmfitModelLoader(GROUP, dirOrRun));
  }

  /**
   * The zoo of a classifier. Nothing is read before the model is loaded.
   *
   * @param dirOrRun model folder, that of an ensemble too, or the run folder of {@code ulmfit
   *     classify}
   */
  public static ModelZoo of(Path dirOrRun) {
    return new UlmfitModelZoo(dirOrRun);
  }

  @Override
  public String getGroupId() {
    return GROUP;
  }

  /** DJL asks whether it has an engine for a zoo; ulmfit's models bring their own way to one. */
  @Override
  public Set<String> getSupportedEngines() {
    return Set.of("PyTorch");
  }
}
