package org.ulmfit.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.ulmfit.interop.TorchBytes.assertRefused;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real files beside the project. Expected numbers: torch.load(weights_only=True) of torch 2.7.1.
 */
class SharedTorchFilesTest {

  private static Path data(String name) {
    Path file = Path.of(System.getProperty("ulmfit.shared", "../shared"), "data", name);
    assumeTrue(Files.exists(file), () -> "needs " + file);
    return file;
  }

  @ParameterizedTest
  @CsvSource({
    "novarac, 29, embeds.3.weight, 561x55, -0.0012567704543471336, 218.74735973149572",
    "novarac, 29, layers.0.weight, 200x131, 0.005205325782299042, 1146.433456286788",
    "novarac, 29, layers.6.bias, 2, -0.08597717434167862, 0.18440023809671402",
    "rishikesh, 33, embeds.1.weight, 553x55, -0.013297677971422672, 216.25789308103367",
    "rishikesh, 33, layers.3.weight, 200x1000, 0.024292998015880585, 3164.816942792386",
    "rishikesh, 33, layers.9.bias, 2, -0.18688270449638367, 0.40145736932754517"
  })
  void readsFilesOfFastai1(
      String who, int count, String name, String shape, double first, double sumOfMagnitudes) {
    Path path = data("torch_files/fastai1_titanic_" + who + "_tmp.legacy.pth");
    try (TorchFile file = TorchFile.open(path)) {
      assertEquals(count, file.tensors().size());
      TorchTensor tensor = file.tensors().get(name);
      String[] sizes = shape.split("x");
      assertEquals(List.of(sizes), strings(tensor.shape()));
      float[] values = new float[(int) tensor.elements()];
      tensor.read(values);
      assertEquals((float) first, values[0]);
      double sum = 0;
      for (float value : values) {
        sum += Math.abs((double) value);
      }
      assertEquals(sumOfMagnitudes, sum, 1e-9 * sumOfMagnitudes);
      assertEquals("I64", file.tensors().get("bn_cont.num_batches_tracked").dtype());
      for (TorchTensor each : file.tensors().values()) {
        assertEquals(each.name(), each.alias());
      }
    }
  }

  private static List<String> strings(long[] shape) {
    return Arrays.stream(shape).mapToObj(Long::toString).toList();
  }

  @Test
  void refusesFilesThatAreNoStateDicts() {
    Map.of(
            "mattia_char_rnn_wholemodule.legacy.pt", "byte 132: refused the name model.RNN: ",
            "kam227_lstm_model.zipformat.pth", "refused the name utils.Vocab: ",
            "torchtext_roberta.base.output.pt", "holds a tensor, not a state dict")
        .forEach(
            (name, expected) -> {
              Path file = data("torch_files/" + name);
              assertRefused(expected, () -> TorchFile.open(file));
            });
  }

  @ParameterizedTest
  @CsvSource({
    "airline_fastai_lm_itos, 3783,"
        + " a0e69be45b7ff293407c4f1633d0a58331110e9de3c2ce410ac7f56992fce17f",
    "scandinavian_danish_itos, 30002,"
        + " d09219b570e8587f7f7171e5d0dc082fc24e595520089f5406c79b755a5d5920",
    "toxic_fastai_itos60k, 60002, bdf1e463e6872f8ed8a016e078802e4a13aae589bc76449f261d508ad22f4ada"
  })
  void readsVocabularies(String name, int words, String sha256OfLines)
      throws NoSuchAlgorithmException {
    List<String> itos = VocabPickle.read(data("vocab_pkl/" + name + ".pkl"));
    assertEquals(words, itos.size());
    byte[] lines = String.join("\n", itos).getBytes(StandardCharsets.UTF_8);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(lines);
    assertEquals(sha256OfLines, HexFormat.of().formatHex(hash));
  }
}
