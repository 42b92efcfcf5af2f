package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages that training and {@code evaluate --report} write. */
@Tag("engine")
class ReportPagesTest {
  private static TinyRun.Output run;

  @TempDir Path dir;

  @BeforeAll
  static void train() {
    run = TinyRun.get();
  }

  @Test
  void everyRunHasItsPage() throws IOException {
    String classifier = Files.readString(run.classifier().resolve("report/report.html"));
    for (String part :
        List.of("<title>Classifier: ", "Label by label", "awd-lstm", "Loss", "recipe.yaml")) {
      assertTrue(classifier.contains(part), part);
    }
    String lm = Files.readString(run.lm().resolve("report/report.html"));
    assertTrue(lm.contains("<title>Language model: "), lm);
    assertTrue(lm.contains("perplexity"), lm);
    assertFalse(lm.contains("Label by label"), lm);
  }

  @Test
  void anEvaluationWritesItsPageWhereItIsAsked() throws IOException {
    Path out = dir.resolve("page");
    String[] command = {
      "evaluate", "" + run.classifier(), "" + run.test(), "--report=" + out, "--device=cpu"
    };
    Cli.Output told = Cli.run(command).ok();
    assertTrue(told.err().contains("report: " + out.resolve("report.html")), told.err());
    String page = Files.readString(out.resolve("report.html"));
    assertTrue(page.contains("Evaluation: " + run.test().toString().replace("'", "&#39;")), page);
    assertTrue(page.contains("150"), page);
    assertTrue(Cli.run(command).error(2).contains("is there; replace it with --overwrite"));
    assertEquals(0, Cli.run(Cli.and(List.of("--overwrite"), command)).code());
    String line =
        Cli.run("evaluate", "" + run.lm(), "" + run.test(), "--report=" + dir.resolve("lm"))
            .error(2);
    assertTrue(line.contains("not a classifier"), line);
    assertFalse(Files.exists(dir.resolve("lm")));
  }
}
