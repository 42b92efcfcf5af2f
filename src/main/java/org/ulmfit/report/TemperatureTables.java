package org.ulmfit.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.train.Calibration;
import org.ulmfit.train.TemperatureGain;

/** What the reports of a run say of its model's temperature. */
record TemperatureTables(TemperatureGain gain) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of a model without a temperature null. */
  static @Nullable TemperatureTables of(@Nullable TemperatureGain gain) {
    return gain == null ? null : new TemperatureTables(gain);
  }

  ObjectNode node() {
    ObjectNode node = JSON.createObjectNode().put("temperature", gain.temperature());
    node.set("validationHeldOut", node(gain.heldOut()));
    if (gain.test() != null) {
      node.set("test", node(gain.test()));
    }
    return node;
  }

  private static ObjectNode node(TemperatureGain.Change change) {
    ObjectNode node = JSON.createObjectNode();
    node.set("before", node(change.before()));
    node.set("after", node(change.after()));
    return node;
  }

  private static ObjectNode node(TemperatureGain.Measured measured) {
    return JSON.createObjectNode()
        .put("logLoss", measured.loss())
        .put("expectedCalibrationError", measured.calibration().error());
  }

  String markdown() {
    List<String> head = head();
    Table table = new Table(head.toArray(String[]::new));
    rows().forEach(row -> table.row(row.toArray(String[]::new)));
    return words() + "\n\n" + table.markdown();
  }

  String html() {
    TemperatureGain.Change shown = gain.test() == null ? gain.heldOut() : gain.test();
    Chart chart =
        new Chart(
                gain.test() == null
                    ? "Reliability of the validation rows held out"
                    : "Reliability of the test rows",
                "confidence",
                "share that is right")
            .diagonal();
    points(chart, "before", shown.before());
    points(chart, "after", shown.after());
    return Html.paragraph(words())
        + Html.table("Without and with the temperature", head(), rows())
        + chart.html();
  }

  private String words() {
    return Shown.format(
        "Logits are divided by the temperature %.3f, which the validation rows chose. Held out means"
            + " that each half of them was measured at the temperature that the other one chose.",
        gain.temperature());
  }

  private static List<String> head() {
    return List.of(
        "rows",
        "log loss before",
        "log loss after",
        "calibration error before, %",
        "calibration error after, %");
  }

  private List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("validation, held out", gain.heldOut()));
    if (gain.test() != null) {
      rows.add(row("test", gain.test()));
    }
    return rows;
  }

  private static List<String> row(String name, TemperatureGain.Change change) {
    return List.of(
        name,
        fixed(change.before().loss(), 4),
        fixed(change.after().loss(), 4),
        fixed(100 * change.before().calibration().error(), 2),
        fixed(100 * change.after().calibration().error(), 2));
  }

  private static void points(Chart chart, String name, TemperatureGain.Measured measured) {
    List<Calibration.Bin> bins = measured.calibration().bins();
    chart.marked(
        name,
        bins.stream().mapToDouble(Calibration.Bin::confidence).toArray(),
        bins.stream().mapToDouble(Calibration.Bin::right).toArray());
  }

  private static String fixed(double value, int digits) {
    return Shown.format("%." + digits + "f", value);
  }
}
