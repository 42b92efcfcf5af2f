package org.ulmfit.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.cli.TextsMixin.Asked;
import org.ulmfit.corpus.JsonText;
import org.ulmfit.corpus.TextReader.Text;
import org.ulmfit.io.NpyFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit embed}: the vectors a classifier makes of texts. */
@Command(
    name = "embed",
    header = "The vector that a classifier makes of each text, for a search or a plot.",
    description = {
      "",
      "Of ULMFiT the last, greatest and mean state of its encoder, one behind the other; of other"
          + " networks what they pool; of the family embedding the sentence encoder's. Reads what"
          + " 'predict' reads; one row out for each row in. An ensemble has no vectors; the models"
          + " that it was made of have.",
      ""
    })
final class EmbedCommand implements Callable<Integer> {
  private static final String NPY = ".npy";

  @ParentCommand private Main main;

  @Option(
      names = "--out",
      paramLabel = "FILE.npy",
      description =
          "Write a matrix as NumPy reads it, float32 (rows, width), in place of JSON lines on"
              + " standard output.")
  private @Nullable Path out;

  @Mixin private TextsMixin texts;

  @Override
  public Integer call() {
    checkOut();
    Console console = main.console();
    try (Asked asked = texts.open(console)) {
      if (out == null) {
        asked.forEachBatch(rows -> print(rows, vectors(asked, rows)));
      } else {
        NpyFile.write(out, matrix -> asked.forEachBatch(rows -> matrix.put(vectors(asked, rows))));
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

  private static float[][] vectors(Asked asked, List<Text> rows) {
    return asked.classifier().embedFields(Asked.fields(rows));
  }

  private void print(List<Text> rows, float[][] vectors) {
    for (int i = 0; i < vectors.length; i++) {
      Text text = rows.get(i);
      StringBuilder json = new StringBuilder("{\"id\":");
      json.append(text.idIsJson() ? text.id() : JsonText.quote(text.id())).append(",\"vector\":");
      String before = "[";
      for (float element : vectors[i]) {
        json.append(before).append(element);
        before = ",";
      }
      main.console().data(json.append("]}").toString());
    }
    main.console().flush();
  }
}
