package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ulmfit.Golden;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.LayerGroup;

/** Golden section 17: how many weights a language model has. */
@Tag("engine")
@Tag("parity")
class ParameterCountTest {

  private static final int EMBEDDING = 400;

  /** Group sizes: LSTMs, then embedding and decoder bias. */
  private static long[] sizes(long vocabulary, int hidden, boolean bias) {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu());
        Kernels kernels = Kernels.load(Device.cpu(), Kernels.Arithmetic.FLOAT32);
        LanguageModel model =
            new LanguageModel(
                manager, kernels, new AwdLstmSizes(vocabulary, EMBEDDING, hidden, 3, bias))) {
      List<LayerGroup> groups = model.groups();
      assertEquals(
          groups.stream().mapToLong(LayerGroup::size).sum(),
          model.tensors().values().stream().mapToLong(a -> a.size()).sum());
      return groups.stream().mapToLong(LayerGroup::size).toArray();
    }
  }

  @Test
  void theModelOfTheLesson() {
    JsonNode golden = Golden.numeric("params", "V=60002 nhid=1150 bias=False");
    long[] sizes = sizes(60_002, 1150, false);
    for (int l = 0; l < 3; l++) {
      assertEquals(golden.get("lstm").get(l).longValue(), sizes[l]);
    }
    assertEquals(golden.get("embedding").longValue(), sizes[3]);
    assertEquals(golden.get("total").longValue(), sizes[0] + sizes[1] + sizes[2] + sizes[3]);
  }

  /** The other sizes from models of a tenth of a thousand words: rows grow as counted. */
  @Test
  void allListedSizes() {
    Map<String, long[]> small = new HashMap<>();
    int cases = 0;
    for (var entry : Golden.numeric("params").properties()) {
      long vocabulary = number(entry.getKey(), "V=");
      int hidden = (int) number(entry.getKey(), "nhid=");
      boolean bias = entry.getKey().endsWith("bias=True");
      long[] sizes = small.computeIfAbsent(hidden + " " + bias, k -> sizes(100, hidden, bias));
      JsonNode golden = entry.getValue();
      for (int l = 0; l < 3; l++) {
        assertEquals(golden.get("lstm").get(l).longValue(), sizes[l], entry.getKey());
      }
      assertEquals(golden.get("lstm_total").longValue(), sizes[0] + sizes[1] + sizes[2]);
      long rows = sizes[3] / 100; // scalars of one word
      assertEquals(EMBEDDING + (bias ? 1 : 0), rows);
      assertEquals(golden.get("embedding").longValue(), vocabulary * EMBEDDING);
      assertEquals(
          golden.get("total").longValue(),
          golden.get("lstm_total").longValue() + vocabulary * rows);
      cases++;
    }
    assertEquals(10, cases);
  }

  private static long number(String key, String label) {
    String rest = key.substring(key.indexOf(label) + label.length());
    return Long.parseLong(rest.replaceAll("\\D.*", ""));
  }
}
