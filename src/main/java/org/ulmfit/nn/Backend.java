package org.ulmfit.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;

/** What computes: a device, the kernels in one precision, and the owner of all arrays. */
public final class Backend implements AutoCloseable {
  private final Precision precision;
  private final NDManager manager;
  private final Kernels kernels;

  private Backend(Precision precision, NDManager manager, Kernels kernels) {
    this.precision = precision;
    this.manager = manager;
    this.kernels = kernels;
  }

  /** Opens a device. */
  public static Backend open(Device device, Precision precision) {
    NDManager manager = Torch.engine().newBaseManager(device);
    try {
      return new Backend(precision, manager, Kernels.load(device, precision.arithmetic()));
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  public Device device() {
    return manager.getDevice();
  }

  public NDManager manager() {
    return manager;
  }

  public Kernels kernels() {
    return kernels;
  }

  public Precision precision() {
    return precision;
  }

  /** Seeds the engine's generator, which all of the process shares. */
  public void seed(long seed) {
    Torch.seed(seed);
  }

  @Override
  public void close() {
    kernels.close();
    manager.close();
  }
}
