package org.ulmfit.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folder ulmfit was installed in, if the launcher told: {@code pretrained/}. */
final class Installation {
  private static final String FORWARD = "wiki-small";
  private static final String BACKWARD = "wiki-small-backward";

  private Installation() {}

  /** The launcher's {@code ulmfit.home}. */
  static Optional<Path> home() {
    return Optional.ofNullable(System.getProperty("ulmfit.home"))
        .map(Path::of)
        .map(Path::normalize);
  }

  /** The language model that comes with the installation. */
  static Optional<Path> pretrained() {
    return pretrained(false);
  }

  /** The language model that comes with it and reads in this direction. */
  static Optional<Path> pretrained(boolean backwards) {
    return pretrained(backwards ? BACKWARD : FORWARD);
  }

  /** A model folder in {@code pretrained/}. */
  private static Optional<Path> pretrained(String name) {
    return home()
        .map(h -> h.resolve("pretrained").resolve(name))
        .filter(dir -> Files.exists(dir.resolve("config.json")));
  }

  /** A folder as it was given, or the installation's model of that name. */
  static Path model(Path given) {
    boolean name = given.getNameCount() == 1 && !given.isAbsolute() && !Files.exists(given);
    return name ? pretrained(given.toString()).orElse(given) : given;
  }
}
