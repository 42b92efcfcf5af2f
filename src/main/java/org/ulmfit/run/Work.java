package org.ulmfit.run;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.prepare.Prepared;
import org.ulmfit.report.Answers;

/**
 * What a run makes of a corpus, whatever makes it; {@link Runs} does what is the same for all.
 *
 * @param <D> the data it is made of
 * @param <R> what comes of it
 */
public sealed interface Work<D extends Prepared, R> permits Training, Fitting {

  /** What a model's provenance says of its data. */
  static Map<String, Object> provenance(Corpus corpus, Prepared data) {
    Map<String, Object> origin = new LinkedHashMap<>();
    origin.put("corpus", corpus.name());
    origin.put("input", data.summary().inputs().stream().map(Work::named).toList());
    origin.put("train", data.train().description());
    origin.put("valid", data.valid().description());
    origin.put("unknown words", data.summary().unknownShares());
    return origin;
  }

  /** What was found of an input, without the folder it lies in: a model goes where that is not. */
  private static String named(String found) {
    int end = Math.max(0, found.indexOf(": "));
    int name = Math.max(found.lastIndexOf('/', end), found.lastIndexOf('\\', end)) + 1;
    return found.substring(name);
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

  /** The phases that it goes through; none of what has no steps. */
  List<Recipe.Phase> phases(Recipe recipe);

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

  /** What is worth knowing of the result, a line each. */
  default List<String> findings(R result) {
    return List.of();
  }

  /**
   * What is to be reported.
   *
   * @param run the run's folder
   * @param texts whether texts of the corpus may be told
   * @param stop after whose request nothing is begun that a report can do without
   */
  record Reporting(Path run, boolean texts, Consumer<String> notes, Stop stop) {}

  /** What the report tells of the saved model's answers. */
  default Answers answers(D data, R result, Reporting reporting) {
    return Answers.NONE;
  }
}
