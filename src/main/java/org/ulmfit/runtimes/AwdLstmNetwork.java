package org.ulmfit.runtimes;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.ulmfit.config.Recipe;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.runtimes.OnnxGraph.Attribute;

/**
 * The concat-pooling classifier on an AWD-LSTM. All steps are read; those at the end that the
 * chunks of training would pool are pooled.
 */
final class AwdLstmNetwork implements Network {

  private static final String ENCODER = "0.module.";
  private static final int PIECE = 256; // steps read at a time in TorchScript: it bounds memory

  private final AwdLstmSizes sizes;
  private final ModelConfig.Head head;
  private final int padId;
  private final boolean backward;
  private final boolean lesson;

  AwdLstmNetwork(ModelConfig config, int padId) {
    this.sizes = config.awdLstm();
    this.head = Objects.requireNonNull(config.head()); // a classifier has one
    this.padId = padId;
    this.backward = config.backward();
    this.lesson = head.layout() == Recipe.Layout.LESSON;
  }

  private int embedding() {
    return sizes.embeddingSize();
  }

  private int in(int layer) {
    return layer == 0 ? embedding() : sizes.hiddenSize();
  }

  private int out(int layer) {
    return layer == sizes.layers() - 1 ? embedding() : sizes.hiddenSize();
  }

  private static String tensor(int layer, String name) {
    return ENCODER + "rnns." + layer + "." + name;
  }

  @Override
  public String torchScript(TorchScriptText t) {
    t.set("x", t.call("reading_order", "ids", "lengths", padId, backward, lesson));
    t.set("n", t.call("steps", "lengths", "x", lesson));
    t.set("first", t.call("first_pooled", "n", head.bptt(), head.maxLength(), lesson));
    t.set("rows", "torch.size(x, 1)");
    String pooled = t.call("zeros", "x", "[rows, " + embedding() + "]");
    t.set("last", pooled).set("most", "torch.sub(" + pooled + ", 3.0e38)").set("total", pooled);
    for (int l = 0; l < sizes.layers(); l++) {
      String state = t.call("zeros", "x", "[1, rows, " + out(l) + "]");
      t.set("h" + l, state).set("c" + l, state);
    }
    t.times("torch.floordiv(torch.add(torch.size(x, 0), " + (PIECE - 1) + "), " + PIECE + ")");
    t.set("start", "torch.mul(i, " + PIECE + ")");
    t.set("part", "torch.slice(x, 0, start, torch.add(start, " + PIECE + "), 1)");
    String table = t.weight(ENCODER + "encoder.weight", sizes.vocabularySize(), embedding());
    t.set("y", t.call("embed_plain", table, "part"));
    for (int l = 0; l < sizes.layers(); l++) {
      t.set("y, h" + l + ", c" + l, layer(t, l));
    }
    t.set("_0", t.call("pool_from", "last", "most", "total", "y", "first", "n", "start"));
    t.end();
    t.set("count", "torch.unsqueeze(torch.to(torch.sub(n, first), 6), 1)");
    t.set("pooled", t.call("pool_whole", "last", "most", "total", "count"));
    return head(t);
  }

  /** One layer of the piece, carrying its state on. */
  private String layer(TorchScriptText t, int l) {
    long gates = 4L * out(l);
    return t.call(
        "lstm_read",
        "y",
        "h" + l,
        "c" + l,
        t.weight(tensor(l, "module.weight_ih_l0"), gates, in(l)),
        t.weight(tensor(l, "weight_hh_l0_raw"), gates, out(l)),
        t.weight(tensor(l, "module.bias_ih_l0"), gates),
        t.weight(tensor(l, "module.bias_hh_l0"), gates));
  }

  private String head(TorchScriptText t) {
    List<Object> arguments = new ArrayList<>(List.of("pooled"));
    for (int k = 0; k < 2; k++) {
      for (String name : NORM) {
        arguments.add(t.weight(norm(k) + name, width(k)));
      }
      arguments.add(t.weight(linear(k) + "weight", width(k + 1), width(k)));
      String none = t.call("zeros", "x", "[" + width(k + 1) + "]");
      arguments.add(head.bias() ? t.weight(linear(k) + "bias", width(k + 1)) : none);
    }
    arguments.add(t.call("zeros", "x", "[4]")); // no dropout, the running statistics
    return t.call("head", arguments.toArray());
  }

  private static final List<String> NORM = List.of("weight", "bias", "running_mean", "running_var");

  private static String norm(int k) {
    return "1.layers." + k + ".0.";
  }

  private static String linear(int k) {
    return "1.layers." + k + ".2.";
  }

  /** Width before each of the head's two blocks, and behind them. */
  private long width(int k) {
    return k == 0 ? 3L * embedding() : k == 1 ? head.hiddenSize() : head.classes();
  }

  @Override
  public String onnx(OnnxGraph g) {
    OnnxSteps ids = OnnxSteps.read(g, padId, backward, lesson);
    String table = g.weight(ENCODER + "encoder.weight", sizes.vocabularySize(), embedding());
    OnnxSteps steps = ids.with(g.node("Gather", table, ids.x())); // (time, batch, emb)
    for (int l = 0; l < sizes.layers(); l++) {
      OnnxRecurrent layer = new OnnxRecurrent(4, out(l), false);
      steps =
          layer.read(
              steps,
              layer.tensors(
                  g,
                  in(l),
                  tensor(l, "module.weight_ih_l0"),
                  tensor(l, "weight_hh_l0_raw"),
                  tensor(l, "module.bias_ih_l0"),
                  tensor(l, "module.bias_hh_l0")));
    }
    return head(g, pooled(steps));
  }

  /** [last, max, mean] (batch, 3E) of the top output. */
  private String pooled(OnnxSteps steps) {
    OnnxGraph g = steps.graph();
    String first = firstPooled(g, steps.n());
    String inside = steps.insideFrom(first); // (time, batch, 1)
    String mean = steps.mean(inside, g.node("Sub", steps.n(), first));
    return g.node(
        "Concat", List.of(steps.last(), steps.most(inside), mean), Attribute.of("axis", 1L));
  }

  /** As torchscript.txt's first_pooled does. ONNX's division of whole numbers cuts off. */
  private String firstPooled(OnnxGraph g, String steps) {
    String bptt = g.number((long) head.bptt());
    String longest = g.number((long) head.maxLength());
    String last = g.node("Div", g.node("Sub", steps, g.number(1L)), bptt);
    String over = g.node("Max", g.node("Sub", steps, longest), g.number(0L));
    String left;
    if (lesson) {
      String whole = g.node("Add", g.node("Div", over, bptt), g.number(1L));
      left = g.node("Where", g.node("Less", steps, longest), g.number(0L), whole);
    } else {
      left = g.node("Div", g.node("Add", over, g.number(head.bptt() - 1L)), bptt);
    }
    return g.node("Mul", g.node("Min", left, last), bptt);
  }

  private String head(OnnxGraph g, String features) {
    String x = features;
    for (int k = 0; k < 2; k++) {
      List<String> norm = new ArrayList<>(List.of(x));
      for (String name : NORM) {
        norm.add(g.weight(norm(k) + name, width(k)));
      }
      x = g.node("BatchNormalization", norm, Attribute.of("epsilon", 1e-5f));
      List<String> linear = new ArrayList<>(List.of(x));
      linear.add(g.weight(linear(k) + "weight", width(k + 1), width(k)));
      if (head.bias()) {
        linear.add(g.weight(linear(k) + "bias", width(k + 1)));
      }
      x = g.node("Gemm", linear, Attribute.of("transB", 1L));
      x = k == 0 ? g.node("Relu", x) : x;
    }
    return x;
  }
}
