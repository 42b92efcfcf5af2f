package org.ulmfit.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ulmfit.config.Recipe;
import picocli.CommandLine.Option;

/** In which arithmetic a trained model answers. */
final class PrecisionMixin {
  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      converter = ChoiceConverter.Arithmetic.class,
      description = "fp32, bf16 or auto (default: as the model was trained).")
  private Recipe.@Nullable Precision precision;

  /** Null = the model's. */
  @Nullable String name() {
    return precision == null ? null : precision.name().toLowerCase(Locale.ROOT);
  }
}
