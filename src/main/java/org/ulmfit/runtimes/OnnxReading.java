package org.ulmfit.runtimes;

import java.util.List;

/**
 * What any network begins with in ONNX: documents in the order in which it reads them.
 *
 * @param ids (time, batch), as long as the longest document
 * @param steps of each document (batch), int64: at least 1, and those of padding where that is fed
 */
record OnnxReading(OnnxGraph graph, String ids, String steps) {

  /**
   * Adds the nodes. What is none of a document's tokens is made padding, which stands before the
   * ids, where index 0 finds it; a length beyond the width fails.
   *
   * @param backward whether the last token is read first
   * @param left whether padding stands before a document, and is fed
   */
  static OnnxReading of(OnnxGraph g, int padId, boolean backward, boolean left) {
    String zero = g.number(0L);
    String one = g.number(1L);
    String length = g.node("Unsqueeze", "lengths", g.longs(1)); // (batch, 1)
    String longest =
        g.node(
            "ReduceMax",
            List.of(g.node("Max", "lengths", one)),
            OnnxGraph.Attribute.of("axes", new long[] {0}),
            OnnxGraph.Attribute.of("keepdims", 0L));
    String t = g.node("Unsqueeze", g.node("Range", zero, longest, one), g.longs(0)); // (1, time)
    String shift = left ? g.node("Sub", longest, length) : g.node("Sub", length, length);
    String k = g.node("Sub", t, shift); // (batch, time): place of the token in its document
    String at = backward ? g.node("Sub", length, k) : g.node("Add", k, one);
    String inside =
        g.node("And", g.node("Not", g.node("Less", k, zero)), g.node("Less", k, length));
    String padded = g.node("Pad", "ids", g.longs(0, 1, 0, 0), g.number((long) padId));
    String index = g.node("Where", inside, at, zero);
    String rows =
        g.node("GatherElements", List.of(padded, index), OnnxGraph.Attribute.of("axis", 1L));
    String ids =
        g.node("Transpose", List.of(rows), OnnxGraph.Attribute.of("perm", new long[] {1, 0}));
    String steps =
        left
            ? g.node("Expand", longest, g.node("Shape", "lengths"))
            : g.node("Max", "lengths", one);
    return new OnnxReading(g, ids, steps);
  }

  /** Whether a step is one of those from first to before steps: (time, batch, 1). */
  String inside(String first) {
    OnnxGraph g = graph;
    String longest = g.node("Gather", List.of(g.node("Shape", ids), g.number(0L)));
    String t =
        g.node("Unsqueeze", g.node("Range", g.number(0L), longest, g.number(1L)), g.longs(1));
    String pooled =
        g.node("And", g.node("Not", g.node("Less", t, first)), g.node("Less", t, steps));
    return g.node("Unsqueeze", pooled, g.longs(2)); // (time, batch, 1)
  }
}
