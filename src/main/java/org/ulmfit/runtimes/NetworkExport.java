package org.ulmfit.runtimes;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.IOConsumer;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.vocab.Vocab;

/**
 * A classifier leaves as a program that other runtimes run, with all that turns a text into its
 * input and its output into labels:
 *
 * <pre>
 * OUT/model.pt or model.onnx  ids (batch, time), lengths (batch) -> logits (batch, classes)
 * OUT/vocab.txt               one JSON string literal per line; a token's id is its line, from 0
 * OUT/labels.json             the classes, in the order of the logits
 * OUT/model.json              rules and tokenizer, padding's id, what logits mean
 * OUT/tokenizer.json          where the texts are cut by one
 * OUT/README.md               the same in words, with a call
 * </pre>
 *
 * For DJL, which then reads texts by itself, with ulmfit on its class path, {@code config.json} of
 * the model is in the place of {@code model.json}, and beside it:
 *
 * <pre>
 * OUT/serving.properties      names the engine and what reads texts
 * OUT/checksums.txt           sha256 of every other file
 * </pre>
 *
 * Ids and lengths are int64, logits float32. What stands behind a document's length is not read.
 */
public final class NetworkExport {

  /** What is written. */
  public enum Program {
    /** PyTorch, and DJL with its engine. */
    TORCHSCRIPT(ModelFolder.PROGRAM),
    /** A folder that DJL opens by itself. */
    DJL(ModelFolder.PROGRAM),
    /** ONNX Runtime and whatever else reads ONNX. */
    ONNX("model.onnx");

    private final String file;

    Program(String file) {
      this.file = file;
    }
  }

  private static final String SERVING =
      """
      engine=PyTorch
      translatorFactory=org.ulmfit.djl.TextTranslatorFactory
      """;

  private NetworkExport() {}

  /**
   * Writes the folder, aside and renamed.
   *
   * @param model a classifier
   * @return the files written
   * @throws UlmfitException (usage) if the folder exists, the model's family has no network, or its
   *     weights are more than the format holds; (bad model) if a tensor is missing or has another
   *     shape; (failure) if ONNX's library is not there
   */
  public static List<Path> write(ModelFolder model, Program program, Path out) {
    ModelConfig config = ModelConfig.of(model);
    Vocab vocab = config.vocabulary(model);
    Network network = Network.of(config, vocab.padId(), model.path());
    ExportNotes notes =
        new ExportNotes(config, model.config().get("text"), vocab, model.labels(), program.file);
    List<String> copied = new ArrayList<>(List.of("vocab.txt", "labels.json"));
    if (program == Program.DJL) {
      copied.add("config.json");
    }
    if (model.has("tokenizer.json")) {
      copied.add("tokenizer.json");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    if (program == Program.DJL) {
      texts.put("serving.properties", SERVING);
    } else {
      texts.put("model.json", notes.json());
    }
    texts.put(ModelFolder.CARD, notes.readme(program));
    try (Safetensors.Reader file = Safetensors.Reader.open(model.file("model.safetensors"))) {
      NetworkWeights weights = new NetworkWeights(file);
      IOConsumer<Path> fill =
          dir -> {
            try (OutputStream to = Files.newOutputStream(dir.resolve(program.file))) {
              switch (program) {
                case TORCHSCRIPT, DJL -> torchScript(network, weights, config, to);
                case ONNX -> onnx(network, weights, config, to);
              }
            }
            for (String name : copied) {
              AtomicFiles.copy(model.file(name), dir.resolve(name));
            }
            for (Map.Entry<String, String> text : texts.entrySet()) {
              Files.writeString(dir.resolve(text.getKey()), text.getValue());
            }
          };
      if (program == Program.DJL) {
        ModelFolder.writeProgram(out, fill);
      } else {
        AtomicFiles.writeFolder(out, fill);
      }
    }
    List<String> sums = program == Program.DJL ? List.of(ModelFolder.SUMS) : List.of();
    return Stream.of(List.of(program.file), copied, texts.keySet(), sums)
        .flatMap(Collection::stream)
        .map(out::resolve)
        .toList();
  }

  private static void torchScript(
      Network network, NetworkWeights weights, ModelConfig config, OutputStream to)
      throws IOException {
    TorchScriptText forward = new TorchScriptText(weights);
    String logits = network.torchScript(forward);
    boolean divides = config.divisor() != 1;
    forward.write(to, divides ? "torch.div(" + logits + ", " + config.divisor() + ")" : logits);
  }

  private static void onnx(
      Network network, NetworkWeights weights, ModelConfig config, OutputStream to)
      throws IOException {
    try {
      OnnxGraph graph = new OnnxGraph(weights);
      String logits = network.onnx(graph);
      boolean divides = config.divisor() != 1;
      graph.write(
          to,
          divides ? graph.node("Div", logits, graph.number((float) config.divisor())) : logits,
          config.classes());
    } catch (LinkageError e) {
      throw UlmfitException.failure(
          "--format onnx: its library is not there; add org.tribuo:tribuo-util-onnx to the class"
              + " path (the distribution of ulmfit has it in lib/), or take --format torchscript",
          e);
    }
  }
}
