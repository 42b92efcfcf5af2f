package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\") + '"';
  }

  @Test
  @Tag("engine")
  void theExampleThatPredictsRuns() throws Exception {
    String example = blocks("java").get(0);
    assertEquals(5, example.lines().filter(l -> !l.isBlank()).count(), "five lines");
    String out = run(example.replace("\"classifier-run\"", quoted(TinyRun.get().classifier())));
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
                        .replace("\"reviews.csv\"", quoted(reviews))
                        .replace("\"pretrained/wiki-small\"", quoted(TinyRun.get().lm()))
                        .replace("\"lm-run\"", quoted(dir.resolve("lm-run")))
                        .replace("\"classifier-run\"", quoted(dir.resolve("classifier-run")))
                        .replace("\"memory-run\"", quoted(dir.resolve("memory-run"))))
            .toList();
    assertEquals(3, examples.size());
    List<String> trained = run(examples.get(1)).lines().toList();
    assertTrue(trained.get(0).matches("accuracy [01]\\.\\d+, report .*report\\.md"), "" + trained);
    assertTrue(trained.get(1).matches("neg|pos"), "" + trained);
    String progress = run(examples.get(2));
    assertTrue(progress.startsWith("phase 1: Evaluation[loss="), progress);
    assertTrue(Files.exists(dir.resolve("memory-run/classifier/config.json")));
  }

  private String run(String example) throws Exception {
    String source =
        example.replaceFirst("\n\n", "\npublic class Example {\n  public static void run() {\n");
    Path file = Files.writeString(dir.resolve("Example.java"), source + "  }\n}\n");
    compile(file);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {dir.toUri().toURL()})) {
      loader.loadClass("Example").getMethod("run").invoke(null);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void compile(Path file) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("-proc:none", "-cp", System.getProperty("java.class.path"));
      boolean good =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(file))
              .call();
      assertTrue(good, messages.toString());
    }
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
    assertEquals(17, there.size());
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
