package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Example;
import org.ulmfit.Version;
import org.ulmfit.corpus.CsvText;

/** What README says is so. */
class ReadmeTest {
  private static final String README = read(Path.of("README.md"));

  @TempDir Path dir;

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> blocks(String language) {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(README)
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  @Test
  @Tag("engine")
  void theExampleThatPredictsRuns() throws Exception {
    String example = blocks("java").get(0);
    assertEquals(5, example.lines().filter(l -> !l.isBlank()).count(), "five lines");
    String out =
        Example.run(
            dir, example.replace("\"classifier-run\"", Example.quoted(TinyRun.get().classifier())));
    assertTrue(out.strip().matches("neg|pos"), out);
  }

  /** On the sample's reviews and a tiny language model, in folders of its own. */
  @Test
  @Tag("engine")
  void theExamplesThatTrainRun() throws Exception {
    StringBuilder csv = new StringBuilder("text,label\n");
    for (String line : SampleReviews.lines("train").lines().toList()) {
      JsonNode review = new ObjectMapper().readTree(line);
      csv.append(CsvText.cell(review.get("text").textValue()))
          .append(',')
          .append(review.get("label").textValue())
          .append('\n');
    }
    Path reviews = Files.writeString(dir.resolve("reviews.csv"), csv);
    List<String> examples =
        blocks("java").stream()
            .map(
                example ->
                    example
                        .replace("\"reviews.csv\"", Example.quoted(reviews))
                        .replace("\"pretrained/wiki-small\"", Example.quoted(TinyRun.get().lm()))
                        .replace("\"lm-run\"", Example.quoted(dir.resolve("lm-run")))
                        .replace(
                            "\"classifier-run\"", Example.quoted(dir.resolve("classifier-run")))
                        .replace("\"exported\"", Example.quoted(dir.resolve("exported")))
                        .replace("\"memory-run\"", Example.quoted(dir.resolve("memory-run"))))
            .toList();
    assertEquals(6, examples.size());
    List<String> trained = Example.run(dir, examples.get(2)).lines().toList();
    assertTrue(trained.get(0).matches("accuracy [01]\\.\\d+, report .*report\\.md"), "" + trained);
    assertTrue(trained.get(1).matches("neg|pos"), "" + trained);
    String why = Example.run(dir, examples.get(1));
    assertTrue(why.matches("(?s)(\\S+ adds \\d\\S+ to the log-odds\\R){1,3}"), why);
    String progress = Example.run(dir, examples.get(3));
    assertTrue(progress.startsWith("phase 1: Evaluation[loss="), progress);
    assertTrue(Files.exists(dir.resolve("memory-run/classifier/config.json")));
    assertTrue(Example.run(dir, examples.get(4)).strip().matches("neg|pos"));
    Path run = dir.resolve("classifier-run");
    Cli.run("export", "" + run, "--format=djl", "--out=" + dir.resolve("exported")).ok();
    assertTrue(Example.run(dir, examples.get(5)).strip().matches("neg|pos"));
  }

  @Test
  void theCommandsAreThoseThereAre() {
    List<String> named =
        Pattern.compile("^\\| `([a-z-]+)[ `]", Pattern.MULTILINE)
            .matcher(README)
            .results()
            .map(r -> r.group(1))
            .toList();
    List<String> there =
        Cli.run("--help").lines().stream()
            .dropWhile(l -> !l.equals("Commands:"))
            .skip(1)
            .takeWhile(l -> l.startsWith("  "))
            .filter(l -> l.matches("  \\S.*"))
            .map(l -> l.strip().split("[ ,]")[0])
            .toList();
    assertEquals(there, named);
    assertEquals(19, there.size());
  }

  @Test
  void theVersionsAreThoseOfTheBuild() {
    assertTrue(blocks("xml").get(0).contains("<version>" + Version.version() + "</version>"));
    assertTrue(README.contains("pytorch-jni:" + Version.libtorch() + "-" + Version.djl()));
    assertTrue(README.contains("pytorch-native-cpu:" + Version.libtorch()));
  }

  @Test
  void theTestCommandIsWhatCiRuns() throws IOException {
    assertTrue(README.contains("mvn -B verify"));
    assertTrue(Files.readString(Path.of(".ci/run")).contains("mvn -B "), "the same build");
  }

  @Test
  void theEnvironmentIsWhatDoctorAsksFor() {
    DoctorCommand.ENVIRONMENT.forEach(
        (name, value) -> assertTrue(README.contains(name + "=" + value), name));
  }
}
