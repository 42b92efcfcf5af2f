package org.ulmfit.predict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;

/**
 * What models of one kind say of rows that they were not trained on, fold by fold, one line each:
 *
 * <pre>
 * {"id":"train-7","labels":["pos"],"answer":["pos"],"logits":{"neg":-1.31,"pos":1.27}}
 * </pre>
 */
public record HeldOutAnswers(List<Row> rows) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public HeldOutAnswers {
    rows = List.copyOf(rows);
  }

  /**
   * One row.
   *
   * @param labels it has
   * @param answer of the model
   * @param logits of each label
   */
  public record Row(
      String id, List<String> labels, List<String> answer, Map<String, Float> logits) {

    /** A row and what a classifier says of it. */
    public static Row of(String id, List<String> labels, List<String> names, Prediction says) {
      Map<String, Float> logits = new LinkedHashMap<>();
      for (int label = 0; label < names.size(); label++) {
        logits.put(names.get(label), says.logits()[label]);
      }
      return new Row(id, labels, says.labels(), logits);
    }
  }

  /** Writes a file. */
  public void write(Path file) {
    AtomicFiles.write(
        file,
        stream -> {
          Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
          for (Row row : rows) {
            write(out, row);
          }
          out.flush();
        });
  }

  /** Writes the line of a row. */
  public static void write(Writer out, Row row) throws IOException {
    out.write(JSON.writeValueAsString(row));
    out.write('\n');
  }

  /**
   * Reads a file.
   *
   * @throws UlmfitException (bad data) naming the line that is none of these
   */
  public static HeldOutAnswers read(Path file) {
    List<Row> rows = new ArrayList<>();
    forEach(file, rows::add);
    return new HeldOutAnswers(rows);
  }

  /**
   * Reads a file row by row.
   *
   * @throws UlmfitException as {@link #read}
   */
  public static void forEach(Path file, Consumer<Row> sink) {
    int number = 0;
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        sink.accept(row(file, ++number, line));
      }
    } catch (IOException e) {
      throw UlmfitException.cannotRead(file, e);
    }
  }

  private static Row row(Path file, int number, String line) {
    try {
      JsonNode tree = JSON.readTree(line);
      Row row = tree.has("logits") ? JSON.treeToValue(tree, Row.class) : null;
      if (row != null
          && row.id != null
          && row.labels != null
          && row.answer != null
          && row.logits.values().stream().allMatch(z -> z != null && Float.isFinite(z))) {
        return row;
      }
    } catch (JsonProcessingException e) {
      // refused below
    }
    throw UlmfitException.badData(
        Shown.format(
            "%s, line %d: no answer to a row held out, as compare --folds writes them: %s",
            file, number, Shown.escaped(line.substring(0, Math.min(60, line.length())))));
  }

  /**
   * Logits (rows, classes) in the order of these labels.
   *
   * @param file names them in messages
   * @throws UlmfitException (bad data) if they are of other labels
   */
  float[][] logits(List<String> names, Path file) {
    float[][] logits = new float[rows.size()][names.size()];
    for (int r = 0; r < logits.length; r++) {
      Map<String, Float> own = rows.get(r).logits;
      for (int c = 0; c < names.size(); c++) {
        Float logit = own.get(names.get(c));
        if (logit == null || own.size() != names.size()) {
          throw UlmfitException.badData(
              Shown.format("%s, line %d: its labels are not those of the models", file, r + 1));
        }
        logits[r][c] = logit;
      }
    }
    return logits;
  }
}
