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
   * @param backwards which way the model of the installation has to read
   * @return null: random weights
   * @throws UlmfitException (usage) if none comes with it
   */
  static @Nullable Path path(@Nullable Path named, boolean fromScratch, boolean backwards) {
    if (fromScratch) {
      return null;
    }
    return named != null
        ? Installation.model(named)
        : Installation.pretrained(backwards)
            .orElseThrow(
                () ->
                    UlmfitException.usage(
                        "no pretrained model"
                            + (backwards ? " that reads backwards" : "")
                            + " comes with this installation; give --pretrained DIR, or"
                            + " --from-scratch to start from random weights"));
  }
}
