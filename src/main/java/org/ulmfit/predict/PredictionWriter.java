package org.ulmfit.predict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CsvText;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.corpus.JsonText;
import org.ulmfit.corpus.TextReader;

/**
 * Writes predictions as data, one row each.
 *
 * @param csv CSV in place of JSON lines
 * @param safe whether cells of CSV that a spreadsheet would take for formulas get an apostrophe
 * @param labels of the model, in index order
 * @param topK how many of the labels, the most probable first, have their probability told; 0 = all
 *     of them in index order
 * @param minConfidence labels less probable than this are left out; where none is left, or none is
 *     answered with less confidence, the answer is {@link #UNSURE}
 * @param texts names of the texts that are written with each row, with how uncertain it is; none:
 *     they are not
 */
public record PredictionWriter(
    boolean csv,
    boolean safe,
    Labelling labelling,
    List<String> labels,
    int topK,
    double minConfidence,
    List<String> texts) {

  /** The answer where the model is not sure enough of one. */
  public static final String UNSURE = "unsure";

  /** First characters that make a spreadsheet compute a cell instead of showing it. */
  private static final String FORMULA = "=+-@\t\r";

  /** Between the labels in a cell. */
  private static final String SEPARATOR = "|";

  /** Names that other values have. */
  private static final Set<String> TAKEN =
      Set.of("id", "uncertainty", "predicted", "label", "labels", "probabilities");

  public PredictionWriter {
    texts = List.copyOf(texts);
    if (minConfidence > 0 && labels.contains(UNSURE)) {
      throw UlmfitException.usage(
          "--min-confidence: the model has a label '"
              + UNSURE
              + "', which an answer it is not sure of could not be told from; leave the option out"
              + " and go by the probabilities");
    }
    if (csv && labelling == Labelling.MULTI) {
      for (String label : labels) {
        if (label.contains(SEPARATOR)) {
          throw UlmfitException.usage(
              "--output-format csv: the label '"
                  + Shown.name(label)
                  + "' holds "
                  + SEPARATOR
                  + ", which stands between labels; take jsonl");
        }
      }
    }
  }

  /**
   * Under which names texts are written, so that rows that got a label can be trained on: those of
   * the columns that the model was trained on, if it has several.
   *
   * @param fields texts of a row
   * @param trained null: not known
   */
  public static List<String> names(int fields, @Nullable InputColumns trained) {
    List<String> own = trained != null && trained.header() ? trained.text() : List.of();
    boolean fit =
        fields > 1
            && own.stream().distinct().count() == fields
            && own.stream().noneMatch(name -> name.isBlank() || TAKEN.contains(name));
    return fit
        ? own
        : IntStream.rangeClosed(1, fields).mapToObj(i -> i == 1 ? "text" : "text " + i).toList();
  }

  /** The head of the table; none for JSON lines. */
  public List<String> head() {
    if (!csv) {
      return List.of();
    }
    List<String> cells = new ArrayList<>(List.of("id"));
    if (!texts.isEmpty()) {
      cells.add("uncertainty");
      texts.forEach(name -> cells.add(cell(name)));
    }
    cells.add(key());
    for (int i = 0; i < ranks(); i++) {
      if (topK == 0) {
        cells.add(cell("p(" + labels.get(i) + ")"));
      } else {
        cells.add("top " + (i + 1));
        cells.add("p(top " + (i + 1) + ")");
      }
    }
    return List.of(String.join(",", cells));
  }

  private int ranks() {
    return topK == 0 ? labels.size() : Math.min(topK, labels.size());
  }

  /** Rows to be labelled have a guess: training does not take it for a label. */
  private String key() {
    return !texts.isEmpty() ? "predicted" : labelling == Labelling.MULTI ? "labels" : "label";
  }

  /** One line. */
  public String line(TextReader.Text row, Prediction prediction) {
    return csv ? csv(row, prediction) : json(row, prediction);
  }

  /**
   * {@code {"id":"1","label":"pos","probabilities":{"neg":0.02,"pos":0.98}}}, with {@code
   * "labels":["a","b"]} where a text has any number.
   */
  private String json(TextReader.Text row, Prediction prediction) {
    StringBuilder json = new StringBuilder("{\"id\":");
    json.append(row.idIsJson() ? row.id() : JsonText.quote(row.id()));
    for (int i = 0; i < texts.size(); i++) {
      json.append(',').append(JsonText.quote(texts.get(i)));
      json.append(':').append(JsonText.quote(row.fields().get(i)));
    }
    if (!texts.isEmpty()) {
      json.append(",\"uncertainty\":").append(number(prediction.uncertainty()));
    }
    List<String> answer = answer(prediction);
    json.append(",\"").append(key()).append("\":");
    json.append(
        labelling == Labelling.MULTI ? JsonText.array(answer) : JsonText.quote(answer.get(0)));
    json.append(",\"probabilities\":{");
    String comma = "";
    for (Map.Entry<String, Double> entry : told(prediction)) {
      json.append(comma);
      JsonText.quote(entry.getKey(), json);
      json.append(':').append(number(entry.getValue()));
      comma = ",";
    }
    return json.append("}}").toString();
  }

  private String csv(TextReader.Text row, Prediction prediction) {
    List<String> cells = new ArrayList<>(List.of(cell(row.id())));
    if (!texts.isEmpty()) {
      cells.add(number(prediction.uncertainty()));
      row.fields().forEach(text -> cells.add(cell(text)));
    }
    cells.add(cell(String.join(SEPARATOR, answer(prediction))));
    for (Map.Entry<String, Double> entry : told(prediction)) {
      if (topK > 0) {
        cells.add(cell(entry.getKey()));
      }
      cells.add(number(entry.getValue()));
    }
    return String.join(",", cells);
  }

  private List<String> answer(Prediction prediction) {
    if (prediction.confidence() < minConfidence) {
      return List.of(UNSURE);
    }
    Map<String, Double> all = prediction.probabilities();
    return prediction.labels().stream()
        .filter(label -> Objects.requireNonNull(all.get(label)) >= minConfidence)
        .toList();
  }

  /** The probabilities that are written. */
  private List<Map.Entry<String, Double>> told(Prediction prediction) {
    Map<String, Double> all = prediction.probabilities();
    if (topK == 0) {
      return labels.stream().map(l -> Map.entry(l, Objects.requireNonNull(all.get(l)))).toList();
    }
    return all.entrySet().stream()
        .sorted(Comparator.comparingDouble(entry -> -entry.getValue()))
        .limit(topK)
        .toList();
  }

  /** The model's float32, no digit more. */
  private static String number(double probability) {
    return Float.toString((float) probability);
  }

  private String cell(String value) {
    return cell(value, safe);
  }

  static String cell(String value, boolean safe) {
    boolean formula = !value.isEmpty() && FORMULA.indexOf(value.charAt(0)) >= 0;
    return CsvText.cell(safe && formula ? "'" + value : value);
  }
}
