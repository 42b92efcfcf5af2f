package org.ulmfit.runtimes;

import java.util.List;
import org.ulmfit.runtimes.OnnxGraph.Attribute;

/**
 * Documents side by side in ONNX.
 *
 * @param x features (time, batch, width), or token ids (time, batch)
 * @param n steps of each document (batch), int64, one at least
 */
record OnnxSteps(OnnxGraph graph, String x, String n) {

  /**
   * Documents in the order in which a network reads them, as long as the longest. What is none of a
   * document's tokens is made padding, which stands before the ids, where index 0 finds it; a
   * length beyond the width fails.
   *
   * @param backward whether the last token is read first
   * @param left whether padding stands before a document, and is one of its steps
   * @return token ids
   */
  static OnnxSteps read(OnnxGraph g, int padId, boolean backward, boolean left) {
    String zero = g.number(0L);
    String one = g.number(1L);
    String length = g.node("Unsqueeze", "lengths", g.longs(1)); // (batch, 1)
    String own = g.node("Max", "lengths", one); // (batch)
    String longest = longest(g, own);
    String t = g.node("Unsqueeze", g.node("Range", zero, longest, one), g.longs(0)); // (1, time)
    String shift = left ? g.node("Sub", longest, length) : g.node("Sub", length, length);
    String k = g.node("Sub", t, shift); // (batch, time): place of the token in its document
    String at = backward ? g.node("Sub", length, k) : g.node("Add", k, one);
    String inside =
        g.node("And", g.node("Not", g.node("Less", k, zero)), g.node("Less", k, length));
    String padded = g.node("Pad", "ids", g.longs(0, 1, 0, 0), g.number((long) padId));
    String index = g.node("Where", inside, at, zero);
    String rows = g.node("GatherElements", List.of(padded, index), Attribute.of("axis", 1L));
    String n = left ? g.node("Expand", longest, g.node("Shape", "lengths")) : own;
    return new OnnxSteps(g, turned(g, rows, 1, 0), n);
  }

  /** The greatest of whole numbers (batch), without dimensions. */
  static String longest(OnnxGraph g, String numbers) {
    return g.node(
        "ReduceMax",
        List.of(numbers),
        Attribute.of("axes", new long[] {0}),
        Attribute.of("keepdims", 0L));
  }

  /** A tensor with its dimensions in another order. */
  static String turned(OnnxGraph g, String x, long... order) {
    return g.node("Transpose", List.of(x), Attribute.of("perm", order));
  }

  /** The same steps with other features. */
  OnnxSteps with(String other) {
    return new OnnxSteps(graph, other, n);
  }

  /** The numbers from 0 to before the length of the first dimension: (time). */
  String times() {
    String time = graph.node("Gather", graph.node("Shape", x), graph.number(0L));
    return graph.node("Range", graph.number(0L), time, graph.number(1L));
  }

  /** Whether a step is one of its document: (time, batch, 1). */
  String inside() {
    String t = graph.node("Unsqueeze", times(), graph.longs(1));
    return graph.node("Unsqueeze", graph.node("Less", t, n), graph.longs(2));
  }

  /** The same from a step of each document (batch) on. */
  String insideFrom(String first) {
    String t = graph.node("Unsqueeze", times(), graph.longs(1));
    String behind =
        graph.node("Unsqueeze", graph.node("Not", graph.node("Less", t, first)), graph.longs(2));
    return graph.node("And", behind, inside());
  }

  /** Truth values as 1 and 0. */
  String mask(String inside) {
    return graph.node("Cast", List.of(inside), Attribute.of("to", OnnxGraph.FLOAT));
  }

  /** x, 0 where a step is none of its document. */
  OnnxSteps masked() {
    return with(graph.node("Mul", x, mask(inside())));
  }

  /**
   * The mean of the steps that are inside: (batch, width).
   *
   * @param count of them (batch), int64
   */
  String mean(String inside, String count) {
    String total =
        graph.node(
            "ReduceSum",
            List.of(graph.node("Mul", x, mask(inside)), graph.longs(0)),
            Attribute.of("keepdims", 0L));
    return graph.node("Div", total, graph.node("Unsqueeze", mask(count), graph.longs(1)));
  }

  /** The greatest of the steps that are inside: (batch, width). */
  String most(String inside) {
    return graph.node(
        "ReduceMax",
        List.of(lowered(inside)),
        Attribute.of("axes", new long[] {0}),
        Attribute.of("keepdims", 0L));
  }

  /** x, the least of numbers where a step is not inside. */
  String lowered(String inside) {
    return graph.node("Where", inside, x, graph.number(-3e38f));
  }

  /** The last step of each document: (batch, width). */
  String last() {
    OnnxGraph g = graph;
    String at = g.node("Unsqueeze", g.node("Sub", n, g.number(1L)), g.longs(0, 2)); // (1, batch, 1)
    String shape = g.node("Shape", x);
    String row =
        g.node(
            "Concat",
            List.of(g.longs(1), g.node("Slice", shape, g.longs(1), g.longs(3))),
            Attribute.of("axis", 0L));
    String index = g.node("Expand", at, row); // (1, batch, width)
    String step = g.node("GatherElements", List.of(x, index), Attribute.of("axis", 0L));
    return g.node("Squeeze", step, g.longs(0));
  }
}
