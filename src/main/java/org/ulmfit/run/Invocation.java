package org.ulmfit.run;

import org.jspecify.annotations.Nullable;

/**
 * How a run is made again on a command line.
 *
 * @param command as it was given, quoted for a shell
 * @param byRecipe the same with the run's settled recipe in place of what it was settled from;
 *     null: the command makes more than this run
 */
public record Invocation(String command, @Nullable String byRecipe) {}
