package org.ulmfit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.PartQuotes;
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

  boolean isStandardInput() {
    return file.toString().equals("-");
  }

  /** How the texts are read, in words that are the same for the same options. */
  String reading() {
    return input.options().toString();
  }

  /** The files of rows, in order, where the operand is a folder of them; else none. */
  List<Path> parts() {
    return Parts.of(file);
  }

  /** Opens both and says what was found. */
  Asked open(Console console) {
    engine.apply();
    List<Path> parts = parts();
    PartQuotes quotes = PartQuotes.of(parts, input.options());
    TextClassifier classifier = TextClassifier.load(model, engine.device(), precision.name());
    try {
      TextReader texts =
          parts.isEmpty()
              ? input.open(file, console, classifier.inputColumns())
              : input.openPart(Parts.telling(parts), quotes, classifier.inputColumns());
      classifier.remarks().forEach(console::say);
      console.say(texts.found() + (parts.size() > 1 ? "; one of " + parts.size() : ""));
      return new Asked(classifier, input, parts, quotes, texts);
    } catch (RuntimeException | Error e) {
      classifier.close();
      throw e;
    }
  }

  /**
   * Both, open.
   *
   * @param parts the files of rows; none: the texts are all there is
   * @param quotes of these
   * @param texts of the one input, or of the part that the others are read like
   */
  record Asked(
      TextClassifier classifier,
      InputMixin input,
      List<Path> parts,
      PartQuotes quotes,
      TextReader texts)
      implements AutoCloseable {

    /**
     * A file of rows.
     *
     * @throws UlmfitException (bad data) if its texts stand in other columns
     */
    TextReader open(Path part) {
      TextReader rows = input.openPart(part, quotes, classifier.inputColumns());
      if (!rows.isEmpty() && !rows.columns().equals(texts.columns())) {
        String own = rows.columns();
        rows.close();
        throw UlmfitException.badData(
            Shown.format(
                "%s: its texts stand in %s, those of the first part in %s; write all parts alike",
                part, own, texts.columns()));
      }
      return rows;
    }

    /** Hands on the texts in order, as many at once as are there without waiting. */
    void forEachBatch(IOConsumer<List<Text>> use) {
      if (parts.isEmpty()) {
        forEachBatch(texts, use);
      }
      for (Path part : parts) {
        try (TextReader rows = open(part)) {
          forEachBatch(rows, use);
        }
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
        texts.close();
      }
    }
  }
}
