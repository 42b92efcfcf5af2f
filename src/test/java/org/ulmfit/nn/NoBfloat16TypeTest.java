package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * DJL aborts the JVM when a bfloat16 data type crosses its JNI border: only kernels may know it.
 */
class NoBfloat16TypeTest {

  private static final Pattern TYPE =
      Pattern.compile("DataType\\s*\\.\\s*BFLOAT16|DataType\\.valueOf|\\basDataType\\b");

  @Test
  void noSourceNamesTheDataType() throws IOException {
    List<Path> sources;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      sources = files.filter(f -> f.toString().endsWith(".java")).toList();
    }
    assertTrue(sources.size() > 50, "looked in the wrong place: " + sources.size());
    List<Path> offenders = sources.stream().filter(f -> TYPE.matcher(read(f)).find()).toList();
    assertEquals(List.of(), offenders);
    assertTrue(TYPE.matcher("x.toType(DataType.BFLOAT16, true)").find());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
