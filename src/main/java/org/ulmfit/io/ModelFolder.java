package org.ulmfit.io;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/** A model folder: complete or refused. */
public final class ModelFolder {
  /** The format this version writes. */
  public static final int FORMAT_VERSION = 1;

  public static void write(Path target, boolean overwrite, IOConsumer<Path> fill) {
    throw new UnsupportedOperationException();
  }

  public static ModelFolder open(Path dirOrRun, String kind) {
    throw new UnsupportedOperationException();
  }

  /** Opens a model of any kind. */
  public static ModelFolder open(Path dirOrRun) {
    throw new UnsupportedOperationException();
  }

  public Path path() {
    throw new UnsupportedOperationException();
  }

  public String kind() {
    throw new UnsupportedOperationException();
  }

  public Path file(String name) {
    throw new UnsupportedOperationException();
  }

  public boolean has(String name) {
    throw new UnsupportedOperationException();
  }

  public JsonNode config() {
    throw new UnsupportedOperationException();
  }
}
