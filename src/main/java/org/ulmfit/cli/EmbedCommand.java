package org.ulmfit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.JsonText;
import org.ulmfit.corpus.TextReader;
import org.ulmfit.corpus.TextReader.Text;
import org.ulmfit.io.IOConsumer;
import org.ulmfit.io.NpyFile;
import org.ulmfit.predict.TextClassifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit embed}: the vectors a classifier makes of texts. */
@Command(
    name = "embed",
    header = "The vector that a classifier makes of each text, for a search or a plot.",
    description = {
      "",
      "Of ULMFiT the last, greatest and mean state of its encoder, one behind the other; of other"
          + " networks what they pool; of the family embedding the sentence encoder's. Reads what"
          + " 'predict' reads; one row out for each row in.",
      ""
    })
final class EmbedCommand implements Callable<Integer> {
  private static final int BATCH = 256;
  private static final String NPY = ".npy";

  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "Run of classify, or the folder of a classifier.")
  private Path model;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = "-",
      description = "The texts, also .gz; - for standard input (default).")
  private Path file;

  @Option(
      names = "--out",
      paramLabel = "FILE.npy",
      description =
          "Write a matrix as NumPy reads it, float32 (rows, width), in place of JSON lines on"
              + " standard output.")
  private @Nullable Path out;

  @Mixin private InputMixin input;
  @Mixin private EngineMixin engine;
  @Mixin private PrecisionMixin precision;

  @Override
  public Integer call() {
    engine.apply();
    checkOut();
    Console console = main.console();
    try (TextClassifier classifier = TextClassifier.load(model, engine.device(), precision.name());
        TextReader texts = input.open(file, console, classifier.inputColumns())) {
      classifier.remarks().forEach(console::say);
      console.say(texts.found());
      if (out == null) {
        embed(classifier, texts, this::print);
      } else {
        NpyFile.write(out, matrix -> embed(classifier, texts, vectors -> matrix.put(vectors.rows)));
        console.say("vectors: " + out);
      }
    }
    return 0;
  }

  private void checkOut() {
    if (out == null) {
      return;
    }
    if (!out.toString().toLowerCase(Locale.ROOT).endsWith(NPY)) {
      throw UlmfitException.usage("--out " + out + ": the matrix is NumPy's; name it *" + NPY);
    }
    if (Files.exists(out)) {
      throw UlmfitException.usage("--out " + out + ": is there; give another name");
    }
  }

  /** Rows with their vectors. */
  private record Vectors(List<Text> texts, float[][] rows) {}

  private static void embed(TextClassifier classifier, TextReader texts, IOConsumer<Vectors> told) {
    try {
      for (List<Text> batch = texts.batch(BATCH); !batch.isEmpty(); batch = texts.batch(BATCH)) {
        List<List<String>> fields = batch.stream().map(Text::fields).toList();
        told.accept(new Vectors(batch, classifier.embedFields(fields)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void print(Vectors vectors) {
    for (int i = 0; i < vectors.rows.length; i++) {
      Text text = vectors.texts.get(i);
      StringBuilder json = new StringBuilder("{\"id\":");
      json.append(text.idIsJson() ? text.id() : JsonText.quote(text.id())).append(",\"vector\":");
      String before = "[";
      for (float element : vectors.rows[i]) {
        json.append(before).append(element);
        before = ",";
      }
      main.console().data(json.append("]}").toString());
    }
    main.console().flush();
  }
}
