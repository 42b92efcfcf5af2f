package org.ulmfit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.ulmfit.corpus.TextReader;
import org.ulmfit.corpus.TextReader.Text;
import org.ulmfit.io.IOConsumer;
import org.ulmfit.predict.TextClassifier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A saved classifier and the texts put to it: the same operands in every command that asks one. */
final class TextsMixin {
  private static final int BATCH = 256;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "Run of classify, or the folder of a classifier or an ensemble.")
  private Path model;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = "-",
      description = "The texts, also .gz; - for standard input (default).")
  private Path file;

  @Mixin private InputMixin input;
  @Mixin private EngineMixin engine;
  @Mixin private PrecisionMixin precision;

  /** Opens both and says what was found. */
  Asked open(Console console) {
    engine.apply();
    TextClassifier classifier = TextClassifier.load(model, engine.device(), precision.name());
    try {
      TextReader texts = input.open(file, console, classifier.inputColumns());
      classifier.remarks().forEach(console::say);
      console.say(texts.found());
      return new Asked(classifier, texts);
    } catch (RuntimeException | Error e) {
      classifier.close();
      throw e;
    }
  }

  /** Both, open. */
  record Asked(TextClassifier classifier, TextReader texts) implements AutoCloseable {
    /** Hands on the texts in order, as many at once as are there without waiting. */
    void forEachBatch(IOConsumer<List<Text>> use) {
      try {
        for (List<Text> rows = texts.batch(BATCH); !rows.isEmpty(); rows = texts.batch(BATCH)) {
          use.accept(rows);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static List<List<String>> fields(List<Text> rows) {
      return rows.stream().map(Text::fields).toList();
    }

    @Override
    public void close() {
      try (classifier) {
        texts.close();
      }
    }
  }
}
