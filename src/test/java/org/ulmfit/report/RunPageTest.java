package org.ulmfit.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.run.Invocation;
import org.ulmfit.run.RunLog;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.TrainingListener;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class RunPageTest {
  private static final String HOSTILE =
      "<script>alert('1')</script>\"><img src=x onerror=alert(2)>&";

  /** What a terminal or the order of letters would obey. */
  private static final String UNSEEN = "\u001b[2J\u202e\u2066\u0000\u200f\u00ad\ufeff";

  @TempDir Path run;

  private String page(String... labels) throws IOException {
    try (RunLog log = new RunLog(run.resolve("log.jsonl"), -1, new TrainingListener() {})) {
      log.note("a note of " + HOSTILE + UNSEEN);
      log.advice("an advice of " + HOSTILE + UNSEEN);
      log.command(
          new Invocation("ulmfit classify '" + HOSTILE + UNSEEN + "'", "by '" + HOSTILE + UNSEEN));
      log.phase(
          new TrainingListener.PhaseStart(
              "classifier", 0, 1, -2, 0, 2, 20, "loss", "accuracy", List.of()));
      for (int i = 0; i < 20; i++) {
        double loss = 2 - i / 20.0;
        log.step(
            new TrainingListener.Step(0, i / 10, i, 20, i + 1, loss, loss, 0.01, 0.7, 1, 300, 0.1));
        if (i % 10 == 9) {
          Evaluation valid = new Evaluation(1.5, 0.5, 0.4, 90);
          log.epoch(new TrainingListener.Epoch(0, i / 10, 1.5, valid, 4.5, 3_000, 5, 1));
        }
      }
    }
    Files.createDirectories(run.resolve("classifier"));
    Files.writeString(
        run.resolve("classifier/provenance.json"),
        "{\"djl\":\"1\",\"data\":{\"corpus\":\"</title><script>x\",\"input\":[\"a\",\"b\"]}}");
    Files.writeString(run.resolve("recipe.yaml"), "seed: 42 # </pre><script>y</script>\n");
    TestScores test = new TestScores("test", List.of(labels));
    for (int i = 0; i < 10; i++) {
      test.add(0, 0.9f, 0.1f).of(4).add(1, 0.6f, 0.4f).of(8);
      test.add(1, 0.2f, 0.8f).of(15).add(0, 0.7f, 0.3f).of(16);
    }
    RunReport.write(run, "Classifier", new Answers(test.scores(), null, List.of()));
    return Files.readString(run.resolve("report/report.html"));
  }

  @Test
  void whatComesFromDataIsTextAndNothingElse() throws IOException {
    String page = page(HOSTILE, UNSEEN + "b");
    assertFalse(page.contains("<script"), page);
    assertFalse(page.contains("<img"), page);
    assertFalse(page.codePoints().anyMatch(c -> UNSEEN.indexOf(c) > 0 && c > 127 || c < 10), page);
    assertFalse(page.contains("\u001b"), page);
    for (String part :
        List.of("a note of ", "an advice of ", "ulmfit classify &#39;", "by &#39;")) {
      assertTrue(page.contains(part + "&lt;script&gt;"), part);
    }
    assertTrue(page.contains("\\u202e\\u2066\\u0000"), page);
    assertTrue(page.contains("&lt;script&gt;"), page);
    assertTrue(page.contains("default-src 'none'"), page);
    assertFalse(Pattern.compile("https?://|url\\(|@import").matcher(page).find(), page);
  }

  /** The page is XML but for its first line and void tags, so that an unclosed tag is found. */
  private static Document parsed(String page) throws Exception {
    String xml = page.substring(page.indexOf("<html")).replaceAll("<meta ([^>]*)>", "<meta $1/>");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }

  @Test
  void everyTagIsClosedAndEveryPartIsThere() throws Exception {
    String page = page("neg", "pos");
    Document document = parsed(page);
    List<String> headings =
        List.of(
            "What to try next",
            "What was trained on what",
            "Label by label",
            "What is taken for what",
            "Short and long texts",
            "Ranking",
            "Are probabilities what they say?",
            "The surest errors",
            "Training",
            "Rates and layer groups",
            "What was slow",
            "Notes of the run",
            "Make it again");
    var found = document.getElementsByTagName("h2");
    assertEquals(headings.size(), found.getLength());
    for (int i = 0; i < headings.size(); i++) {
      assertEquals(headings.get(i), found.item(i).getTextContent());
    }
    assertEquals(9, document.getElementsByTagName("figure").getLength());
    assertTrue(page.contains("<dd>75.0%<small>59.8-85.8%</small></dd>"), page);
    assertTrue(page.contains("the last 2"), page);
    assertTrue(page.contains("<li>4-8 tokens: 50.0%<span class=\"track\""), page);
    assertTrue(
        page.contains("style=\"width:50.0%\"></span><span class=\"range\" style=\"left:29.9%"));
    assertTrue(page.contains("<td>100.0</td><td>83.9-100.0</td>"), page);
  }

  @Test
  void chartsHoldWhatIsNotFinite() {
    String chart =
        new Chart("T", "x", "y")
            .line("a", new double[] {1, 2, 3, 4}, new double[] {1, Double.NaN, 2, 3})
            .line("b", new double[] {1, 4}, new double[] {2, 2})
            .html();
    assertFalse(chart.contains("NaN"), chart);
    assertTrue(chart.contains("class=\"legend\""), chart);
    double[] nearly = {0.001, 0.0010000000000000002, 0.001};
    assertTrue(
        new Chart("T", "x", "y").line("a", new double[] {1, 2, 3}, nearly).html().length()
            < 10_000);
    String flat = new Chart("T", "x", "y").line("a", new double[] {1}, new double[] {0}).html();
    assertFalse(flat.contains("NaN") || flat.contains("Infinity"), flat);
  }

  @Test
  void numbersAreShort() {
    assertEquals("0.001", Chart.number(0.001));
    assertEquals("2.51e-07", Chart.number(2.511886e-7));
    assertEquals("12,345", Chart.number(12345));
    assertEquals("0.5", Chart.number(0.5));
    assertEquals("-", Chart.number(Double.NaN));
    assertEquals("123.5", Chart.number(123.4567));
  }
}
