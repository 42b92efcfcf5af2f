package org.ulmfit.runtimes;

import java.util.List;

/** {@code forward} of a {@link LayeredNetwork}; x are steps (T,B,W), n those of each document. */
final class LayeredTorchScript {

  private final LayeredNetwork network;
  private final TorchScriptText t;

  LayeredTorchScript(LayeredNetwork network, TorchScriptText forward) {
    this.network = network;
    this.t = forward;
  }

  String logits() {
    read();
    String table =
        t.weight(LayeredNetwork.TABLE, network.config().vocabularySize(), network.tableWidth());
    t.set("x", t.call("embed_plain", table, "x"));
    t.set("mask", t.call("mask", "x", "n"));
    if (network.config().embeddingNorm()) {
      norm();
    }
    switch (network.body()) {
      case NONE -> {}
      case RNN, LSTM, BILSTM -> recurrent();
      case SEPARABLE -> separable();
      case GATED -> gated();
    }
    pool();
    return dense();
  }

  /** The documents without marks, cut or filled up: x (T,B) ids. */
  private void read() {
    long[] marks = t.numbers(LayeredNetwork.MARKS);
    t.set(
        "x",
        "torch.t("
            + t.call("reading_order", "ids", "lengths", network.padId(), false, false)
            + ")");
    t.set("n", "torch.to(lengths, 4)");
    t.set("keep", t.call("own", "n", "torch.size(x, 1)"));
    for (long mark : marks) {
      t.set("keep", "torch.logical_and(keep, torch.ne(x, " + mark + "))");
    }
    t.set("x", t.call("kept", "x", "keep", network.padId()));
    t.set("n", "torch.clamp_min(torch.sum(keep, [1]), 1)");
    int length = network.config().length();
    boolean fill = !network.config().masking();
    t.set("x, n", t.call("cut", "x", "n", network.padId(), length, network.atEnd(), fill));
  }

  private void norm() {
    long width = network.tableWidth();
    // no statistics of the batch, no momentum: the third number is epsilon
    String settings = "torch.add(" + t.call("zeros", "x", "[3]") + ", 0.001)";
    t.set(
        "x",
        t.call(
            "norm_steps",
            "x",
            t.call("places", "mask"),
            t.weight("norm.weight", width),
            t.weight("norm.bias", width),
            t.weight("norm.running_mean", width),
            t.weight("norm.running_var", width),
            settings));
  }

  private void recurrent() {
    for (int l = 0; l < network.layers(); l++) {
      if (!network.both(l)) {
        t.set("x", direction(l, 0, "x"));
        continue;
      }
      t.set("turned", t.call("turned", "x", "n"));
      t.set("back", direction(l, 1, t.call("take_steps", "x", "turned")));
      t.set(
          "x",
          "torch.cat(["
              + direction(l, 0, "x")
              + ", "
              + t.call("take_steps", "back", "turned")
              + "], 2)");
    }
  }

  /** One reading of the steps by a recurrent layer. */
  private String direction(int l, int d, String x) {
    String end = d == 0 ? "_l0" : "_l0_reverse";
    long units = network.config().units().get(l);
    long gates = network.gates() * units;
    String name = LayeredNetwork.name(l);
    boolean oneHot = l == 0 && network.config().embeddingSize() == 0;
    long in = network.width(l);
    String input =
        oneHot
            ? t.tensor("part_" + d, () -> network.part(d), gates, in)
            : t.weight(name + "weight_ih" + end, gates, in);
    String recurrent = t.weight(name + "weight_hh" + end, gates, units);
    String bias = t.weight(name + "bias_ih" + end, gates);
    if (network.gates() == 1) {
      return t.call("rnn", x, input, recurrent, bias);
    }
    String zero = t.call("zeros", "x", "[1, torch.size(x, 1), " + units + "]");
    String none = t.call("zeros", "x", "[" + gates + "]");
    t.set("y, h, c", t.call("lstm_read", x, zero, zero, input, recurrent, bias, none));
    return "y";
  }

  private void separable() {
    int kernel = network.config().kernelSize();
    int pool = network.config().poolSize();
    for (int l = 0; l < network.layers(); l++) {
      long filters = network.config().units().get(l);
      for (int k = 0; k < 2; k++) {
        long in = k == 0 ? network.width(l) : filters;
        String own = LayeredNetwork.name(l) + k + ".";
        t.set(
            "x",
            t.call(
                "separable",
                "x",
                "mask",
                t.weight(own + "depthwise", in, 1, kernel),
                t.weight(own + "pointwise", filters, in),
                t.weight(own + "bias", filters)));
      }
      if (l < network.layers() - 1) {
        t.set("x", t.call("max_pool", "x", "mask", t.call("number", "x", pool)));
        t.set("n", "torch.floor_divide(torch.add(n, " + (pool - 1) + "), " + pool + ")");
        t.set("mask", t.call("mask", "x", "n"));
        t.set("x", "torch.mul(x, mask)");
      }
    }
  }

  private void gated() {
    t.set("x", "torch.mul(x, mask)");
    long width = network.tableWidth();
    for (int l = 0; l < network.layers(); l++) {
      String name = LayeredNetwork.name(l);
      t.set(
          "x",
          t.call(
              "gated",
              "x",
              "mask",
              t.weight(name + "weight", 2 * width, width, network.config().kernelSize()),
              t.weight(name + "bias", 2 * width),
              t.call("with_zero", "x", network.config().dilations().get(l))));
    }
  }

  private void pool() {
    t.set("count", "torch.unsqueeze(torch.to(n, 6), 1)");
    String mean = t.call("pool_mean", "x", "mask", "count");
    String most = t.call("pool_max", "x", "mask");
    String split = t.call("number", "x", network.forwardWidth());
    t.set(
        "x",
        switch (network.pooling()) {
          case LAST -> t.call("pool_last", "x", "torch.sub(n, 1)", split);
          case MEAN -> mean;
          case MAX -> most;
          case MEAN_MAX -> "torch.cat([" + mean + ", " + most + "], 1)";
        });
  }

  private String dense() {
    long in = network.pooled();
    List<Integer> hidden = network.config().hidden();
    for (int k = 0; k < hidden.size(); k++) {
      String name = "hidden." + k + ".";
      long out = hidden.get(k);
      t.set(
          "x",
          t.call(
              "dense_relu", "x", t.weight(name + "weight", out, in), t.weight(name + "bias", out)));
      in = out;
    }
    long classes = network.config().classes();
    return t.call(
        "dense", "x", t.weight("output.weight", classes, in), t.weight("output.bias", classes));
  }
}
