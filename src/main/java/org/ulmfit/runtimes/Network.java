package org.ulmfit.runtimes;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.ulmfit.UlmfitException;
import org.ulmfit.model.ModelConfig;

/**
 * What a family's network makes of token ids, written for other runtimes. Inputs are {@code ids}
 * (batch, time) and {@code lengths} (batch), int64, as {@link NetworkExport} describes them; the
 * result is a document's logits (batch, classes), float32, equal to those of {@code
 * TextClassifier}.
 */
interface Network {

  /** Adds the lines of {@code forward}; the result is an expression, the logits. */
  String torchScript(TorchScriptText forward);

  /** Adds the nodes; the result is the name of the logits. */
  String onnx(OnnxGraph graph);

  /** The families that have one, by the name that {@code config.json} has. */
  List<Entry> FAMILIES =
      List.of(
          new Entry(ModelConfig.AWD_LSTM, AwdLstmNetwork::new),
          new Entry("mean-embedding", LayeredNetwork::new),
          new Entry("rnn", LayeredNetwork::new),
          new Entry("lstm", LayeredNetwork::new),
          new Entry("bilstm", LayeredNetwork::new),
          new Entry("sepcnn", LayeredNetwork::new),
          new Entry("dgcnn", LayeredNetwork::new));

  /** A family that has a network. */
  record Entry(String family, BiFunction<ModelConfig, Integer, Network> network) {}

  /**
   * The network of a saved classifier.
   *
   * @param path of its folder, for the message
   * @throws UlmfitException (usage) if its family has none that another runtime could run
   */
  static Network of(ModelConfig config, int padId, Path path) {
    return FAMILIES.stream()
        .filter(entry -> entry.family().equals(config.family()))
        .findFirst()
        .orElseThrow(
            () ->
                UlmfitException.usage(
                    path
                        + ": of the family "
                        + config.family()
                        + ", which has no network on token ids to export; copy its folder"))
        .network()
        .apply(config, padId);
  }
}
