package org.ulmfit.djl;

import ai.djl.Application;
import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.modality.Classifications;
import ai.djl.repository.MRL;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelLoader;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.util.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.predict.Prediction;
import org.ulmfit.predict.TextClassifier;

/** Opens a classifier's folder for DJL. */
final class UlmfitModelLoader implements ModelLoader {
  private final String group;
  private final Path dirOrRun;

  UlmfitModelLoader(String group, Path dirOrRun) {
    this.group = group;
    this.dirOrRun = dirOrRun;
  }

  @Override
  public String getGroupId() {
    return group;
  }

  @Override
  public String getArtifactId() {
    Path name = dirOrRun.getFileName();
    return name == null ? "classifier" : name.toString();
  }

  @Override
  public Application getApplication() {
    return Application.NLP.TEXT_CLASSIFICATION;
  }

  @Override
  public MRL getMrl() {
    throw new UnsupportedOperationException("this model is a folder, of no repository");
  }

  @Override
  public <I, O> ZooModel<I, O> loadModel(Criteria<I, O> criteria)
      throws ModelNotFoundException, MalformedModelException {
    Function<I, List<String>> fields = fields(criteria.getInputClass());
    Function<Prediction, O> answer = answer(criteria.getOutputClass());
    TextClassifier classifier;
    try {
      classifier = TextClassifier.load(dirOrRun, device(criteria.getDevice()), null);
    } catch (UlmfitException e) {
      if (e.kind() == UlmfitException.Kind.USAGE) {
        throw new ModelNotFoundException(e.getMessage(), e);
      }
      throw new MalformedModelException(e.getMessage(), e);
    }
    UlmfitModel model = new UlmfitModel(getArtifactId(), dirOrRun, classifier);
    return new ZooModel<>(model, new UlmfitTranslator<>(fields, answer));
  }

  private static String device(@Nullable Device device) {
    return device == null ? "auto" : device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
  }

  private static <I> Function<I, List<String>> fields(Class<I> type) throws ModelNotFoundException {
    if (type == String.class) {
      return text -> List.of((String) text);
    }
    if (type == String[].class) {
      return row -> List.of((String[]) row);
    }
    throw new ModelNotFoundException(
        "input " + type.getName() + ": expected String, or String[] of a row's columns");
  }

  private static <O> Function<Prediction, O> answer(Class<O> type) throws ModelNotFoundException {
    if (type == Prediction.class) {
      return type::cast;
    }
    if (type == Classifications.class) {
      return prediction ->
          type.cast(
              new Classifications(
                  List.copyOf(prediction.probabilities().keySet()),
                  List.copyOf(prediction.probabilities().values())));
    }
    throw new ModelNotFoundException(
        "output "
            + type.getName()
            + ": expected Classifications, or org.ulmfit.predict.Prediction");
  }

  @Override
  public <I, O> boolean isDownloaded(Criteria<I, O> criteria) {
    return true;
  }

  @Override
  public <I, O> void downloadModel(Criteria<I, O> criteria, Progress progress) {
    // it is there
  }
}
