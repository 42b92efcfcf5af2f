package org.ulmfit.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.ulmfit.nn.AwdLstm;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.TiedDecoder;
import org.ulmfit.train.Evaluation;
import org.ulmfit.vocab.TokenStore;

/**
 * A pass of a language model over held-out texts: full softmax, no dropout, the state carried on.
 */
final class LmValidation {
  /** A number that no phase of a training has, so that validation draws windows of its own. */
  private static final int PHASE = 1 << 20;

  private LmValidation() {}

  /** Loss in nats per token. */
  static Evaluation of(LanguageModel model, TokenStore texts, LmBatches.Config config, long seed) {
    LmBatches.Config fitting = fitting(config, texts);
    LmBatches windows = LmBatches.open(texts, fitting, seed, PHASE, 0);
    TiedDecoder.Score total =
        Kernels.withoutRecording(() -> score(model, windows, fitting.batchSize()));
    return new Evaluation(
        total.lossSum() / total.rows(), (double) total.hits() / total.rows(), null, total.rows());
  }

  private static TiedDecoder.Score score(LanguageModel model, LmBatches windows, int rows) {
    TiedDecoder.Score total = new TiedDecoder.Score(0, 0, 0);
    try (NDManager pass = model.manager().newSubManager()) {
      AwdLstm.State carried = model.encoder().zeroState(pass, rows);
      while (windows.hasNext()) {
        LmBatch batch = windows.next();
        try (NDManager step = pass.newSubManager()) {
          NDArray ids = step.create(batch.x(), new Shape(batch.time(), batch.rows()));
          AwdLstm.Output out = model.encoder().evaluate(step, ids, carried);
          NDArray flat = out.top().reshape(new Shape((long) batch.time() * batch.rows(), -1));
          total = total.plus(model.decoder().score(step, flat, step.create(batch.y())));
          carried.close();
          carried = out.state().attach(pass);
        }
      }
    }
    return total;
  }

  /** Small held-out sets get fewer parallel streams, so that at least one window of text fits. */
  private static LmBatches.Config fitting(LmBatches.Config config, TokenStore texts) {
    boolean fixed = config.window() == LmBatches.Window.FIXED;
    long least = fixed ? config.bptt() + 1 : 2L * config.bptt(); // 0.7: n // bptt - 1 batches
    long most = Math.max(1, (texts.tokens() - 1) / least);
    return new LmBatches.Config(
        (int) Math.min(config.batchSize(), most),
        config.bptt(),
        config.window(),
        config.shuffle(),
        config.backward(),
        config.plainStream());
  }
}
