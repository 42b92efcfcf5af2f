package org.ulmfit.lm;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/**
 * What a language model starts from, and which way it is going to read.
 *
 * @param pretrained model folder or run; null: random weights
 * @param backwards whether documents are read from their ends
 * @param anyDirection whether the pretrained model may read the other way; its embedding holds for
 *     either, its LSTMs have to learn their turn
 */
public record LmStart(@Nullable Path pretrained, boolean backwards, boolean anyDirection) {
  /** From random weights, reading forwards. */
  public static final LmStart RANDOM = new LmStart(null, false, false);

  /** From a model that reads as the new one will. */
  public static LmStart of(@Nullable Path pretrained, boolean backwards) {
    return new LmStart(pretrained, backwards, false);
  }

  /** {@code forward | backward}. */
  String direction() {
    return backwards ? "backward" : "forward";
  }

  /**
   * The pretrained model, opened.
   *
   * @return null: random weights
   * @throws UlmfitException (bad model) if it cannot be used; (usage) if it reads the other way
   */
  @Nullable Pretrained open() {
    if (pretrained == null) {
      return null;
    }
    Pretrained opened = Pretrained.open(pretrained, "lm");
    if (!anyDirection && opened.config().backward() != backwards) {
      throw UlmfitException.usage(
          pretrained
              + ": is a "
              + opened.config().direction()
              + " model; "
              + (backwards ? "leave out --backwards" : "add --backwards")
              + ", give one of the other direction, or start from it all the same with"
              + " --any-direction");
    }
    return opened;
  }
}
