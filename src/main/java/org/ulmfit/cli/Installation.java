package org.ulmfit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder ulmfit was installed in, if the launcher told: {@code pretrained/}. */
final class Installation {
  private Installation() {}

  /** The launcher's {@code ulmfit.home}. */
  static Optional<Path> home() {
    return Optional.ofNullable(System.getProperty("ulmfit.home")).map(Path::of);
  }

  /** The pretrained model that comes with the installation: the first by name. */
  static Optional<Path> pretrained() {
    Path dir = home().map(h -> h.resolve("pretrained")).orElse(null);
    if (dir == null || !Files.isDirectory(dir)) {
      return Optional.empty();
    }
    try (Stream<Path> entries = Files.list(dir)) {
      List<Path> models =
          entries.filter(p -> Files.exists(p.resolve("config.json"))).sorted().toList();
      return models.stream().findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
