package org.ulmfit.io;

import java.io.IOException;

/** A step that writes files and may fail. */
@FunctionalInterface
public interface IOConsumer<T> {
  void accept(T value) throws IOException;
}
