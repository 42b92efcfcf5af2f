package org.ulmfit.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/** What a language model starts from. */
final class PretrainedOption {
  private PretrainedOption() {}

  /**
   * The model that was named, or the one that comes with the installation.
   *
   * @param fromScratch whether random weights were asked for
   * @return null: random weights
   * @throws UlmfitException (usage) if none comes with it
   */
  static @Nullable Path path(@Nullable Path named, boolean fromScratch) {
    if (fromScratch) {
      return null;
    }
    return named != null
        ? Installation.model(named)
        : Installation.pretrained()
            .orElseThrow(
                () ->
                    UlmfitException.usage(
                        "no pretrained model comes with this installation; give --pretrained DIR,"
                            + " or --from-scratch to start from random weights"));
  }
}
