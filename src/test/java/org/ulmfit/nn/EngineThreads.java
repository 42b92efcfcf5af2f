package org.ulmfit.nn;

import ai.djl.pytorch.jni.JniUtils;

/** Sets the threads of one operator. */
public final class EngineThreads {

  private EngineThreads() {}

  public static void set(int n) {
    Torch.engine();
    JniUtils.setNumThreads(n);
  }
}
