package org.ulmfit.runtimes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.parity.Comparison;
import org.ulmfit.parity.ParityCase;

/** Our own logits against those of the exported networks in PyTorch and ONNX Runtime. */
@Tag("engine")
@Tag("parity")
class ExportedParityTest {

  private static final double TOLERANCE = 1e-5;

  @TempDir Path dir;

  @TestFactory
  Stream<DynamicTest> networks() {
    return ParityCase.tests("exported", this::compare);
  }

  private void compare(ParityCase c) {
    String name = c.fact("network").asText();
    RandomNetwork network =
        RandomNetwork.all().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
    ModelFolder model = network.write(dir.resolve(name));
    assertEquals(
        c.fact("onnx").asText(),
        onnx(model),
        "the file is not the one that ONNX Runtime read; scripts/parity/run --fixtures");
    Comparison compared = new Comparison(c);
    int[][] documents = RandomNetwork.documents();
    try (OwnLogits own = new OwnLogits(model)) {
      float[] together = flat(own.of(documents));
      float[] alone = flat(Arrays.stream(documents).map(d -> own.of(d)[0]).toArray(float[][]::new));
      for (String runtime : new String[] {"torch", "onnx"}) {
        String what = "logits of " + (runtime.equals("torch") ? "PyTorch" : "ONNX Runtime");
        compared.absolute(what, TOLERANCE, c.floats(runtime + "/together"), together);
        compared.absolute(what, TOLERANCE, c.floats(runtime + "/alone"), alone);
      }
    }
    compared.finish();
  }

  private String onnx(ModelFolder model) {
    Path out = model.path().resolveSibling(model.path().getFileName() + "-onnx");
    Path file = NetworkExport.write(model, NetworkExport.Program.ONNX, out).get(0);
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static float[] flat(float[][] rows) {
    float[] all = new float[rows.length * rows[0].length];
    for (int i = 0; i < all.length; i++) {
      all[i] = rows[i / rows[0].length][i % rows[0].length];
    }
    return all;
  }
}
