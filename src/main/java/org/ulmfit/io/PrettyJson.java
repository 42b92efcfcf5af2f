package org.ulmfit.io;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

/** JSON for files that people read, too: the same bytes on every system. */
public final class PrettyJson {
  private PrettyJson() {}

  /** One that indents by two blanks and ends lines by a line feed. */
  public static ObjectMapper mapper() {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    return new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .setDefaultPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(lines));
  }
}
