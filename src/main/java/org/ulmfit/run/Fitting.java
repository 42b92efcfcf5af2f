package org.ulmfit.run;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.prepare.Prepared;

/**
 * Work that a solver does without the engine. It has no steps to go on from: a run that was stopped
 * fits again, on the data it has prepared, with what it kept.
 *
 * @param <D> the data it is fitted on
 * @param <M> the model it fits
 * @param <R> what comes of it
 */
public non-sealed interface Fitting<D extends Prepared, M, R> extends Work<D, R> {

  @Override
  default List<Recipe.Phase> phases(Recipe recipe) {
    return List.of();
  }

  /**
   * Fits a model.
   *
   * @param kept folder for what a run that is stopped need not do again; it goes with the run's end
   * @param notes told what is worth writing down, in lines
   * @throws UlmfitException (interrupted) after a stop request
   */
  M fit(Recipe recipe, D data, Path kept, Consumer<String> notes, Stop stop);

  /**
   * Measures it.
   *
   * @param run the run's folder
   */
  R result(Recipe recipe, D data, M model, Path run);

  /** Saves it in the run's folder. */
  void save(Recipe recipe, D data, M model, R result);
}
