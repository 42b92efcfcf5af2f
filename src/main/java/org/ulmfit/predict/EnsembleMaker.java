package org.ulmfit.predict;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.model.EnsembleConfig;
import org.ulmfit.model.EnsembleWriter;
import org.ulmfit.model.EnsembleWriter.Part;
import org.ulmfit.model.Evidence;

/** Makes one classifier of several. */
public final class EnsembleMaker {

  /** What tells of a model and is not the model. */
  private static final Set<String> WORDS =
      Set.of("README.md", "provenance.json", "metrics.json", "recipe.yaml");

  private final EnsembleJob job;
  private final EvaluationListener listener;
  private final Stop stop;
  private final List<Path> named = new ArrayList<>(); // a path for each member
  private final List<ModelFolder> folders = new ArrayList<>();

  private EnsembleMaker(EnsembleJob job, EvaluationListener listener, Stop stop) {
    this.job = job;
    this.listener = listener;
    this.stop = stop;
  }

  /**
   * What came of it.
   *
   * @param folder the ensemble's
   * @param members their names, in order
   * @param figures on the rows that weights were learned on, if they were
   */
  public record Made(Path folder, List<String> members, Optional<StackingFigures> figures) {}

  /**
   * Writes the ensemble's folder, which needs the models it is made of no longer.
   *
   * @throws UlmfitException (usage) if there are not two models, or one is given twice, or the
   *     target may not be written; (bad model) if one cannot be opened, or has other labels; (bad
   *     data) if the rows to learn weights on cannot be used; (interrupted) if it was asked to stop
   */
  public static Made make(EnsembleJob job, EvaluationListener listener, Stop stop) {
    ModelFolder.checkTarget(job.out(), job.overwrite());
    return new EnsembleMaker(job, listener, stop).make();
  }

  private Made make() {
    job.models().forEach(this::add);
    if (folders.size() < 2 || folders.size() > EnsembleConfig.MOST) {
      throw UlmfitException.usage(
          "an ensemble is made of 2 to "
              + EnsembleConfig.MOST
              + " classifiers, not "
              + folders.size()
              + "; name each by its run or model folder");
    }
    checkDifferent();
    Members.check(folders);
    List<String> labels = folders.get(0).labels();
    List<String> names = EnsembleWriter.names(named);
    List<Part> parts = new ArrayList<>();
    Map<String, Object> data = new LinkedHashMap<>();
    for (int i = 0; i < folders.size(); i++) {
      parts.add(new Part(names.get(i), folders.get(i)));
      data.put("member " + names.get(i), String.valueOf(named.get(i).getFileName()));
    }
    Stacking.@Nullable Learned learned = learned(parts, labels);
    Map<String, Object> metrics = new LinkedHashMap<>();
    List<Double> thresholds = Members.thresholds(folders, labels);
    if (learned != null) {
      thresholds = learned.thresholds();
      data.put(EnsembleWriter.LEARNED_ON, learned.figures().rows());
      metrics.putAll(learned.figures().metrics());
    }
    if (learned == null && thresholds != null) {
      listener.note("thresholds: the mean of the members', label by label");
    }
    EnsembleConfig.Stacking weights = learned == null ? null : learned.weights();
    Evidence.Result measured = learned == null ? null : learned.figures().measured();
    new EnsembleWriter(parts, labels, weights, thresholds, data, metrics, measured)
        .write(job.out(), job.overwrite());
    return new Made(
        job.out(), names, Optional.ofNullable(learned == null ? null : learned.figures()));
  }

  private Stacking.@Nullable Learned learned(List<Part> parts, List<String> labels) {
    Stacking stacking = new Stacking(parts, labels, listener, stop);
    if (!job.answers().isEmpty()) {
      return stacking.learn(job.answers());
    }
    return job.stack() == null ? null : stacking.learn(job.stack(), job);
  }

  private void add(Path model) {
    Path ensemble = ModelFolder.ensemble(model).orElse(null);
    if (ensemble == null) {
      named.add(model);
      folders.add(ModelFolder.open(model, "classifier"));
      return;
    }
    ModelFolder folder = ModelFolder.open(ensemble, ModelFolder.ENSEMBLE);
    EnsembleConfig config = EnsembleConfig.of(folder, folder.labels().size());
    listener.note(
        Shown.format(
            "%s: an ensemble; its %d members are taken one by one%s",
            model,
            config.members().size(),
            config.stacking() == null ? "" : ", without the weights it has learned"));
    for (ModelFolder member : config.open(folder)) {
      named.add(member.path());
      folders.add(member);
    }
  }

  /** The same model twice would only count double. */
  private void checkDifferent() {
    Map<Map<String, String>, Path> seen = new LinkedHashMap<>();
    for (ModelFolder folder : folders) {
      Map<String, String> sums = new TreeMap<>();
      folder.files().stream()
          .filter(file -> !WORDS.contains(file))
          .forEach(file -> sums.put(file, folder.sha256(file)));
      Path same = seen.putIfAbsent(sums, folder.path());
      if (same != null) {
        throw UlmfitException.usage(
            Shown.escaped(folder.path() + ": the same model as " + same + "; name each once"));
      }
    }
  }
}
