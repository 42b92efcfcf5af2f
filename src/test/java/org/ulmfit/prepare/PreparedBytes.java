package org.ulmfit.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is prepared for a language model, byte by byte. */
public final class PreparedBytes {
  /** Vocabulary and token stores. */
  public static final List<String> FILES =
      List.of("vocab.txt", "lm/train.tokens", "lm/valid.tokens");

  private PreparedBytes() {}

  /** The same vocabulary and stores in both folders. */
  public static void assertSame(Path expected, Path actual) throws IOException {
    for (String file : FILES) {
      assertArrayEquals(
          Files.readAllBytes(expected.resolve(file)),
          Files.readAllBytes(actual.resolve(file)),
          file);
    }
  }
}
