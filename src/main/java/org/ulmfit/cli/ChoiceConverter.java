package org.ulmfit.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ulmfit.Suggestion;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.interop.ExportJob;
import org.ulmfit.subword.TokenizerTraining;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a value of a closed choice by its lower-case name. */
abstract class ChoiceConverter<E extends Enum<E>> implements ITypeConverter<E> {
  private final E[] values;

  private ChoiceConverter(E[] values) {
    this.values = values;
  }

  @Override
  public E convert(String given) {
    for (E value : values) {
      if (name(value).equals(given)) {
        return value;
      }
    }
    List<String> names = Arrays.stream(values).map(ChoiceConverter::name).toList();
    throw new TypeConversionException(
        "'"
            + given
            + "' is not one of "
            + String.join(", ", names)
            + Suggestion.hint(given, names));
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static final class Format extends ChoiceConverter<CorpusOptions.Format> {
    Format() {
      super(CorpusOptions.Format.values());
    }
  }

  static final class OnBadRow extends ChoiceConverter<CorpusOptions.OnBadRow> {
    OnBadRow() {
      super(CorpusOptions.OnBadRow.values());
    }
  }

  static final class Family extends ChoiceConverter<Recipe.Family> {
    Family() {
      super(Recipe.Family.values());
    }
  }

  static final class NgramsOf extends ChoiceConverter<ClassifyCommand.NgramsOf> {
    NgramsOf() {
      super(ClassifyCommand.NgramsOf.values());
    }
  }

  static final class Task extends ChoiceConverter<CorpusMixin.Task> {
    Task() {
      super(CorpusMixin.Task.values());
    }
  }

  static final class Arithmetic extends ChoiceConverter<Recipe.Precision> {
    Arithmetic() {
      super(Recipe.Precision.values());
    }
  }

  static final class PredictOutput extends ChoiceConverter<PredictCommand.Output> {
    PredictOutput() {
      super(PredictCommand.Output.values());
    }
  }

  static final class ExplainFormat extends ChoiceConverter<ExplainCommand.Format> {
    ExplainFormat() {
      super(ExplainCommand.Format.values());
    }
  }

  static final class ExportFormat extends ChoiceConverter<ExportJob.Format> {
    ExportFormat() {
      super(ExportJob.Format.values());
    }
  }

  static final class TokenizerType extends ChoiceConverter<TokenizerTraining.Type> {
    TokenizerType() {
      super(TokenizerTraining.Type.values());
    }
  }
}
