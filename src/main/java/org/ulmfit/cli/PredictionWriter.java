package org.ulmfit.cli;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ulmfit.corpus.CsvText;
import org.ulmfit.corpus.JsonText;
import org.ulmfit.corpus.TextReader;
import org.ulmfit.predict.Prediction;

/** Writes predictions as data, one row each. */
interface PredictionWriter {
  /** First characters that make a spreadsheet compute a cell instead of showing it. */
  String FORMULA = "=+-@\t\r";

  void write(TextReader.Text row, Prediction prediction);

  /**
   * Writes the head of the table, where there is one.
   *
   * @param safe whether cells of CSV that a spreadsheet would take for formulas get an apostrophe
   */
  static PredictionWriter of(
      PredictCommand.Output format, boolean safe, List<String> labels, Console console) {
    if (format == PredictCommand.Output.JSONL) {
      return (row, prediction) -> console.data(json(row, prediction));
    }
    StringBuilder head = new StringBuilder("id,label");
    labels.forEach(label -> head.append(',').append(cell("p(" + label + ")", safe)));
    console.data(head.toString());
    return (row, prediction) -> console.data(csv(row.id(), prediction, labels, safe));
  }

  /** {@code {"id":"1","label":"pos","probabilities":{"neg":0.02,"pos":0.98}}}. */
  static String json(TextReader.Text row, Prediction prediction) {
    StringBuilder json = new StringBuilder("{\"id\":");
    json.append(row.idIsJson() ? row.id() : JsonText.quote(row.id()));
    json.append(",\"label\":");
    JsonText.quote(prediction.label(), json);
    json.append(",\"probabilities\":{");
    String comma = "";
    for (Map.Entry<String, Double> entry : prediction.probabilities().entrySet()) {
      json.append(comma);
      JsonText.quote(entry.getKey(), json);
      json.append(':').append(number(entry.getValue()));
      comma = ",";
    }
    return json.append("}}").toString();
  }

  private static String csv(String id, Prediction prediction, List<String> labels, boolean safe) {
    StringBuilder row = new StringBuilder(cell(id, safe));
    row.append(',').append(cell(prediction.label(), safe));
    labels.forEach(
        label ->
            row.append(',')
                .append(number(Objects.requireNonNull(prediction.probabilities().get(label)))));
    return row.toString();
  }

  /** The model's float32, no digit more. */
  private static String number(double probability) {
    return Float.toString((float) probability);
  }

  static String cell(String value, boolean safe) {
    boolean formula = !value.isEmpty() && FORMULA.indexOf(value.charAt(0)) >= 0;
    return CsvText.cell(safe && formula ? "'" + value : value);
  }
}
