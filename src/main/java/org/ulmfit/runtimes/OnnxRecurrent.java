package org.ulmfit.runtimes;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.runtimes.OnnxGraph.Attribute;

/**
 * Recurrent layers in ONNX. An LSTM's gates are stacked i, o, f, g there, i, f, g, o in torch.
 *
 * @param gates 4 of an LSTM, 1 of a simple layer
 * @param units width of its output
 * @param reverse whether documents are read from their last step on
 */
record OnnxRecurrent(int gates, long units, boolean reverse) {

  private static final int[] LSTM_GATES = {0, 3, 1, 2};

  /**
   * A layer's tensors as the graph has them.
   *
   * @param input (1, gates·units, in)
   * @param recurrent (1, gates·units, units)
   * @param bias of both (1, 2·gates·units)
   */
  record Tensors(String input, String recurrent, String bias) {}

  /**
   * The model's tensors of these names: (gates·units, in), (gates·units, units), (gates·units).
   *
   * @param secondBias null: it has one
   */
  Tensors tensors(
      OnnxGraph g,
      long in,
      String input,
      String recurrent,
      String bias,
      @Nullable String secondBias) {
    long rows = gates * units;
    return tensors(
        g,
        g.weight(input, new long[] {rows, in}, this::reordered, 1, rows, in),
        recurrent,
        bias,
        secondBias);
  }

  /** The same with the weights of the input as they are. */
  Tensors tensors(
      OnnxGraph g, String input, String recurrent, String bias, @Nullable String secondBias) {
    long rows = gates * units;
    String first = g.weight(bias, new long[] {rows}, this::reordered, 1, rows);
    String second =
        secondBias == null
            ? g.weight(bias + "_none", new long[] {1, rows}, () -> new float[(int) rows])
            : g.weight(secondBias, new long[] {rows}, this::reordered, 1, rows);
    return new Tensors(
        input,
        g.weight(recurrent, new long[] {rows, units}, this::reordered, 1, rows, units),
        g.node("Concat", List.of(first, second), Attribute.of("axis", 1L)));
  }

  /** The steps' output (time, batch, units), 0 behind a document's end. */
  OnnxSteps read(OnnxSteps in, Tensors tensors) {
    OnnxGraph g = in.graph();
    String steps = g.node("Cast", List.of(in.n()), Attribute.of("to", OnnxGraph.INT32));
    String y =
        g.nodes(
                gates == 1 ? "RNN" : "LSTM",
                1,
                List.of(in.x(), tensors.input, tensors.recurrent, tensors.bias, steps),
                Attribute.of("hidden_size", units),
                Attribute.of("direction", reverse ? "reverse" : "forward"))
            .get(0);
    return in.with(g.node("Squeeze", y, g.longs(1)));
  }

  /** Values whose rows are stacked by gates, in ONNX's order of gates. */
  float[] reordered(float[] values) {
    if (gates == 1) {
      return values;
    }
    int gate = values.length / gates;
    float[] to = new float[values.length];
    for (int k = 0; k < gates; k++) {
      System.arraycopy(values, LSTM_GATES[k] * gate, to, k * gate, gate);
    }
    return to;
  }
}
