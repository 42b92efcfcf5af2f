package org.ulmfit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.corpus.Parts;
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
      description =
          "The texts, also .gz, or a folder of files part-*; - for standard input (default).")
  private Path file;

  @Mixin private InputMixin input;
  @Mixin private EngineMixin engine;
  @Mixin private PrecisionMixin precision;

  Path model() {
    return model;
  }

  Path file() {
    return file;
  }

  /** The files of rows, in order, where the operand is a folder of them; else none. */
  List<Path> parts() {
    return Parts.of(file);
  }

  /** Opens both and says what was found. */
  Asked open(Console console) {
    engine.apply();
    List<Path> parts = parts();
    TextClassifier classifier = TextClassifier.load(model, engine.device(), precision.name());
    try {
      Asked asked = new Asked(classifier, input, parts);
      TextReader texts =
          parts.isEmpty()
              ? input.open(file, console, classifier.inputColumns())
              : asked.open(parts.get(0));
      classifier.remarks().forEach(console::say);
      console.say(texts.found() + (parts.size() > 1 ? "; the first of " + parts.size() : ""));
      asked.begin(texts);
      return asked;
    } catch (RuntimeException | Error e) {
      classifier.close();
      throw e;
    }
  }

  /** Both, open; of several files one after the other. */
  static final class Asked implements AutoCloseable {
    private final TextClassifier classifier;
    private final InputMixin input;
    private final Iterator<Path> next;
    private @Nullable TextReader texts;

    private Asked(TextClassifier classifier, InputMixin input, List<Path> parts) {
      this.classifier = classifier;
      this.input = input;
      this.next = parts.stream().skip(1).iterator();
    }

    private void begin(TextReader first) {
      texts = first;
    }

    TextClassifier classifier() {
      return classifier;
    }

    /** The first of them. */
    TextReader texts() {
      return Objects.requireNonNull(texts); // begun, or nobody has it
    }

    /** A file of rows. */
    TextReader open(Path part) {
      return input.openPart(part, classifier.inputColumns());
    }

    /** Hands on the texts in order, as many at once as are there without waiting. */
    void forEachBatch(IOConsumer<List<Text>> use) {
      forEachBatch(texts(), use);
      while (next.hasNext()) {
        texts().close();
        texts = open(next.next());
        forEachBatch(texts(), use);
      }
    }

    static void forEachBatch(TextReader texts, IOConsumer<List<Text>> use) {
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
        texts().close();
      }
    }
  }
}
