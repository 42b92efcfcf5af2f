package org.ulmfit.predict;

import java.util.List;
import org.ulmfit.corpus.JsonText;
import org.ulmfit.corpus.TextReader.Text;
import org.ulmfit.predict.Explanation.Word;

/** Explanations as programs read them. */
public final class ExplanationJson {
  private ExplanationJson() {}

  /** One line: {@code {"id":"1","explanations":[{"label":"pos","probability":0.98,...}]}}. */
  public static String line(Text row, List<Explanation> explanations) {
    StringBuilder json = new StringBuilder("{\"id\":");
    json.append(row.idIsJson() ? row.id() : JsonText.quote(row.id()));
    json.append(",\"explanations\":[");
    String comma = "";
    for (Explanation explanation : explanations) {
      json.append(comma);
      json(json, explanation, row.fields().size() > 1);
      comma = ",";
    }
    return json.append("]}").toString();
  }

  private static void json(StringBuilder json, Explanation explanation, boolean fields) {
    json.append("{\"label\":").append(JsonText.quote(explanation.label()));
    number(json, "probability", explanation.probability());
    number(json, "log_odds", explanation.logOdds());
    number(json, "baseline", explanation.baseline());
    json.append(",\"words\":[");
    String comma = "";
    for (Word word : explanation.words()) {
      json.append(comma).append("{\"text\":").append(JsonText.quote(word.text()));
      if (fields) {
        json.append(",\"field\":").append(word.field());
      }
      json.append(",\"start\":").append(word.start()).append(",\"end\":").append(word.end());
      number(json, "weight", word.weight());
      json.append('}');
      comma = ",";
    }
    json.append(']');
    number(json, "rest", explanation.rest());
    number(json, "gap", explanation.gap());
    json.append(",\"method\":").append(JsonText.quote(explanation.method())).append('}');
  }

  private static void number(StringBuilder json, String key, double value) {
    json.append(",\"").append(key).append("\":").append((float) value);
  }
}
