package org.ulmfit.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;

/**
 * The reviews that ship with ulmfit, written for it: 250 labelled ones to train on, 150 to test on,
 * 200 without label. As files they are what a user's own corpus may look like.
 */
final class SampleReviews {
  /** Training reviews and, without a label, the others. */
  static final String TRAIN = "reviews.jsonl";

  static final String TEST = "test.jsonl";

  private SampleReviews() {}

  /** The JSON lines of {@code train}, {@code test} or {@code unsup}. */
  static String lines(String part) {
    String resource = "/org/ulmfit/sample/" + part + ".jsonl";
    try (InputStream in = SampleReviews.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw UlmfitException.cannotRead(resource, e);
    }
  }

  static void copy(Path dir) {
    AtomicFiles.writeString(dir.resolve(TRAIN), training());
    AtomicFiles.writeString(dir.resolve(TEST), lines("test"));
  }

  private static String training() {
    return lines("train") + lines("unsup");
  }

  /** Whether a file is one that {@link #copy} wrote. */
  static boolean isCopy(Path file) {
    String name = String.valueOf(file.getFileName());
    String ours = name.equals(TRAIN) ? training() : name.equals(TEST) ? lines("test") : null;
    try {
      return ours != null
          && Files.isRegularFile(file)
          && Arrays.equals(Files.readAllBytes(file), ours.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw UlmfitException.cannotRead(file, e);
    }
  }
}
