package org.ulmfit.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which n-grams a model knows; the rest is in its weights.
 *
 * @param low tokens of the shortest
 * @param high of the longest
 * @param classes how many there are
 * @param sublinear whether a count n weighs 1 + log n, where counts are weighed
 * @param mlp of dense layers on them; null: the model is linear
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NgramSizes(int low, int high, int classes, boolean sublinear, @Nullable Mlp mlp)
    implements ModelSizes {
  @Override
  public boolean sound() {
    return low >= 1
        && low <= high
        && high <= 8
        && ModelConfig.within(classes)
        && (mlp == null || mlp.sound());
  }

  @Override
  public List<String> keys() {
    return mlp == null ? List.of() : List.of("network.hidden=" + mlp.hidden());
  }

  @Override
  public String describe() {
    return "n-grams of " + (low == high ? "" + low : low + " to " + high) + " tokens";
  }

  /**
   * Dense layers on chosen n-grams.
   *
   * @param features how many are chosen
   * @param counted whether an n-gram without a weight counts as often as it occurs, else once
   * @param hidden width of each layer before the output
   */
  public record Mlp(int features, boolean counted, List<Integer> hidden) {
    private boolean sound() {
      return ModelConfig.within(features) && hidden != null && !hidden.isEmpty();
    }
  }
}
