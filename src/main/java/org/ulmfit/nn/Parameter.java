package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A named trainable tensor.
 *
 * <p>Its gradient comes either from autograd or, where the kernels compute it by hand (embedding,
 * decoder bias), from a buffer of its own.
 */
public final class Parameter {

  private final String name;
  private final NDArray value;
  private final boolean byHand;
  private final boolean normOrBias;
  private @Nullable NDArray buffer;
  private boolean trainable;

  Parameter(String name, NDArray value, boolean byHand, boolean normOrBias) {
    this.name = name;
    this.value = value;
    this.byHand = byHand;
    this.normOrBias = normOrBias;
  }

  /** The name inside its part, as fastai 2 writes it. */
  public String name() {
    return name;
  }

  /** float32. */
  public NDArray value() {
    return value;
  }

  /** Batch-norm parameters and the biases of decoder and head, which fastai 2 does not decay. */
  public boolean normOrBias() {
    return normOrBias;
  }

  public boolean trainable() {
    return trainable;
  }

  /** Freezes or unfreezes; a parameter that was never trainable costs no gradient memory. */
  public void trainable(boolean on) {
    trainable = on;
    if (!byHand) {
      value.setRequiresGradient(on);
    } else if (on && buffer == null) {
      buffer = value.getManager().zeros(value.getShape());
    }
  }

  /** The gradient buffer the kernels add to; only for gradients computed by hand. */
  NDArray buffer() {
    return Objects.requireNonNull(buffer, name);
  }

  /** The gradient accumulated so far, same shape as the value; owned by {@code step}. */
  public NDArray gradient(NDManager step) {
    if (byHand) {
      return Objects.requireNonNull(buffer, name);
    }
    NDArray gradient = value.getGradient();
    gradient.attach(step);
    return gradient;
  }
}
