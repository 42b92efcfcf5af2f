package org.ulmfit.run;

import java.util.List;
import java.util.function.Consumer;
import org.ulmfit.Shown;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.prepare.Prepared;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Task;

/**
 * Work that the engine does, step by step: what one kind of training does that no other does.
 *
 * @param <D> the data it trains on
 * @param <M> the model it trains
 * @param <R> what comes of it
 */
public non-sealed interface Training<D extends Prepared, M extends Training.Model, R>
    extends Work<D, R> {

  /** A model in training. */
  interface Model extends AutoCloseable {

    /** Layer groups, first to last. */
    List<LayerGroup> groups();

    @Override
    void close();
  }

  /** {@code forward} or {@code backward}: how documents are read. */
  String direction();

  /** Digest of the weights it starts from; empty: random ones. */
  String startSum();

  /** Tells the initial weights of one kind of training from those of another, under one seed. */
  long weightsStream();

  /** A model with random weights. */
  M model(Recipe recipe, D data, Backend backend);

  Task task(Recipe recipe, D data, M model, Consumer<String> notes);

  Recipe.Optimizer optimizer(Recipe recipe);

  /** Decay of the averages that are validated and saved; 0 = the weights themselves are. */
  double ema(Recipe recipe);

  /** Epochs in a row without a better one after which a phase ends; 0 = it does not. */
  default int patience(Recipe recipe) {
    return 0;
  }

  /** Recipe keys that make a run need less memory, in words. */
  String memoryKeys();

  /**
   * Gives the model the weights to begin with.
   *
   * @return whether they were trained before, so that what they are worth is measured first
   */
  boolean begin(Recipe recipe, D data, M model, Consumer<String> notes);

  /** A line on what trained weights are worth before the first step. */
  default String before(D data, Evaluation evaluation) {
    return Shown.format("before: valid loss %.4f", evaluation.loss());
  }

  /** Measures the trained model. */
  R result(Trained<D, M> trained);

  /** Saves the trained model in the run's folder. */
  void save(Trained<D, M> trained, R result);
}
