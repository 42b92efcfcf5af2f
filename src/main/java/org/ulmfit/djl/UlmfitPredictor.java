package org.ulmfit.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import java.util.List;
import org.ulmfit.UlmfitException;
import org.ulmfit.predict.TextClassifier;

/** Hands texts to a classifier, all of a batch at once. */
final class UlmfitPredictor<I, O> extends Predictor<I, O> {
  private final UlmfitTranslator<I, O> types;
  private final TextClassifier classifier;

  UlmfitPredictor(Model model, UlmfitTranslator<I, O> types, TextClassifier classifier) {
    super(model, types, Device.cpu(), false);
    this.types = types;
    this.classifier = classifier;
  }

  @Override
  public O predict(I input) throws TranslateException {
    return batchPredict(List.of(input)).get(0);
  }

  @Override
  public List<O> batchPredict(List<I> inputs) throws TranslateException {
    try {
      return classifier.predictFields(inputs.stream().map(types.fields()).toList()).stream()
          .map(types.answer())
          .toList();
    } catch (UlmfitException e) {
      throw new TranslateException(e.getMessage(), e);
    }
  }
}
