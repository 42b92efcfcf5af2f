package org.ulmfit.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;

/** What models are computed with: a device, the kernels on it, and the owner of their arrays. */
public final class Backend implements AutoCloseable {

  private final Device device;
  private final Precision precision;
  private final NDManager manager;
  private final Kernels kernels;

  private Backend(Device device, Precision precision, NDManager manager, Kernels kernels) {
    this.device = device;
    this.precision = precision;
    this.manager = manager;
    this.kernels = kernels;
  }

  /**
   * Opens a device.
   *
   * @throws org.ulmfit.UlmfitException (failure) if the engine does not start
   */
  public static Backend open(Device device, Precision precision) {
    NDManager manager = Torch.engine().newBaseManager(device);
    try {
      return new Backend(device, precision, manager, Kernels.load(device, precision.arithmetic()));
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /**
   * As {@link #open(Device, Precision)}, from settings.
   *
   * @param device {@code auto | cpu | cuda:N}
   * @param precision {@code fp32 | bf16 | auto}
   * @throws org.ulmfit.UlmfitException (usage) if there is no such device
   */
  public static Backend open(String device, String precision) {
    Device where = Torch.device(device);
    return open(where, Precision.of(precision, where));
  }

  public Device device() {
    return device;
  }

  public Precision precision() {
    return precision;
  }

  /** The owner of arrays that last until {@link #close}. */
  public NDManager manager() {
    return manager;
  }

  public Kernels kernels() {
    return kernels;
  }

  /** Frees the kernels and every array that {@link #manager} still owns. */
  @Override
  public void close() {
    try {
      kernels.close();
    } finally {
      manager.close();
    }
  }
}
