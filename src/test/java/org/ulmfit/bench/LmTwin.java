package org.ulmfit.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;
import org.ulmfit.lm.LanguageModel;
import org.ulmfit.lm.LmBatch;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.Masks;
import org.ulmfit.nn.Parameter;
import org.ulmfit.nn.PlainDjl;
import org.ulmfit.nn.Torch;

/**
 * The language model's training step as one would write it in DJL alone: autograd through the whole
 * tied softmax, DJL's Adam, global-norm clipping, the same dropouts and regularisers. Float32.
 */
public final class LmTwin implements AutoCloseable {

  private final NDManager manager;
  private final AwdLstm.Sizes sizes;
  private final Masks.Rates rates;
  private final double alpha;
  private final double beta;
  private final double clip;
  private final NDArray embedding;
  private final NDArray bias;
  private final List<NDList> layers = new ArrayList<>();
  private final Optimizer optimizer;
  private NDList h;
  private NDList c;

  /** Starts from copies of a model's weights. */
  public LmTwin(
      NDManager parent,
      LanguageModel model,
      Masks.Rates rates,
      double alpha,
      double beta,
      double clip,
      double rate) {
    this.manager = parent.newSubManager();
    this.sizes = model.encoder().sizes();
    this.rates = rates;
    this.alpha = alpha;
    this.beta = beta;
    this.clip = clip;
    this.embedding = leaf(model.encoder().embedding());
    this.bias = leaf(model.decoder().bias());
    for (int l = 0; l < sizes.layers(); l++) {
      NDList layer = new NDList();
      model.encoder().layer(l).forEach(p -> layer.add(leaf(p)));
      layers.add(layer);
    }
    this.optimizer =
        Adam.builder()
            .optLearningRateTracker(Tracker.fixed((float) rate))
            .optBeta1(.9f)
            .optBeta2(.99f)
            .optEpsilon(1e-7f)
            .build();
  }

  private NDArray leaf(Parameter parameter) {
    NDArray copy = parameter.value().duplicate();
    copy.attach(manager);
    copy.setRequiresGradient(true);
    return copy;
  }

  private static NDArray mask(NDManager step, double p, long... shape) {
    NDArray u = step.randomUniform(0, 1, new Shape(shape));
    return u.gte((float) p).toType(DataType.FLOAT32, false).div((float) (1 - p));
  }

  /** One step; the hidden state carries on. Returns the mean cross-entropy. */
  public double step(LmBatch batch) {
    int rows = batch.rows();
    if (h == null) {
      zeroState(rows);
    }
    try (NDManager step = manager.newSubManager()) {
      NDArray ids = step.create(batch.x(), new Shape(batch.time(), rows));
      NDArray targets = step.create(batch.y());
      double loss;
      NDList newH = new NDList();
      NDList newC = new NDList();
      try (GradientCollector collector = Torch.engine().newGradientCollector()) {
        NDArray y =
            PlainDjl.embed(
                embedding, mask(step, rates.embedding(), sizes.vocabulary(), 1), ids); // (T, B, E)
        for (int l = 0; l < sizes.layers(); l++) {
          double p = l == 0 ? rates.input() : rates.hidden();
          NDArray locked = mask(step, p, 1, rows, sizes.in(l));
          NDArray drop = mask(step, rates.weight(), 4L * sizes.out(l), sizes.out(l));
          NDList r = PlainDjl.lstm(y, locked, h.get(l), c.get(l), drop, layers.get(l));
          r.attach(step);
          y = r.get(0);
          newH.add(r.get(1).stopGradient());
          newC.add(r.get(2).stopGradient());
        }
        NDArray dropped = y.mul(mask(step, rates.output(), 1, rows, sizes.embedding()));
        NDArray flat = dropped.reshape(new Shape((long) batch.time() * rows, -1));
        NDArray ce = PlainDjl.decode(flat, embedding, bias, targets);
        NDArray total = ce.add(PlainDjl.regularisers(dropped, y, alpha, beta));
        loss = ce.getFloat();
        collector.backward(total);
      }
      h.close();
      c.close();
      newH.attach(manager);
      newC.attach(manager);
      h = newH;
      c = newC;
      update(step);
      return loss;
    }
  }

  private void zeroState(int rows) {
    h = new NDList();
    c = new NDList();
    for (int l = 0; l < sizes.layers(); l++) {
      h.add(manager.zeros(new Shape(1, rows, sizes.out(l))));
      c.add(manager.zeros(new Shape(1, rows, sizes.out(l))));
    }
  }

  private NDList parameters() {
    NDList all = new NDList(embedding, bias);
    layers.forEach(all::addAll);
    return all;
  }

  private void update(NDManager step) {
    NDList parameters = parameters();
    NDList gradients = new NDList();
    double squares = 0;
    for (NDArray p : parameters) {
      NDArray g = p.getGradient();
      g.attach(step);
      gradients.add(g);
      squares += g.mul(g).sum().getFloat();
    }
    float scale = (float) Math.min(1, clip / (Math.sqrt(squares) + 1e-6));
    for (int i = 0; i < parameters.size(); i++) {
      NDArray p = parameters.get(i);
      NDArray g = gradients.get(i);
      if (scale < 1) {
        g.muli(scale);
      }
      p.setRequiresGradient(false);
      optimizer.update(Integer.toString(i), p, g);
      p.setRequiresGradient(true);
      g.subi(g);
    }
  }

  /** The embedding as trained so far, (V, E). */
  public float[] embedding() {
    return embedding.toFloatArray();
  }

  @Override
  public void close() {
    manager.close();
  }
}
