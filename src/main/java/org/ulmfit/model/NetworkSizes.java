package org.ulmfit.model;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;

/**
 * Sizes of a network trained from random weights, as recipes write them.
 *
 * @param classes how many there are
 */
public record NetworkSizes(
    long vocabularySize,
    int classes,
    int embeddingSize,
    boolean embeddingNorm,
    List<Integer> units,
    boolean lastForward,
    int kernelSize,
    int poolSize,
    List<Integer> dilations,
    String pooling,
    boolean masking,
    int length,
    String keep,
    List<Integer> hidden)
    implements ModelSizes {

  /** As a recipe has it. */
  public static NetworkSizes of(long vocabularySize, int classes, Recipe.Network n) {
    return new NetworkSizes(
        vocabularySize,
        classes,
        n.embeddingSize(),
        n.embeddingNorm(),
        n.units(),
        n.lastForward(),
        n.kernelSize(),
        n.poolSize(),
        n.dilations(),
        Recipes.word(n.pooling()),
        n.masking(),
        n.length(),
        Recipes.word(n.keep()),
        n.hidden());
  }

  @Override
  public boolean sound() {
    return ModelConfig.within(vocabularySize)
        && ModelConfig.within(classes)
        && Stream.of(units, dilations, hidden, pooling, keep).allMatch(Objects::nonNull)
        && (masking || length > 0);
  }

  @Override
  public List<String> keys() {
    return List.of(
        "network.embeddingSize=" + embeddingSize,
        "network.units=" + units,
        "network.kernelSize=" + kernelSize,
        "network.poolSize=" + poolSize,
        "network.dilations=" + dilations,
        Recipes.override("network.pooling", pooling),
        "network.length=" + length,
        Recipes.override("network.keep", keep),
        "network.hidden=" + hidden);
  }

  @Override
  public OptionalLong vocabularyRows() {
    return OptionalLong.of(vocabularySize);
  }

  @Override
  public String describe() {
    String read = length == 0 ? "whole texts" : "the " + keep + " " + length + " tokens of a text";
    return "embedding " + embeddingSize + ", vocabulary " + vocabularySize + "; reads " + read;
  }
}
