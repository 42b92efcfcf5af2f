package org.ulmfit.nn;

import java.util.List;

/** Parameters that are frozen together and share a learning rate. */
public record LayerGroup(String name, List<Parameter> parameters) {

  /** Number of scalars. */
  public long size() {
    return parameters.stream().mapToLong(p -> p.value().size()).sum();
  }
}
