package org.ulmfit.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;

/** The lines with which a file is refused. */
final class Refusals {

  private static final int MAX_QUOTED = 100;
  private static final int LISTED = 8;

  static UlmfitException at(Path file, long at, String problem) {
    return UlmfitException.badModel(file + ", byte " + at + ": " + problem);
  }

  static UlmfitException of(Path file, String problem) {
    return UlmfitException.badModel(file + ": " + problem);
  }

  static UlmfitException unreadable(Path file, IOException e) {
    return UlmfitException.cannotRead(UlmfitException.Kind.BAD_MODEL, file, e);
  }

  /** Text out of a file, fit for a line: cut, and without control characters. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder();
    int end = Math.min(text.length(), MAX_QUOTED);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
        out.append(Shown.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return text.length() > end ? out.append("...").toString() : out.toString();
  }

  /** The first few of many, and how many more there are. */
  static String some(Collection<String> names) {
    String list = String.join(", ", names.stream().limit(LISTED).toList());
    return names.size() > LISTED ? list + " and " + (names.size() - LISTED) + " more" : list;
  }

  private Refusals() {}
}
