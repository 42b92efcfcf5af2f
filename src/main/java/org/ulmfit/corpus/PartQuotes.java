package org.ulmfit.corpus;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Dialect.Quotes;

/**
 * How the parts of a table are quoted: by one writer, but the start of a part need not show it.
 * Each part goes by what it shows itself, one that shows nothing by the others.
 */
public final class PartQuotes {
  private final @Nullable Quotes shown; // null: no part shows any
  private final Set<String> quoted; // names of the parts that do

  private PartQuotes(@Nullable Quotes shown, Set<String> quoted) {
    this.shown = shown;
    this.quoted = quoted;
  }

  /** Looks at the start of each part. */
  public static PartQuotes of(List<Path> parts, CorpusOptions options) {
    EnumSet<Quotes> all = EnumSet.noneOf(Quotes.class);
    Set<String> quoted = new HashSet<>();
    for (Path part : parts) {
      Quotes own = quotes(Source.of(part), options);
      if (own != null) {
        all.add(own);
        quoted.add(Source.of(part).name());
      }
    }
    return new PartQuotes(all.isEmpty() ? null : Collections.max(all), quoted);
  }

  /** Null: its start shows none, or it is no table. */
  private static @Nullable Quotes quotes(Source part, CorpusOptions options) {
    if (part.isEmpty()) {
      return null;
    }
    byte[] bytes = part.head(0);
    try {
      String head =
          StrictReader.decodeHead(
              bytes, Encoding.of(part.name(), bytes, options.charset()), part.name());
      String start = head.stripLeading();
      if (head.indexOf('"') < 0 || start.startsWith("{") || start.startsWith("[")) {
        return null;
      }
      return new DialectFinder(head, bytes.length < Source.SNIFF)
          .find(part.name(), options.separator(), options.quote(), false)
          .dialect()
          .quotes();
    } catch (UlmfitException e) {
      return null; // said by whoever reads it
    }
  }

  /** A part's layout with the quotes of all, unless what it shows itself speaks against them. */
  Layout of(Layout part) {
    Dialect own = part.dialect();
    if (own == null || shown == null) {
      return part;
    }
    // with backslashes quotes may be doubled, too
    boolean follows =
        !quoted.contains(part.name())
            || own.quotes() == Quotes.DOUBLED && shown == Quotes.BACKSLASH;
    return follows
        ? part.ofPart(
            part.name(), new Dialect(own.separator(), shown, own.carriageReturns(), own.named()))
        : part;
  }
}
