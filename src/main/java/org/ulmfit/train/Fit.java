package org.ulmfit.train;

import java.util.List;
import org.ulmfit.config.Recipe;

/**
 * How a task is trained.
 *
 * @param ema decay of the averages that are validated and saved in place of the weights; 0: the
 *     weights themselves are
 * @param seed of all that is drawn
 */
public record Fit(List<Recipe.Phase> phases, Recipe.Optimizer optimizer, double ema, long seed) {}
