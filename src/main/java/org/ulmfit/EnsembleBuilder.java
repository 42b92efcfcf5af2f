package org.ulmfit;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.predict.EnsembleJob;
import org.ulmfit.predict.EnsembleMaker;
import org.ulmfit.predict.EvaluationListener;

/**
 * Several classifiers as one. Members may differ in direction, vocabulary, tokenizer and kind, not
 * in labels. Nothing is read or written before {@link #into}.
 */
public final class EnsembleBuilder {
  private final List<Path> models;
  private @Nullable Corpus rows;
  private List<Path> answers = List.of();
  private int limit;
  private String device = "auto";
  private @Nullable String precision;
  private EvaluationListener listener = new EvaluationListener() {};
  private Stop stop = new Stop();
  private boolean overwrite;

  EnsembleBuilder(List<Path> models) {
    this.models = List.copyOf(models);
  }

  /**
   * Learns a weight for each member and a bias for each label by logistic regression, in place of
   * the mean of the probabilities.
   *
   * @param validation labelled rows that no member was trained on: the validation split if there is
   *     one, else all if there is no other
   */
  public EnsembleBuilder stack(Corpus validation) {
    rows = Objects.requireNonNull(validation, "validation");
    return this;
  }

  /**
   * The same, learned on what each model's kind said of training rows held out fold by fold, as
   * {@code ulmfit compare --folds} writes it.
   *
   * @param files one for each model, in their order
   */
  public EnsembleBuilder answers(List<Path> files) {
    answers = List.copyOf(files);
    return this;
  }

  /** At most so many rows to learn weights on; 0 = all. */
  public EnsembleBuilder limit(int documents) {
    limit = documents;
    return this;
  }

  /** Where weights are learned: {@code auto} (the default), {@code cpu} or {@code cuda:N}. */
  public EnsembleBuilder device(String name) {
    device = Objects.requireNonNull(name, "device");
    return this;
  }

  /** In which arithmetic: {@code fp32}, {@code bf16} or {@code auto}; without it as trained. */
  public EnsembleBuilder precision(String name) {
    precision = Objects.requireNonNull(name, "precision");
    return this;
  }

  /** Hears what is worth telling, on the calling thread. */
  public EnsembleBuilder listener(EvaluationListener value) {
    listener = Objects.requireNonNull(value, "listener");
    return this;
  }

  /** Ends the learning of weights early when asked to; nothing is written then. */
  public EnsembleBuilder stop(Stop value) {
    stop = Objects.requireNonNull(value, "stop");
    return this;
  }

  /** Replaces the model that the folder holds. */
  public EnsembleBuilder overwrite() {
    overwrite = true;
    return this;
  }

  /**
   * Writes the ensemble's folder. It holds its members itself: the models it was made of may go.
   *
   * @throws UlmfitException (usage) if there are not two models, one is given twice, or the folder
   *     exists; (bad model) if one cannot be opened or they cannot answer together; (bad data) if
   *     the rows to learn weights on cannot be used; (interrupted) if it was asked to stop
   */
  public TrainedEnsemble into(Path folder) {
    EnsembleMaker.Made made =
        EnsembleMaker.make(
            new EnsembleJob(models, rows, answers, limit, device, precision, folder, overwrite),
            listener,
            stop);
    return new TrainedEnsemble(made.folder(), made.members(), made.figures());
  }
}
