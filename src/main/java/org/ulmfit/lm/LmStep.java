package org.ulmfit.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Masks;
import org.ulmfit.nn.TiedDecoder;

/**
 * Forward and backward of one batch of the language model. The decoder's gradient is computed by
 * hand, so autograd starts at the encoder's output: its scalar is sum(dropped · dh) + AR + TAR.
 */
final class LmStep {

  private LmStep() {}

  /**
   * Activation regularisation, Merity et al. 2017 §4.4.
   *
   * @param onDropped AR on the output after its dropout (fastai 2, Merity) or before (0.7)
   */
  record Regularisation(double alpha, double beta, boolean onDropped) {

    static Regularisation of(Recipe.LanguageModel settings) {
      return new Regularisation(
          settings.alpha(), settings.beta(), settings.regularise() == Recipe.Regularise.DROPPED);
    }

    private float[] settings() {
      return new float[] {(float) alpha, (float) beta, onDropped ? 1 : 0};
    }
  }

  /**
   * The decoder's mean loss and gradient over rows (rows, E): the full softmax or a sampled one.
   */
  interface Softmax {
    TiedDecoder.Loss lossAndGradients(NDManager step, NDArray h, NDArray targets);
  }

  /** Mean loss (nats) of the softmax, the two regularisers, the state after the batch. */
  record Result(double loss, NDArray ar, NDArray tar, AwdLstm.State state) {}

  static Result run(
      NDManager step,
      GradientCollector collector,
      LanguageModel model,
      Softmax softmax,
      LmBatch batch,
      AwdLstm.State state,
      Masks masks,
      NDArray outputMask,
      Regularisation regularisation,
      int padId) {
    AwdLstm encoder = model.encoder();
    Kernels kernels = model.kernels();
    NDArray ids = step.create(batch.x(), new Shape(batch.time(), batch.rows())); // (time, batch)
    AwdLstm.Lookup lookup = encoder.lookup(step, ids, masks);
    AwdLstm.Output out = encoder.forward(step, lookup.x(), state, masks);

    TiedDecoder.Loss loss =
        Kernels.withoutRecording(
            () -> decode(step, kernels, softmax, batch, out.top(), outputMask));
    NDArray dh = loss.inputGradient(); // (time, batch, emb)
    var total =
        kernels.call(
            step, "surrogate", out.top(), outputMask, dh, step.create(regularisation.settings()));
    collector.backward(total.get(0));
    encoder.lookupBackward(step, lookup, padId);
    return new Result(loss.mean(), total.get(1), total.get(2), out.state());
  }

  /** Mean loss of the encoder's output (time, batch, emb) and its gradient, of the same shape. */
  private static TiedDecoder.Loss decode(
      NDManager step,
      Kernels kernels,
      Softmax softmax,
      LmBatch batch,
      NDArray top,
      NDArray outputMask) {
    NDArray y = kernels.one(step, "to_float", top); // (time, batch, emb)
    NDArray dropped = outputMask.mul(y); // (time, batch, emb)
    dropped.attach(step);
    NDArray rows = dropped.reshape(new Shape((long) batch.time() * batch.rows(), -1));
    rows.attach(step); // (time * batch, emb)
    TiedDecoder.Loss loss = softmax.lossAndGradients(step, rows, step.create(batch.y()));
    NDArray dh = loss.inputGradient().reshape(dropped.getShape()); // (time, batch, emb)
    dh.attach(step);
    return new TiedDecoder.Loss(loss.mean(), dh);
  }
}
