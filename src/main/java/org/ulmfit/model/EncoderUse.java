package org.ulmfit.model;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sentence encoder that a model is on, which is {@value EncoderUse#MODEL} of its folder, and
 * how it reads texts.
 *
 * @param sha256 of its model
 * @param dimension numbers in a vector
 * @param pooling {@code mean | first | own}: the last where the encoder gives one vector a text
 * @param normalise whether vectors are brought to length 1
 * @param window tokens that it reads at once, start and end among them
 * @param overlap pieces that two windows next to each other share, at least
 * @param windows of a text that are read, its first ones; 0: all
 * @param start ids before a text's pieces
 * @param end ids behind them
 * @param unknown id of its unknown piece; -1: it has none
 * @param classes how many there are
 */
public record EncoderUse(
    String sha256,
    int dimension,
    String pooling,
    boolean normalise,
    int window,
    int overlap,
    int windows,
    List<Integer> start,
    List<Integer> end,
    int unknown,
    int classes)
    implements ModelSizes {
  private static final Set<String> POOLINGS = Set.of("mean", "first", "own");

  /** Its file in the model's folder. */
  public static final String MODEL = "model.onnx";

  @Override
  public boolean sound() {
    return sha256 != null
        && ModelConfig.within(dimension)
        && POOLINGS.contains(pooling)
        && ModelConfig.within(window)
        && isIds(start)
        && isIds(end)
        && overlap >= 0
        && (long) start.size() + end.size() + overlap < window
        && windows >= 0
        && unknown >= -1
        && ModelConfig.within(classes);
  }

  private static boolean isIds(@Nullable List<Integer> ids) {
    return ids != null && ids.stream().allMatch(id -> id != null && id >= 0);
  }

  @Override
  public List<String> keys() {
    return List.of();
  }

  @Override
  public String describe() {
    return "vectors of "
        + dimension
        + " numbers of a sentence encoder, pooling "
        + pooling
        + (normalise ? ", normalised" : "")
        + ", window "
        + window;
  }
}
