package org.ulmfit.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Shard;

/** A folder that several programs fill with a {@link TokenPart} each. */
final class TokenParts {
  private static final Pattern NAME = Pattern.compile("part-\\d{5,}");
  private static final int SHOWN = 8;

  private TokenParts() {}

  /** Folder of a part. */
  static Path folder(Path dir, Shard own) {
    return dir.resolve(Shown.format("part-%05d", own.number()));
  }

  /** Whether it holds such parts. */
  static boolean isOne(Path dir) {
    return !folders(dir).isEmpty();
  }

  private static List<Path> folders(Path dir) {
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(dir)) {
      return entries
          .filter(entry -> NAME.matcher(String.valueOf(entry.getFileName())).matches())
          .filter(TokenPart::isOne)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_DATA, dir, e);
    }
  }

  /**
   * All parts by number.
   *
   * @throws UlmfitException (bad data) if some are missing or damaged, or they do not go together
   */
  static List<TokenPart> all(Path dir) {
    List<TokenPart> parts = new ArrayList<>();
    for (Path folder : folders(dir)) {
      TokenPart part = TokenPart.read(folder);
      if (!parts.isEmpty() && !part.goesWith(parts.get(0))) {
        throw UlmfitException.badData(
            Shown.format(
                    "%s: was made of other input, with other settings or as one of another number of parts",
                    folder)
                + " than "
                + parts.get(0).dir().getFileName()
                + "; make them all with the same command but for the number of --shard");
      }
      parts.add(part);
    }
    checkWhole(dir, parts);
    return parts;
  }

  private static void checkWhole(Path dir, List<TokenPart> parts) {
    if (parts.isEmpty()) {
      throw UlmfitException.badData(
          dir + ": holds no parts of texts; make them with `ulmfit prepare TEXTS --shard K/N`");
    }
    int of = parts.get(0).listing().of();
    List<Integer> there = parts.stream().map(part -> part.listing().number()).toList();
    if (there.stream().distinct().count() < there.size()) {
      throw UlmfitException.badData(dir + ": holds a part twice, under two names; remove one");
    }
    List<Integer> missing = IntStream.range(0, of).filter(n -> !there.contains(n)).boxed().toList();
    if (!missing.isEmpty()) {
      throw UlmfitException.badData(
          Shown.format(
              "%s: %d of %d parts are missing, those of --shard %s%s; make them first",
              dir,
              missing.size(),
              of,
              missing.stream()
                  .limit(SHOWN)
                  .map(n -> n + "/" + of)
                  .collect(Collectors.joining(", ")),
              missing.size() > SHOWN ? " and others" : ""));
    }
  }

  /**
   * Whether a part is there, made of the same in the same way.
   *
   * @throws UlmfitException (usage) if the folder holds parts that were made otherwise
   */
  static boolean has(Path dir, Shard own, Map<String, String> settings) {
    for (Path folder : folders(dir)) {
      TokenPart.Listing listing = TokenPart.read(folder).listing();
      if (listing.of() != own.of() || !listing.origin().settings().equals(settings)) {
        throw UlmfitException.usage(
            Shown.format(
                    "%s: holds parts of other input, of other settings or of another number (%s is one of",
                    dir, folder.getFileName())
                + " "
                + listing.of()
                + "); give another --out, or remove them");
      }
    }
    return TokenPart.isOne(folder(dir, own));
  }
}
