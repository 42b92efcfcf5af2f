package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The token stores of a prepared folder as they are written, by role. */
final class StoreWriting {
  private final Path dir;
  private final Numericalization numbers;
  private final UnknownWords unknown;
  private final Consumer<String> progress;
  private final Map<String, String> files = new LinkedHashMap<>();

  StoreWriting(
      Path dir, Numericalization numbers, UnknownWords unknown, Consumer<String> progress) {
    this.dir = dir;
    this.numbers = numbers;
    this.unknown = unknown;
    this.progress = progress;
  }

  /**
   * Writes a store.
   *
   * @param labelsOf labels of each document; null: none
   */
  void add(String role, int[] rows, int @Nullable [][] labelsOf) {
    String file = role + ".tokens";
    Folders.createOf(dir.resolve(file));
    unknown.add(role, numbers.write(dir.resolve(file), rows, labelsOf));
    files.put(role, file);
  }

  /** Another role of a store that is there. */
  void addAlso(String role, String there) {
    files.put(role, Objects.requireNonNull(files.get(there)));
  }

  /** File of each store by role. */
  Map<String, String> files() {
    return files;
  }

  /** Tells of the words that are unknown. */
  CorpusSummary counted(CorpusSummary summary) {
    CorpusSummary counted = summary.with(unknown.shares(), unknown.warnings());
    progress.accept(counted.unknownWords());
    unknown.warnings().forEach(progress);
    return counted;
  }
}
