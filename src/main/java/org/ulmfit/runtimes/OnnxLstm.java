package org.ulmfit.runtimes;

import java.util.List;
import org.ulmfit.runtimes.OnnxGraph.Attribute;

/** LSTM layers in ONNX, whose gates are stacked i, o, f, g where torch stacks them i, f, g, o. */
final class OnnxLstm {

  private static final int[] GATES = {0, 3, 1, 2};

  private OnnxLstm() {}

  /** Names of a layer's tensors: w_ih (4H, in), w_hh (4H, H), b_ih, b_hh (4H). */
  record Names(String wIh, String wHh, String bIh, String bHh) {}

  /**
   * Adds a layer that reads from the first step to the last of each document's.
   *
   * @param x (time, batch, in)
   * @return its output (time, batch, H), and that of each document's last step (batch, H)
   */
  static List<String> layer(OnnxReading read, String x, int in, int out, Names names) {
    OnnxGraph g = read.graph();
    long gates = 4L * out;
    String w = g.weight(names.wIh(), new long[] {gates, in}, OnnxLstm::reordered, 1, gates, in);
    String r = g.weight(names.wHh(), new long[] {gates, out}, OnnxLstm::reordered, 1, gates, out);
    String b =
        g.node(
            "Concat",
            List.of(bias(g, names.bIh(), gates), bias(g, names.bHh(), gates)),
            Attribute.of("axis", 1L));
    String steps = g.node("Cast", List.of(read.steps()), Attribute.of("to", OnnxGraph.INT32));
    List<String> results =
        g.nodes("LSTM", 2, List.of(x, w, r, b, steps), Attribute.of("hidden_size", (long) out));
    return List.of(
        g.node("Squeeze", results.get(0), g.longs(1)),
        g.node("Squeeze", results.get(1), g.longs(0)));
  }

  private static String bias(OnnxGraph g, String name, long gates) {
    return g.weight(name, new long[] {gates}, OnnxLstm::reordered, 1, gates);
  }

  /** A quarter of the values a gate, in ONNX's order. */
  private static float[] reordered(float[] values) {
    int gate = values.length / 4;
    float[] to = new float[values.length];
    for (int k = 0; k < 4; k++) {
      System.arraycopy(values, GATES[k] * gate, to, k * gate, gate);
    }
    return to;
  }
}
