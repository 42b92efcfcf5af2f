package org.ulmfit.djl;

import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import java.util.List;
import java.util.function.Function;
import org.ulmfit.predict.Prediction;

/**
 * What goes in and comes out of a {@link UlmfitPredictor}, which asks it for both; arrays, as other
 * predictors do, it does not make.
 *
 * @param fields of what is handed over
 * @param answer made of what the classifier says
 */
record UlmfitTranslator<I, O>(Function<I, List<String>> fields, Function<Prediction, O> answer)
    implements NoBatchifyTranslator<I, O> {

  @Override
  public NDList processInput(TranslatorContext context, I input) {
    throw own();
  }

  @Override
  public O processOutput(TranslatorContext context, NDList list) {
    throw own();
  }

  private static UnsupportedOperationException own() {
    return new UnsupportedOperationException(
        "ulmfit's predictor reads texts itself; take its model's newPredictor()");
  }
}
