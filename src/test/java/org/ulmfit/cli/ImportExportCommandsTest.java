package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.JavaProcess;

/** {@code import} and {@code export} on trained models, and on files that must be refused. */
@Tag("engine")
class ImportExportCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static TinyRun.Output run;

  @TempDir Path dir;

  @BeforeAll
  static void train() {
    run = TinyRun.get();
  }

  @Test
  void aLanguageModelThatWentToFastaiAndBackIsTheSame() throws IOException {
    Path fastai = dir.resolve("fastai");
    Cli.Output out = Cli.run("export", "" + run.lm(), "--format=fastai", "--out=" + fastai).ok();
    assertEquals(
        Stream.of("lm.pth", "itos.pkl", "model.json")
            .map(n -> "written: " + fastai.resolve(n))
            .toList(),
        out.lines());
    assertTrue(out.err().contains("is in model.json"), out.err());
    Path back = dir.resolve("back");
    Cli.Output in =
        Cli.run(
                "import",
                "" + fastai.resolve("lm.pth"),
                "--vocab=" + fastai.resolve("itos.pkl"),
                "--rules=fastai-2",
                "--tokenizer=spacy-3",
                "--language=en-US",
                "--out=" + back)
            .ok();
    assertEquals(List.of("model: " + back), in.lines());
    assertTrue(in.err().contains("--pretrained " + back), in.err());
    JsonNode config = JSON.readTree(run.lm().resolve("lm/config.json").toFile());
    // fastai's files do not say which columns were read, nor how the model was measured
    ((ObjectNode) config).remove(List.of("input", "reading"));
    ((ObjectNode) config.get("text")).put("language", "en-US");
    assertEquals(config, JSON.readTree(back.resolve("config.json").toFile()));
    for (String file : List.of("model.safetensors", "vocab.txt")) {
      Path before = run.lm().resolve("lm").resolve(file);
      assertEquals(-1, Files.mismatch(before, back.resolve(file)), file);
    }
    Cli.run("evaluate", "" + back, "" + run.test(), "--limit=5").ok();
  }

  @Test
  void aClassifierThatWentToFastaiAndBackPredictsTheSame() {
    Path fastai = dir.resolve("fastai");
    Cli.run("export", "" + run.classifier(), "--format=fastai", "--out=" + fastai).ok();
    Path back = dir.resolve("back");
    Cli.run(
            "import",
            "" + fastai.resolve("classifier.pth"),
            "--vocab=" + fastai.resolve("itos.pkl"),
            "--labels=neg,pos",
            "--out=" + back)
        .ok();
    String text = "What a film!\nNever again, it was long and dull.\n";
    String before =
        Cli.run(text, List.of("predict", "" + run.classifier(), "--precision=fp32")).ok().out();
    assertEquals(
        before, Cli.run(text, List.of("predict", "" + back, "--precision=fp32")).ok().out());
  }

  /**
   * Weights do not say how many labels a text has: who imports them does, and is told what was
   * taken.
   */
  @Test
  void severalLabelsAreAskedFor() throws IOException {
    Path fastai = dir.resolve("fastai");
    Cli.run("export", "" + run.classifier(), "--format=fastai", "--out=" + fastai).ok();
    JsonNode told = JSON.readTree(fastai.resolve("model.json").toFile());
    assertEquals("fastai-2", told.get("text").get("rules").asText());
    assertEquals("forward", told.get("direction").asText());
    assertFalse(told.has("temperature"), "it is in the weights");
    Path names = Files.writeString(dir.resolve("names.json"), "[\"rude, or cold\", \"late\"]");
    String[] command = {
      "import",
      "" + fastai.resolve("classifier.pth"),
      "--vocab=" + fastai.resolve("itos.pkl"),
      "--labels=" + names,
      "--out=" + dir.resolve("back")
    };
    Cli.Output one = Cli.run(Cli.and(List.of("--overwrite"), command)).ok();
    assertTrue(
        one.err().contains("task: one label a text (--task multi answers several)"), one.err());
    Cli.Output several = Cli.run(Cli.and(List.of("--overwrite", "--task=multi"), command)).ok();
    String line = "task: several labels a text, each from a probability of 0.5 on";
    assertTrue(several.err().contains(line), several.err());
    String answer =
        Cli.run("What a film!\n", List.of("predict", "" + dir.resolve("back"))).ok().out();
    JsonNode probabilities = JSON.readTree(answer).get("probabilities");
    assertTrue(JSON.readTree(answer).get("labels").isArray(), answer);
    assertTrue(probabilities.has("rude, or cold"), answer);
    String wrong = Cli.run(Cli.and(List.of("--task=some"), command)).error(2);
    assertTrue(wrong.contains("'some' is neither single nor multi"), wrong);
  }

  @Test
  void classifiersAsTorchScriptAnswerAsBefore() throws Exception {
    ExportedClassifier.assertAnswersAs(run.classifier(), dir.resolve("forward"));
    ExportedClassifier.assertAnswersAs(TinyEnsemble.get().backward(), dir.resolve("backward"));
  }

  @Test
  void whatIsNoClassifierIsNotExportedAsAProgram() {
    String out = "--out=" + dir.resolve("out");
    for (String format : List.of("--format=torchscript", "--format=onnx")) {
      String line = Cli.run("export", "" + run.lm(), format, out).error(4);
      assertTrue(line.contains("where a classifier (kind classifier) is needed"), line);
      line = Cli.run("export", "" + run.lm().resolve("encoder"), format, out).error(4);
      assertTrue(line.contains("holds an encoder (kind encoder) where a classifier"), line);
      line = Cli.run("export", "" + TinyEnsemble.get().ensemble(), format, out).error(4);
      assertTrue(line.contains("holds an ensemble of classifiers"), line);
      line = Cli.run("export", "" + run.lm(), format, "--kind=lm", out).error(2);
      assertTrue(line.contains("is for classifiers; leave it out, or take --format fastai"), line);
      line = Cli.run("export", "" + run.classifier(), format, "--half", out).error(2);
      assertTrue(line.contains("files are float32; leave it out"), line);
      line = Cli.run("export", "" + run.classifier(), format, "--out=" + dir).error(2);
      assertTrue(line.contains("exists already; choose another folder"), line);
      line = Cli.run("export", "" + dir.resolve("none"), format, out).error(2);
      assertTrue(line.contains("no such folder"), line);
    }
    assertFalse(Files.exists(dir.resolve("out")));
  }

  @Test
  void withoutOnnxsLibraryThereIsOneLineAndTorchScriptGoesOn() throws Exception {
    for (String library : List.of("tribuo-util-onnx", "protobuf-java")) {
      JavaProcess without = new JavaProcess(dir, Map.of()).without(library);
      String out = "--out=" + dir.resolve(library);
      JavaProcess.Ended ended =
          without.run(Main.class, "export", "" + run.classifier(), "--format=onnx", out);
      assertEquals(1, ended.exit(), ended.err());
      assertTrue(ended.err().contains("its library is not there; add org.tribuo:tribuo-util-onnx"));
      assertEquals(1, ended.err().lines().count(), ended.err());
      assertFalse(Files.exists(dir.resolve(library)));
      ended = without.run(Main.class, "export", "" + run.classifier(), "--format=torchscript", out);
      assertEquals(0, ended.exit(), ended.err());
    }
  }

  @Test
  void aDryRunTellsAndWritesNothing() throws IOException {
    Path fastai = dir.resolve("fastai");
    Cli.run("export", "" + run.lm(), "--kind=encoder", "--format=fastai", "--out=" + fastai).ok();
    Cli.Output told =
        Cli.run(
                "import",
                "" + fastai.resolve("encoder.pth"),
                "--vocab=" + fastai.resolve("itos.pkl"),
                "--dry-run")
            .ok();
    assertEquals("encoder.pth: torch file, fastai 1 encoder", told.lines().get(0));
    assertTrue(told.out().contains("encoder.weight  F32  "), told.out());
    try (var left = Files.list(dir)) {
      assertEquals(1, left.count());
    }
    String line = Cli.run("import", "" + fastai.resolve("encoder.pth"), "--vocab=x").error(2);
    assertTrue(line.contains("--out DIR is missing"), line);
  }

  @Test
  void hostileAndBrokenFilesEndWithOneLineAndExitCode4() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("posix.system.pth", bytes("\u0080\u0002cposix\nsystem\nX\u0005\0\0\0touch\u0085R."));
    files.put("builtins.eval.pth", bytes("\u0080\u0002cbuiltins\neval\n)R."));
    files.put("empty.pth", new byte[0]);
    files.put("hdf5.h5", bytes("\u0089HDF\r\n\u001a\n" + "\0".repeat(100)));
    files.put("text.pth", bytes("this is no torch file\n"));
    files.put("cut.pth", bytes("PK\u0003\u0004" + "\0".repeat(60)));
    files.put("cut.tgz", new byte[] {0x1f, (byte) 0x8b, 8, 0, 0});
    Path vocabulary = Files.writeString(dir.resolve("vocab.txt"), "\"xxunk\"\n\"xxpad\"\n");
    Path out = dir.resolve("out");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = Files.write(dir.resolve(file.getKey()), file.getValue());
      String line = Cli.run("import", "" + path, "--vocab=" + vocabulary, "--out=" + out).error(4);
      assertTrue(line.contains(file.getKey()), line);
      assertFalse(Files.exists(out), file.getKey());
    }
  }

  private static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Files people published: none is an AWD-LSTM, two would run code of their own. */
  @Test
  void realFilesOfOtherModelsAreRefused() {
    Path folder = Path.of(System.getProperty("ulmfit.shared", "../shared"), "data", "torch_files");
    assumeTrue(Files.exists(folder), () -> "needs " + folder);
    Map<String, String> reasons =
        Map.of(
            "fastai1_titanic_novarac_tmp.legacy.pth", "no AWD-LSTM of fastai; it holds embeds.0",
            "fastai1_titanic_rishikesh_tmp.legacy.pth", "no AWD-LSTM of fastai; it holds embeds.0",
            "kam227_lstm_model.zipformat.pth",
                "byte 763: under 'vocab': refused the name utils.Vocab",
            "mattia_char_rnn_wholemodule.legacy.pt", "byte 132: refused the name model.RNN",
            "torchtext_roberta.base.output.pt", "holds a tensor, not a state dict");
    Path out = dir.resolve("out");
    reasons.forEach(
        (name, reason) -> {
          String line =
              Cli.run("import", "" + folder.resolve(name), "--vocab=x", "--out=" + out).error(4);
          assertTrue(line.contains(reason), line);
          assertFalse(Files.exists(out));
        });
  }
}
