package org.ulmfit.vocab;

import java.nio.file.Path;

/**
 * Numericalised documents in one memory-mapped, read-only file; its size is not bounded by the
 * heap. Thread-safe.
 */
public final class TokenStore implements AutoCloseable {
  private TokenStore() {}

  /** Opens a store written by {@link Writer}. */
  public static TokenStore open(Path file) {
    throw new UnsupportedOperationException();
  }

  /** Number of documents. */
  public int size() {
    throw new UnsupportedOperationException();
  }

  /** Number of tokens of all documents. */
  public long tokens() {
    throw new UnsupportedOperationException();
  }

  /** Tokens of one document. */
  public int length(int doc) {
    throw new UnsupportedOperationException();
  }

  /** Ids of one document; a fresh array. */
  public int[] ids(int doc) {
    throw new UnsupportedOperationException();
  }

  /** Index of the document's label, -1 = none. */
  public int label(int doc) {
    throw new UnsupportedOperationException();
  }

  /** The document's id in the corpus. */
  public String id(int doc) {
    throw new UnsupportedOperationException();
  }

  /** How often each id occurs, 0 to {@code vocabSize - 1}. */
  public long[] counts(int vocabSize) {
    throw new UnsupportedOperationException();
  }

  /** One line: documents, tokens. */
  public String description() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  /** Writes a store as a stream: the file has its name only once {@link #close} has returned. */
  public static final class Writer implements AutoCloseable {
    public Writer(Path file) {
      throw new UnsupportedOperationException();
    }

    /** Adds a document; label -1 = none. */
    public void append(String id, int label, int[] ids) {
      throw new UnsupportedOperationException();
    }

    /** Finishes the file and gives it its name. */
    @Override
    public void close() {}
  }
}
