package org.ulmfit.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ulmfit.io.ModelFolder;

/** The line of a model's card that tells how large its files are. */
public final class CardFiles {
  private static final Pattern LINE = Pattern.compile("(?m)^- files: .*\n");

  private CardFiles() {}

  /** Tells of the files as they are now, if the folder has a card with such a line. */
  public static void restate(Path dir) throws IOException {
    Path card = dir.resolve(ModelFolder.CARD);
    if (Files.exists(card)) {
      String line = Matcher.quoteReplacement(CardSections.files(dir));
      Files.writeString(card, LINE.matcher(Files.readString(card)).replaceFirst(line));
    }
  }
}
