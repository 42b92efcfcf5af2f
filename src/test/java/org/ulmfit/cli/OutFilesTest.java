package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutFilesTest {
  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({
    "check-data CORPUS, --out",
    "lr-find CORPUS, --out",
    "evaluate MODEL CORPUS, --report"
  })
  void overwriteReplacesNothingWithoutAFolder(String command, String option) {
    Path corpus = dir.resolve("texts.csv");
    String[] words = (command + " --overwrite").replace("CORPUS", "" + corpus).split(" ", -1);
    String line = Cli.run(words).error(2);
    assertTrue(
        line.contains("--overwrite: no file is written without " + option + " DIR; add it"), line);
  }

  @Test
  void aFileThatIsThereIsReplacedOnRequestOnly() throws Exception {
    Files.writeString(dir.resolve("data.json"), "mine");
    Path corpus = Files.writeString(dir.resolve("c.csv"), "text,label\none,a\ntwo,b\n");
    String line = Cli.run("check-data", "" + corpus, "--out=" + dir).error(2);
    assertTrue(line.contains("replace it with --overwrite, or give another --out"), line);
    assertEquals(List.of("mine"), Files.readAllLines(dir.resolve("data.json")));
  }
}
