package org.ulmfit.djl;

import ai.djl.Model;
import ai.djl.modality.Classifications;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.modality.nlp.translator.TextClassificationServingTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorFactory;
import ai.djl.util.Pair;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ulmfit.UlmfitException;

/**
 * What makes DJL read texts as a classifier was trained to, for a folder that {@code export
 * --format djl} wrote:
 *
 * <pre>{@code
 * Criteria<String, Classifications> criteria =
 *     Criteria.builder()
 *         .setTypes(String.class, Classifications.class)
 *         .optModelPath(Path.of("exported"))
 *         .optEngine("PyTorch")
 *         .optTranslatorFactory(new TextTranslatorFactory())
 *         .build();
 * }</pre>
 *
 * A {@code String} goes in, or a {@code String[]} of a row's columns; {@code Classifications} come
 * out, of several labels each with a probability of its own. {@code Input} and {@code Output} are
 * what DJL Serving hands over; for these {@code serving.properties} of the folder names the
 * factory.
 */
public final class TextTranslatorFactory implements TranslatorFactory {
  private static final Set<Pair<Type, Type>> TYPES =
      Set.of(
          new Pair<>(String.class, Classifications.class),
          new Pair<>(String[].class, Classifications.class),
          new Pair<>(Input.class, Output.class));

  @Override
  public Set<Pair<Type, Type>> getSupportedTypes() {
    return TYPES;
  }

  /**
   * A translator for a model's predictors, which frees what it holds when the model is closed.
   *
   * @throws TranslateException if the model's folder is damaged, incomplete or none of ours
   */
  @Override
  @SuppressWarnings("unchecked")
  public <I, O> Translator<I, O> newInstance(
      Class<I> input, Class<O> output, Model model, Map<String, ?> arguments)
      throws TranslateException {
    if (!isSupported(input, output)) {
      throw new IllegalArgumentException(
          "from " + input + " to " + output + ": expected one of " + TYPES);
    }
    try {
      TextReading reading = TextReading.open(model.getModelPath());
      if (reading.fields() > 1 && input != String[].class) {
        reading.close();
        throw new TranslateException(
            "the model reads " + reading.fields() + " texts a row; take String[] as input");
      }
      model.getNDManager().attachUncappedInternal("ulmfit-text", reading);
      if (input == String[].class) {
        return (Translator<I, O>) new TextTranslator<String[]>(reading, List::of);
      }
      TextTranslator<String> plain = new TextTranslator<>(reading, List::of);
      return (Translator<I, O>)
          (input == Input.class ? new TextClassificationServingTranslator(plain) : plain);
    } catch (UlmfitException e) {
      throw new TranslateException(e.getMessage(), e);
    }
  }
}
