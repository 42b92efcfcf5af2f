package org.ulmfit.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.prepare.Prepared;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Scores;
import org.ulmfit.train.Task;

/**
 * What one kind of training does that no other does; {@link Runs} does the rest.
 *
 * @param <D> the data it trains on
 * @param <M> the model it trains
 * @param <R> what comes of it
 */
public interface Training<D extends Prepared, M extends Training.Model, R> {

  /** A model in training. */
  interface Model extends AutoCloseable {

    /** Layer groups, first to last. */
    List<LayerGroup> groups();

    @Override
    void close();
  }

  /** Name of the model's folder in the run: {@code lm} or {@code classifier}. */
  String kind();

  /** Heading of the run's report. */
  String title();

  Corpus corpus();

  /** What it reads, by what messages call it; none of it may lie in a run that is replaced. */
  Map<String, Path> inputs();

  /** The recipe as asked for, with what a saved model decides. */
  Recipe recipe();

  /**
   * Stage 1.
   *
   * @param dir where the data goes; what it holds of the same preparation is used again
   * @throws UlmfitException (bad data) if the corpus cannot be used; (interrupted) after a stop
   */
  D prepare(Recipe recipe, Path dir, Consumer<String> notes, Stop stop);

  /** The recipe with every choice made that it leaves to the data. */
  default Recipe settle(Recipe recipe, D data) {
    return recipe;
  }

  /** What was settled and why, a line each. */
  default List<String> choices(Recipe recipe, D data) {
    return List.of();
  }

  /** What a dry run tells of the data beside the sizes of its parts. */
  List<String> describe(Recipe recipe, D data);

  /** {@code forward} or {@code backward}: how documents are read. */
  String direction();

  /** Tells the initial weights of one kind of training from those of another, under one seed. */
  long weightsStream();

  /** A model with random weights. */
  M model(Recipe recipe, D data, Backend backend);

  Task task(Recipe recipe, D data, M model, Consumer<String> notes);

  List<Recipe.Phase> phases(Recipe recipe);

  Recipe.Optimizer optimizer(Recipe recipe);

  /** Epochs in a row without a better one after which a phase ends; 0 = it does not. */
  default int patience(Recipe recipe) {
    return 0;
  }

  /** Recipe keys that make a run need less memory, in words. */
  String memoryKeys();

  /**
   * Gives the model the weights to begin with.
   *
   * @return what they are worth on the validation data, where that is measured
   */
  Optional<Evaluation> begin(Recipe recipe, D data, M model, Task task, Consumer<String> notes);

  /** Measures the trained model. */
  R result(Trained<D, M> trained);

  /** What is worth knowing of the result, a line each. */
  default List<String> findings(R result) {
    return List.of();
  }

  /** The rows of the report's tables, if there were any to test on. */
  default Optional<Scores> scores(R result) {
    return Optional.empty();
  }

  /** Saves the trained model in the run's folder. */
  void save(Trained<D, M> trained, R result);
}
