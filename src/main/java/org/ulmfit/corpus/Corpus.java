package org.ulmfit.corpus;

import java.nio.file.Path;
import org.ulmfit.UlmfitException;

/**
 * A raw corpus: a folder, an archive or files, read as a stream of documents. Rows read = rows used
 * + rows rejected, always; {@link #counts()} tells after {@link #forEach}.
 */
public final class Corpus {

  /** Receives the documents in the order of the input. */
  @FunctionalInterface
  public interface Sink {
    void accept(Split split, Document document);
  }

  /**
   * Rows of one reading.
   *
   * @param rows rows or files seen
   * @param used handed to the sink
   * @param rejected not usable, skipped on request
   */
  public record Counts(long rows, long used, long rejected) {}

  private Corpus() {}

  /**
   * Looks at the input; reads nothing yet but the first bytes.
   *
   * @param path folder, archive, file, or {@code -} for standard input
   * @throws UlmfitException (bad data) if it is missing or of no known format
   */
  public static Corpus open(Path path, CorpusOptions options) {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads the corpus once, in bounded memory. Files of a folder come sorted by code point within
   * their class; those of an archive in its order.
   *
   * @throws UlmfitException (bad data) naming file and row or byte for anything malformed
   */
  public void forEach(Sink sink) {
    throw new UnsupportedOperationException();
  }

  /** Counts of the last reading. */
  public Counts counts() {
    throw new UnsupportedOperationException();
  }
}
