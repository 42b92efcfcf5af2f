package org.ulmfit.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Links to folders of texts, which {@link Files#walk} does not follow. */
public final class Links {
  private Links() {}

  /** A folder, or the one that a link of this name leads to. */
  public static Path followed(Path folder) throws IOException {
    return Files.isSymbolicLink(folder) ? folder.toRealPath() : folder;
  }
}
