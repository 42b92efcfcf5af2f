package org.ulmfit.nn;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.Field;
import java.util.Map;

/** Counts arrays that nobody has closed. */
public final class LiveArrays {

  private LiveArrays() {}

  /** Open arrays of a manager and all managers below it. */
  public static long under(NDManager manager) {
    long count = 0;
    for (Object resource : resources(manager).values()) {
      if (resource instanceof NDManager child) {
        count += under(child);
      } else if (resource instanceof NDArray) {
        count++;
      }
    }
    return count;
  }

  /** Open arrays of the whole engine. */
  public static long all() {
    return under(root());
  }

  /** Open managers that nobody owns. */
  public static int managers() {
    return resources(root()).size();
  }

  private static NDManager root() {
    NDManager manager = Torch.engine().newBaseManager();
    NDManager root = manager.getParentManager();
    manager.close();
    return root;
  }

  private static Map<?, ?> resources(NDManager manager) {
    try {
      Field field = BaseNDManager.class.getDeclaredField("resources");
      field.setAccessible(true);
      return (Map<?, ?>) field.get(manager);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
