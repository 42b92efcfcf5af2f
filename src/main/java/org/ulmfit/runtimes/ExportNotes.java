package org.ulmfit.runtimes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.Version;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.PrettyJson;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.vocab.Vocab;

/**
 * What goes with an exported network, for programs and for people.
 *
 * @param text the text profile as {@code config.json} has it
 * @param file of the network
 */
record ExportNotes(
    ModelConfig config, JsonNode text, Vocab vocab, List<String> labels, String file) {

  /** What may stand in a command that people copy. */
  private static final Pattern PLAIN = Pattern.compile("[\\w.:-]+");

  private static final int NAMED = 20; // labels in the text; all are in labels.json

  /** Content of {@code model.json}. */
  String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("file", file);
    all.put("ulmfit", Version.version());
    all.put("family", config.family());
    all.put("direction", config.direction());
    all.put("padId", vocab.padId());
    all.put("unknownId", vocab.unknownId());
    all.put("text", text);
    all.put("fields", config.fields());
    all.put("task", config.labelling().word());
    if (config.thresholds() != null) {
      all.put("thresholds", config.thresholds());
    }
    try {
      return PrettyJson.mapper().writeValueAsString(all) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Content of {@code README.md}. */
  String readme(NetworkExport.Program program) {
    return program == NetworkExport.Program.DJL ? forDjl() : network();
  }

  private String forDjl() {
    String probabilities =
        config.labelling() == Labelling.MULTI
            ? "Each label has a probability of its own, which is answered from its threshold in"
                + " `config.json` on. "
            : "The probabilities are those of one label a text. ";
    return String.join(
        "\n",
        "# A text classifier for DJL\n",
        config.describe() + ".",
        "Labels: " + Shown.markdown(Shown.list(labels, NAMED)) + ".\n",
        probabilities + order() + "\n",
        Shown.format(
            """
        With `ai.djl:api`, `ai.djl.pytorch:pytorch-engine` and `org.ulmfit:ulmfit` on the class path:

        ```java
        Criteria<%1$s, Classifications> criteria =
            Criteria.builder()
                .setTypes(%1$s.class, Classifications.class)
                .optModelPath(Path.of("this-folder"))
                .optEngine("PyTorch")
                .optTranslatorFactory(new TextTranslatorFactory()) // org.ulmfit.djl
                .build();
        try (ZooModel<%1$s, Classifications> model = criteria.loadModel();
            Predictor<%1$s, Classifications> predictor = model.newPredictor()) {
          System.out.println(predictor.predict(%2$s).best());
        }
        ```

        `serving.properties` names that factory to what loads models of `Input` and `Output`, as DJL Serving does.
        """,
            config.fields() == 1 ? "String" : "String[]",
            config.fields() == 1
                ? "\"some text\""
                : "new String[] {"
                    + "\"some text\", ".repeat(config.fields() - 1)
                    + "\"some text\"}"));
  }

  private String network() {
    List<String> lines = new ArrayList<>();
    lines.add("# A text classifier as `" + file + "`\n");
    lines.add(config.describe() + ".");
    lines.add("Labels: " + Shown.markdown(Shown.list(labels, NAMED)) + ".\n");
    lines.add("## Inputs and output\n");
    lines.add("| name | shape | type | what |");
    lines.add("|---|---|---|---|");
    lines.add(
        "| `ids` | (batch, time) | int64 | token ids, each document from the left; what stands"
            + " behind its length is not read |");
    lines.add("| `lengths` | (batch) | int64 | tokens of each document; 0 is an empty one |");
    lines.add(
        "| `logits` | (batch, "
            + labels.size()
            + ") | float32 | in the order of `labels.json`; "
            + meaning()
            + " |\n");
    lines.add(order());
    lines.add("\n## From a text to ids\n");
    lines.add("`" + tokenize() + "` gives the tokens, a JSON array for each line of the input.");
    if (config.fields() > 1) {
      lines.add("A text is made of " + config.fields() + " columns: `--text-columns` names them.");
    }
    lines.add(
        "The id of a token is its line in `vocab.txt` (a JSON string each), counted from 0; that of"
            + " an unknown one is "
            + vocab.unknownId()
            + ".\n");
    lines.add("## A call\n");
    lines.add(file.endsWith(".pt") ? torch() : onnxRuntime());
    return String.join("\n", lines);
  }

  private String meaning() {
    String temperature =
        config.divisor() == 1
            ? ""
            : "divided already by the temperature, " + config.divisor() + "; ";
    return temperature
        + (config.labelling() == Labelling.MULTI
            ? "a sigmoid gives each label's probability, which is answered from its threshold in"
                + " `model.json` on"
            : "a softmax gives probabilities");
  }

  private String order() {
    String backward =
        config.backward()
            ? "The model reads backward; it turns the documents round itself: hand them over as"
                + " they are. "
            : "";
    boolean lesson = config.head() != null && config.head().layout() == Recipe.Layout.LESSON;
    return backward
        + (lesson
            ? "Padding is fed and pooled, as fastai 0.7 did it, so an answer depends a little on the"
                + " longest document of its batch: alone, a document always gets the same."
            : "A document gets the same logits in any batch.");
  }

  private String tokenize() {
    String tokenizer = text.get("tokenizer").asText();
    String form = text.has("normalise") ? " --normalise " + text.get("normalise").asText() : "";
    return "ulmfit tokenize --rules "
        + text.get("rules").asText()
        + " --tokenizer "
        + (PLAIN.matcher(tokenizer).matches() ? tokenizer : "TOKENIZER")
        + form
        + unless("markFields", "auto", " --mark-fields ")
        + unless("fieldNumbers", "lesson", " --field-numbers ")
        + " --prefix";
  }

  /** An option, but where the value is the usual one. */
  private String unless(String key, String usual, String option) {
    String value = text.path(key).asText(usual);
    return value.equals(usual) ? "" : option + value;
  }

  private static String torch() {
    return """
        ```python
        import torch
        model = torch.jit.load("model.pt").eval()
        logits = model(torch.tensor([[2, 11, 12], [2, 13, 1]]), torch.tensor([3, 2]))
        ```

        ```java
        // ai.djl:api and ai.djl.pytorch:pytorch-engine
        Criteria<NDList, NDList> criteria =
            Criteria.builder()
                .setTypes(NDList.class, NDList.class)
                .optModelPath(Path.of("model.pt"))
                .optEngine("PyTorch")
                .optTranslator(new NoopTranslator())
                .build();
        try (ZooModel<NDList, NDList> model = criteria.loadModel();
            Predictor<NDList, NDList> predictor = model.newPredictor();
            NDManager manager = model.getNDManager().newSubManager()) {
          NDArray ids = manager.create(new long[][] {{2, 11, 12}, {2, 13, 1}});
          NDArray lengths = manager.create(new long[] {3, 2});
          float[] logits = predictor.predict(new NDList(ids, lengths)).get(0).toFloatArray();
        }
        ```
        """;
  }

  private static String onnxRuntime() {
    return Shown.format(
        """
        Operators of opset %d, which ONNX Runtime 1.12 and later have.

        ```python
        import numpy, onnxruntime
        session = onnxruntime.InferenceSession("model.onnx")
        ids = numpy.array([[2, 11, 12], [2, 13, 1]])
        logits = session.run(["logits"], {"ids": ids, "lengths": numpy.array([3, 2])})[0]
        ```
        """,
        OnnxGraph.OPSET);
  }
}
