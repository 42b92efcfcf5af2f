package org.ulmfit.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.ulmfit.UlmfitException;

/** A table that ships in this package; {@code #} starts a comment line. */
final class TextResource {
  private TextResource() {}

  /** The lines that are neither empty nor a comment. */
  static List<String> lines(String name) {
    try (InputStream in = TextResource.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("not on the class path");
      }
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      return reader.lines().filter(l -> !l.isEmpty() && !l.startsWith("#")).toList();
    } catch (IOException e) {
      throw UlmfitException.failure("cannot read the built-in table " + name, e);
    }
  }
}
