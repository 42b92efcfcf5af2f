package org.ulmfit.runtimes;

import java.util.ArrayList;
import java.util.List;
import org.ulmfit.runtimes.OnnxGraph.Attribute;

/** The nodes of a {@link LayeredNetwork}. */
final class LayeredOnnx {

  private static final float EPSILON = 1e-3f; // of StepNorm

  private final LayeredNetwork network;
  private final OnnxGraph g;

  LayeredOnnx(LayeredNetwork network, OnnxGraph graph) {
    this.network = network;
    this.g = graph;
  }

  String logits() {
    OnnxSteps ids = cut(kept(OnnxSteps.read(g, network.padId(), false, false)));
    String table =
        g.weight(LayeredNetwork.TABLE, network.config().vocabularySize(), network.tableWidth());
    OnnxSteps steps = ids.with(g.node("Gather", table, ids.x())); // (time, batch, emb)
    if (network.config().embeddingNorm()) {
      steps = norm(steps);
    }
    steps =
        switch (network.body()) {
          case NONE -> steps;
          case RNN, LSTM, BILSTM -> recurrent(steps);
          case SEPARABLE -> separable(steps);
          case GATED -> gated(steps.masked());
        };
    return dense(pool(steps));
  }

  /** The documents without marks, their other tokens moved together. */
  private OnnxSteps kept(OnnxSteps read) {
    long[] marks = g.numbers(LayeredNetwork.MARKS);
    String x = OnnxSteps.turned(g, read.x(), 1, 0); // (batch, time)
    String t = g.node("Unsqueeze", read.times(), g.longs(0));
    String keep = g.node("Less", t, g.node("Unsqueeze", "lengths", g.longs(1)));
    if (marks.length > 0) {
      keep = g.node("And", keep, g.node("Not", isOneOf(x, marks)));
    }
    String k = whole(keep);
    String one = g.number(1L);
    String count = g.node("ReduceSum", List.of(k, g.longs(1)), Attribute.of("keepdims", 1L));
    String others =
        g.node("Add", count, g.node("CumSum", g.node("Sub", one, k), one)); // behind those kept
    String place = g.node("Sub", g.node("Where", keep, g.node("CumSum", k, one), others), one);
    String updates = g.node("Where", keep, x, g.number((long) network.padId()));
    String moved = g.node("ScatterElements", List.of(x, place, updates), Attribute.of("axis", 1L));
    String n = g.node("Max", g.node("Squeeze", count, g.longs(1)), one);
    return new OnnxSteps(g, moved, n);
  }

  /** Whether an id of x (batch, time) is among some. */
  private String isOneOf(String x, long... ids) {
    String each = g.node("Equal", g.node("Unsqueeze", x, g.longs(2)), g.longs(ids));
    String any =
        g.node(
            "ReduceMax",
            List.of(whole(each)),
            Attribute.of("axes", new long[] {2}),
            Attribute.of("keepdims", 0L));
    return g.node("Equal", any, g.number(1L));
  }

  private String whole(String truth) {
    return g.node("Cast", List.of(truth), Attribute.of("to", OnnxGraph.INT64));
  }

  /** What is read of documents (batch, time): (time, batch) ids. */
  private OnnxSteps cut(OnnxSteps documents) {
    long length = network.config().length();
    boolean fill = !network.config().masking();
    String most = g.number(length);
    String n = documents.n();
    String read = length > 0 ? g.node("Min", n, most) : n;
    String steps = fill ? most : OnnxSteps.longest(g, read);
    String t =
        g.node(
            "Unsqueeze",
            g.node("Range", g.number(0L), steps, g.number(1L)),
            g.longs(0)); // (1, time)
    String inside = g.node("Less", t, g.node("Unsqueeze", read, g.longs(1)));
    String start = network.atEnd() ? g.node("Sub", n, read) : g.node("Sub", n, n);
    String at = g.node("Add", t, g.node("Unsqueeze", start, g.longs(1)));
    String index = g.node("Where", inside, at, g.number(0L));
    String x = g.node("GatherElements", List.of(documents.x(), index), Attribute.of("axis", 1L));
    String padded = g.node("Where", inside, x, g.number((long) network.padId()));
    String own = fill ? g.node("Expand", most, g.node("Shape", "lengths")) : read;
    return new OnnxSteps(g, OnnxSteps.turned(g, padded, 1, 0), own);
  }

  private OnnxSteps norm(OnnxSteps in) {
    long width = network.tableWidth();
    String variance = g.node("Add", g.weight("norm.running_var", width), g.number(EPSILON));
    String scale = g.node("Div", g.weight("norm.weight", width), g.node("Sqrt", variance));
    String centred = g.node("Sub", in.x(), g.weight("norm.running_mean", width));
    String x = g.node("Add", g.node("Mul", centred, scale), g.weight("norm.bias", width));
    return in.with(x).masked();
  }

  private OnnxSteps recurrent(OnnxSteps in) {
    OnnxSteps steps = in;
    for (int l = 0; l < network.layers(); l++) {
      OnnxSteps forward = direction(steps, l, 0);
      steps = network.both(l) ? joined(forward, direction(steps, l, 1)) : forward;
    }
    return steps;
  }

  private OnnxSteps joined(OnnxSteps a, OnnxSteps b) {
    return a.with(g.node("Concat", List.of(a.x(), b.x()), Attribute.of("axis", 2L)));
  }

  private OnnxSteps direction(OnnxSteps in, int l, int d) {
    OnnxRecurrent layer =
        new OnnxRecurrent(network.gates(), network.config().units().get(l), d == 1);
    String name = LayeredNetwork.name(l);
    String end = d == 0 ? "_l0" : "_l0_reverse";
    String recurrent = name + "weight_hh" + end;
    String bias = name + "bias_ih" + end;
    long width = network.width(l);
    if (l > 0 || network.config().embeddingSize() > 0) {
      String input = name + "weight_ih" + end;
      return layer.read(in, layer.tensors(g, width, input, recurrent, bias, null));
    }
    String part =
        g.weight(
            "part_" + d,
            new long[] {1, layer.gates() * layer.units(), width},
            () -> layer.reordered(network.part(d)));
    return layer.read(in, layer.tensors(g, part, recurrent, bias, null));
  }

  private OnnxSteps separable(OnnxSteps in) {
    OnnxSteps steps = in;
    for (int l = 0; l < network.layers(); l++) {
      long filters = network.config().units().get(l);
      for (int k = 0; k < 2; k++) {
        long width = k == 0 ? network.width(l) : filters;
        String own = LayeredNetwork.name(l) + k + ".";
        OnnxSteps depth =
            convolution(
                steps.masked(),
                1,
                width,
                g.weight(own + "depthwise", width, 1, network.config().kernelSize()));
        String point = OnnxSteps.turned(g, g.weight(own + "pointwise", filters, width), 1, 0);
        String joined = g.node("MatMul", depth.x(), point);
        steps = steps.with(g.node("Relu", g.node("Add", joined, g.weight(own + "bias", filters))));
      }
      if (l < network.layers() - 1) {
        steps = pooled(steps);
      }
    }
    return steps;
  }

  /** The greatest of every few steps; what is left of a document is a step. */
  private OnnxSteps pooled(OnnxSteps in) {
    long size = network.config().poolSize();
    String most =
        g.node(
            "MaxPool",
            List.of(OnnxSteps.turned(g, in.lowered(in.inside()), 1, 2, 0)),
            Attribute.of("kernel_shape", new long[] {size}),
            Attribute.of("strides", new long[] {size}),
            Attribute.of("ceil_mode", 1L));
    String n = g.node("Div", g.node("Add", in.n(), g.number(size - 1)), g.number(size));
    return new OnnxSteps(g, OnnxSteps.turned(g, most, 2, 0, 1), n).masked();
  }

  private OnnxSteps gated(OnnxSteps in) {
    OnnxSteps steps = in;
    long width = network.tableWidth();
    for (int l = 0; l < network.layers(); l++) {
      String name = LayeredNetwork.name(l);
      String both =
          convolution(
                  steps,
                  network.config().dilations().get(l),
                  1,
                  g.weight(name + "weight", 2 * width, width, network.config().kernelSize()),
                  g.weight(name + "bias", 2 * width))
              .x();
      String s = g.node("Sigmoid", g.node("Slice", both, g.longs(0), g.longs(width), g.longs(2)));
      String value = g.node("Slice", both, g.longs(width), g.longs(2 * width), g.longs(2));
      String rest = g.node("Sub", g.number(1f), s);
      steps =
          steps
              .with(g.node("Add", g.node("Mul", s, steps.x()), g.node("Mul", rest, value)))
              .masked();
    }
    return steps;
  }

  /**
   * A convolution over the steps, as wide as they are.
   *
   * @param weights of the filters, and their bias if they have one
   */
  private OnnxSteps convolution(OnnxSteps in, int dilation, long groups, String... weights) {
    List<String> inputs = new ArrayList<>(List.of(OnnxSteps.turned(g, in.x(), 1, 2, 0)));
    inputs.addAll(List.of(weights));
    String y =
        g.node(
            "Conv",
            inputs,
            Attribute.of("kernel_shape", new long[] {network.config().kernelSize()}),
            Attribute.of("dilations", new long[] {dilation}),
            Attribute.of("pads", network.before(dilation), network.after(dilation)),
            Attribute.of("group", groups));
    return in.with(OnnxSteps.turned(g, y, 2, 0, 1));
  }

  /** (batch, features). */
  private String pool(OnnxSteps steps) {
    String inside = steps.inside();
    return switch (network.pooling()) {
      case LAST -> last(steps);
      case MEAN -> steps.mean(inside, steps.n());
      case MAX -> steps.most(inside);
      case MEAN_MAX ->
          g.node(
              "Concat",
              List.of(steps.mean(inside, steps.n()), steps.most(inside)),
              Attribute.of("axis", 1L));
    };
  }

  /** Of columns that were read backward the first step. */
  private String last(OnnxSteps steps) {
    int split = network.forwardWidth();
    if (split == network.width(network.layers())) {
      return steps.last();
    }
    String forward = g.node("Slice", steps.last(), g.longs(0), g.longs(split), g.longs(1));
    String first = g.node("Gather", steps.x(), g.number(0L)); // (batch, width)
    String backward = g.node("Slice", first, g.longs(split), g.longs(2L * split), g.longs(1));
    return g.node("Concat", List.of(forward, backward), Attribute.of("axis", 1L));
  }

  private String dense(String features) {
    String x = features;
    long in = network.pooled();
    List<Integer> hidden = network.config().hidden();
    for (int k = 0; k < hidden.size(); k++) {
      x = g.node("Relu", linear(x, "hidden." + k + ".", in, hidden.get(k)));
      in = hidden.get(k);
    }
    return linear(x, "output.", in, network.config().classes());
  }

  private String linear(String x, String name, long in, long out) {
    return g.node(
        "Gemm",
        List.of(x, g.weight(name + "weight", out, in), g.weight(name + "bias", out)),
        Attribute.of("transB", 1L));
  }
}
