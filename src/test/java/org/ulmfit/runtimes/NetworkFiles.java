package org.ulmfit.runtimes;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ulmfit.io.ModelFolder;

/**
 * Writes random networks for PyTorch and ONNX Runtime: {@code NetworkFiles DIR}.
 *
 * <pre>
 * DIR/documents.json                 token ids of each document
 * DIR/NAME/torchscript/model.pt, DIR/NAME/onnx/model.onnx ...
 * </pre>
 */
public final class NetworkFiles {

  private NetworkFiles() {}

  public static void main(String[] args) throws IOException {
    Path dir = Files.createDirectories(Path.of(args[0]));
    new ObjectMapper()
        .writeValue(dir.resolve("documents.json").toFile(), RandomNetwork.documents());
    for (RandomNetwork network : RandomNetwork.all()) {
      Path own = dir.resolve(network.name());
      ModelFolder model = network.write(own.resolve("model"));
      NetworkExport.write(model, NetworkExport.Program.TORCHSCRIPT, own.resolve("torchscript"));
      NetworkExport.write(model, NetworkExport.Program.ONNX, own.resolve("onnx"));
    }
  }
}
